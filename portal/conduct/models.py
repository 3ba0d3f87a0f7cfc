"""A report, whom it keeps out, what the team noted about it, and who looked at it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.conduct.team import is_reader
from portal.members.models import User

TEXT_LIMIT, LINE_LIMIT = 5_000, 300


class ReportQuerySet(models.QuerySet["Report"]):
    """Sets of reports."""

    def visible_to(self, user: User) -> "ReportQuerySet":
        """What this reader may know of: nothing outside the team, and nobody sees a report they are part of."""
        if not is_reader(user):
            return self.none()
        # Both by key: an exclude() through a nullable join is easy to get wrong.
        named = NamedPerson.objects.filter(member__user=user).values("report")
        own = Report.objects.filter(reporter__user=user).values("pk")
        return self.exclude(pk__in=named).exclude(pk__in=own)


class Report(models.Model):
    """What somebody told us. The subject is kept as text, so that it outlives what it points at."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        TRIAGE = "triage", _("being looked at")
        ACTION = "action", _("action taken")
        NONE = "none", _("no action")
        CLOSED = "closed", _("closed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject_type = models.CharField(max_length=40, blank=True, help_text=_("group, event, member …, or empty."))
    subject_key = models.CharField(max_length=120, blank=True)
    subject_url = models.CharField(_("page on this site"), max_length=LINE_LIMIT, blank=True)
    subject_label = models.CharField(_("who or what it is about"), max_length=LINE_LIMIT, blank=True)
    what_happened = models.TextField(_("what happened"), max_length=TEXT_LIMIT)
    when_where = models.CharField(_("when and where"), max_length=LINE_LIMIT, blank=True)
    contact = models.CharField(_("how to reach you"), max_length=LINE_LIMIT, blank=True)
    reporter = models.ForeignKey(
        "members.Member",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conduct_reports",
        help_text=_("Empty when the report was sent without a name: then nothing here leads to an account."),
    )
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_reports"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        # Nobody adds, changes or deletes a report by a form, so there is no permission for it that could be given.
        default_permissions = ("view",)
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "triage", "action", "none", "closed"]), name="report_state"
            ),
            models.CheckConstraint(condition=~Q(what_happened=""), name="report_says_something"),
        ]

    def __str__(self) -> str:
        """A name without content: it may stand in a log or a title."""
        return f"Report {str(self.public_id)[:8]}"


class NamedPerson(models.Model):
    """Somebody a report is about or who is too close to it: for them it does not exist.

    Rows of their own and no many-to-many field: merging members moves rows, and would stumble over the field.
    Where the member is gone nobody is left to be kept out, so the row goes too.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="named")
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="named_in_reports")
    named_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["report", "member"], name="named_person_once")]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.member_id}"


class ReportNote(models.Model):
    """A line in the history of a report: a note, a move, or both. A trigger in the database keeps rows as they are."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="conduct_notes"
    )
    author_name = models.CharField(max_length=254)
    from_state = models.CharField(max_length=10, choices=Report.State, blank=True)
    to_state = models.CharField(max_length=10, choices=Report.State, blank=True)
    text = models.TextField(max_length=TEXT_LIMIT, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(to_state=""), name="report_note_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.at:%Y-%m-%d %H:%M}"


class ReportView(models.Model):
    """Who opened a report, and when."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="views")
    viewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="conduct_views"
    )
    viewer_name = models.CharField(max_length=254, help_text=_("Kept when the account is gone."))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.viewer_name} · {self.at:%Y-%m-%d %H:%M}"
