"""Who speaks for a partner, whom they invited, and what they asked to change about name, logo and links."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.partners import Partner

INVITATION_LASTS = timedelta(days=30)


class PartnerContactQuerySet(models.QuerySet["PartnerContact"]):
    """Sets of contacts."""

    def current(self) -> "PartnerContactQuerySet":
        return self.filter(ended_at=None)


class PartnerContact(models.Model):
    """Somebody who may edit the partner's profile and answer for it. Kept by the team and by other contacts."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="contacts")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="partner_contacts")
    since = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PartnerContactQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "member"], condition=Q(ended_at=None), name="partnercontact_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.partner}"


class PartnerInvitation(models.Model):
    """A letter to somebody: to say that they work there, or to be a contact too. The token is kept as a hash."""

    class Kind(models.TextChoices):
        PERSON = "person", _("to say that they work with us")
        CONTACT = "contact", _("to look after this profile with us")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    kind = models.CharField(_("what for"), max_length=10, choices=Kind)
    address = models.EmailField(_("address"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        "members.Member", null=True, on_delete=models.SET_NULL, related_name="partner_invitations"
    )
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-invited_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.partner} · {self.get_kind_display()}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.invited_at > timezone.now() - INVITATION_LASTS


class ProfileChange(models.Model):
    """A new name, address or logo as a contact asked for it; the team says yes or no."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("replaced by a newer one")

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="changes")
    name = models.CharField(_("name"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    logo = models.BinaryField(null=True, blank=True, editable=False)
    logo_alt = models.CharField(_("what the logo shows"), max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, editable=False)
    asked_by = models.ForeignKey(
        "members.Member", null=True, on_delete=models.SET_NULL, related_name="partner_changes", editable=False
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="partner_changes_decided",
        editable=False,
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.CharField(_("answer"), max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partner"], condition=Q(state="waiting"), name="profilechange_one_waiting"),
            models.CheckConstraint(
                condition=~Q(name="") | ~Q(website="") | Q(logo__isnull=False), name="profilechange_changes_something"
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(answer=""), name="profilechange_no_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.partner} · {self.get_state_display()}"
