"""What people suggest to list: communities that live on a site of their own."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups.models.groups import Group


class CommunitySuggestion(models.Model):
    """Somebody suggests to list a community elsewhere; the team accepts, which makes the group, or refuses."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    name = models.CharField(_("name"), max_length=120)
    platform = models.CharField(_("platform"), max_length=12, choices=Group.Platform)
    url = models.URLField(_("address"), max_length=500)
    link_key = models.CharField(max_length=500, editable=False, help_text=_("The address in one form to compare."))
    place = models.ForeignKey(
        "places.Place", null=True, blank=True, on_delete=models.PROTECT, related_name="community_suggestions"
    )
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    suggested_by = models.ForeignKey("members.Member", on_delete=models.PROTECT, related_name="community_suggestions")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField(max_length=1000, blank=True, help_text=_("Why it was refused, for who suggested it."))
    group = models.OneToOneField(
        Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestion", editable=False
    )
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["link_key"], condition=Q(state="waiting"), name="suggestion_waiting_once"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(answered_at__isnull=False), name="suggestion_answered_at"
            ),
        ]

    def __str__(self) -> str:
        return self.name
