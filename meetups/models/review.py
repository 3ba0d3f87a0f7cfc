"""What a review of an application rests on: revisions, machine checks, verdicts, the host's word, the conversation."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetups.models.applications import Application
from meetups.rooms import plain_name
from portal.jobs.models import Leased


class Criterion(models.TextChoices):
    """The six criteria in the order of the handbook; the same keys as in `meetups.criteria`."""

    INTEREST = "interest", _("interest")
    PLACE = "place", _("place")
    ORGANISERS = "organisers", _("organisers")
    ROOM = "room", _("room")
    LAUNCH = "launch", _("launch")
    RHYTHM = "rhythm", _("rhythm")


class ApplicationRevision(models.Model):
    """The answers as they stood when they were sent in, frozen. `answers` is field -> plain JSON value."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    answers = models.JSONField(default=dict)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["application", "number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="application_revision_once")]

    def __str__(self) -> str:
        return f"{self.application} · {self.number}"


class CriterionCheck(Leased):
    """One look of the machine at one criterion. Rows stay: the newest of a criterion counts, the others are history."""

    class Outcome(models.TextChoices):
        PASS = "pass", _("pass")
        WARN = "warn", _("look closer")
        FAIL = "fail", _("fail")
        UNKNOWN = "unknown", _("not known")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="checks")
    criterion = models.CharField(max_length=12, choices=Criterion)
    revision = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    explanation = models.TextField(blank=True, help_text=_("One or more sentences for people."))
    evidence = models.JSONField(default=dict, blank=True, help_text=_("The plain values the outcome rests on."))
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["application", "criterion", "-id"], name="check_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion"], condition=Q(state="waiting"), name="check_waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(checked_at__isnull=False), name="check_outcome_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.criterion} · {self.outcome or self.state}"


class CriterionVerdict(models.Model):
    """What a person of the team holds of one criterion. Rows stay: the newest of a criterion counts."""

    class Verdict(models.TextChoices):
        MET = "met", _("met")
        NOT_MET = "not_met", _("not met")
        WAIVED = "waived", _("waived")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="verdicts")
    criterion = models.CharField(max_length=12, choices=Criterion)
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=1000, blank=True)
    revision = models.PositiveIntegerField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["application", "criterion", "-id"], name="verdict_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="waived") | ~Q(reason=""), name="verdict_waived_reason")
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.criterion} · {self.verdict}"


class ApplicationComment(models.Model):
    """A line of the conversation about an application: public ones its organisers read too. Rows are only added."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField(_("text"), max_length=5000)
    is_public = models.BooleanField(_("the organisers may read it"), default=False)
    is_from_team = models.BooleanField(default=False, editable=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(is_public=True) | Q(is_from_team=True), name="comment_private_is_team"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.at:%Y-%m-%d %H:%M}"


class VenueConfirmation(models.Model):
    """The host of a room was asked by mail whether the group may meet there. It speaks for the room as named then."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="venue_confirmations")
    token = models.CharField(max_length=64, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    contact_name = models.CharField(max_length=120, blank=True)
    venue_name = models.CharField(max_length=160)
    venue_address = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None), name="venue_confirmed_or_declined"
            )
        ]

    def __str__(self) -> str:
        return f"{self.venue_name} · {self.email}"

    def is_about(self, application: Application) -> bool:
        """Whether the application still names the room this is about; a new name or address is another room."""
        asked = (plain_name(self.venue_name), plain_name(self.venue_address))
        return asked == (plain_name(application.venue_name), plain_name(application.venue_address))

    @property
    def is_answered(self) -> bool:
        return self.confirmed_at is not None or self.declined_at is not None

    @property
    def answered_at(self) -> datetime | None:
        return self.confirmed_at or self.declined_at

    @property
    def host(self) -> str:
        """What the host is called: their name, or their address where no name was given."""
        return self.contact_name or self.email
