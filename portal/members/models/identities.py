"""Identities: accounts at the sources, what they were called before, and the keys that matching compares."""

from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.members.models.people import Member


def _key(function: str, field: str, length: int) -> models.GeneratedField:
    """A column that PostgreSQL keeps beside `field`, made by a function of the migration `identity_matching`."""
    return models.GeneratedField(
        expression=Func(F(field), function=function),
        output_field=models.CharField(max_length=length),
        db_persist=True,
    )


class Identity(models.Model):
    """An account at a source, keyed on its immutable native id; everything else is an attribute that changes.

    `email`, `employer` and `location` are for the team and for matching; no page shows them to others.
    """

    service = models.CharField(max_length=20)
    site = models.CharField(
        max_length=120, help_text=_("Host of the service or workspace: github.com, forum.example.org.")
    )
    uid = models.CharField(max_length=120)
    username = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True, default="", db_default="")
    is_email_verified = models.BooleanField(_("the source has verified the address"), default=False, db_default=False)
    employer = models.CharField(
        _("employer, as the profile says"), max_length=200, blank=True, default="", db_default=""
    )
    location = models.CharField(
        _("location, as the profile says"), max_length=200, blank=True, default="", db_default=""
    )
    language = models.CharField(_("language"), max_length=12, blank=True, default="", db_default="")
    username_key = _key("members_username_key", "username", 120)
    name_key = _key("members_name_key", "name", 200)
    email_key = _key("members_email_key", "email", 254)
    is_bot_hint = models.BooleanField(default=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="identities")
    verified_at = models.DateTimeField(null=True, blank=True, help_text=_("When the person proved that it is theirs."))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = _("identities")
        constraints = [models.UniqueConstraint(fields=["service", "site", "uid"], name="identity_unique")]
        indexes = [
            models.Index(fields=["service", "username"], name="identity_username"),
            models.Index(fields=["username_key"], name="identity_username_key", condition=~Q(username_key="")),
            models.Index(fields=["name_key"], name="identity_name_key", condition=~Q(name_key="")),
            models.Index(fields=["email_key"], name="identity_email_key", condition=~Q(email_key="")),
        ]

    def __str__(self) -> str:
        return f"{self.username or self.uid} ({self.service})"


class FormerName(models.Model):
    """What an identity was called at its source until an import saw something else."""

    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="former_names")
    username = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    until_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-until_at", "-pk"]

    def __str__(self) -> str:
        return self.username or self.name
