"""Asking to become a partner, and every step of the answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.partners import Partner


class PartnerApplication(models.Model):
    """An organisation asks to be in the directory. `partners.services.applications.move` alone moves it."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("sent")
        IN_REVIEW = "in_review", _("in review")
        CHANGES = "changes_requested", _("changes asked for")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "members.Organisation", on_delete=models.PROTECT, related_name="partner_applications"
    )
    applicant = models.ForeignKey(
        "members.Member", null=True, on_delete=models.SET_NULL, related_name="partner_applications"
    )
    tier = models.CharField(_("membership tier"), max_length=10, choices=Partner.Tier)
    staff = models.TextField(_("your people here"), max_length=2000)
    about = models.TextField(_("about you"), max_length=5000)
    state = models.CharField(max_length=20, choices=State, default=State.SUBMITTED, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        permissions = [
            ("review_partnerapplication", _("Can review applications of partners")),
            ("decide_partnerapplication", _("Can approve and decline applications of partners")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=["submitted", "in_review", "changes_requested"]),
                name="partnerapplication_one_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("partners:application_detail", args=[self.public_id])


class PartnerApplicationMove(models.Model):
    """One step of an application; only ever added to. `note` is read by the applicants."""

    application = models.ForeignKey(PartnerApplication, on_delete=models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=20, blank=True)
    to_state = models.CharField(max_length=20, choices=PartnerApplication.State)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="partner_moves"
    )
    note = models.CharField(max_length=1000, blank=True)
    #: What the machine found at that moment: [{"gate", "is_met", "text"}].
    gates = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_to_state_display()}"
