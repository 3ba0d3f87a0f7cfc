"""What is said of a month, quarter or year: the frozen report, the update, where it was posted, who hears of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.jobs.models import Leased


def title_of(kind: str, start_on: date) -> str:
    """October 2026, Quarter 3 of 2026 or 2025."""
    if kind == "year":
        return str(start_on.year)
    if kind == "quarter":
        return gettext("Quarter %(number)s of %(year)s") % {"number": (start_on.month + 2) // 3, "year": start_on.year}
    return formats.date_format(start_on, "F Y")


class Report(models.Model):
    """The figures of a whole period as they stood when it was frozen; never counted again.

    People stand in `figures` by their key only: a page names them as they wish to be named on the day it is read.
    """

    class Kind(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=8, unique=True, help_text=_("2026-10, 2026-q3 or 2025."))
    start_on = models.DateField()
    until_on = models.DateField(help_text=_("The day after its last."))
    figures = models.JSONField()
    before = models.JSONField(help_text=_("Totals of the period before."))
    year_ago = models.JSONField(help_text=_("Totals of the same period a year ago."))
    frozen_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["-start_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "start_on"], name="report_once"),
            models.CheckConstraint(condition=Q(until_on__gt=F("start_on")), name="report_dates"),
        ]

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("dashboard:report", args=[self.key])

    @property
    def title(self) -> str:
        return title_of(self.kind, self.start_on)


class MonthlyUpdate(models.Model):
    """The team's words on a month: a draft made from its report, edited, then published once."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="update")
    title = models.CharField(_("title"), max_length=150)
    body = models.TextField(_("text"), max_length=15_000, help_text=_("Markdown."))
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-report__start_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None) | Q(state="published", published_at__isnull=False),
                name="monthlyupdate_published_at",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("updates:update", args=[self.report.key])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class UpdatePost(Leased):
    """One update in one Slack channel: a row of work, done once every message of it stands there."""

    update_of = models.ForeignKey(MonthlyUpdate, on_delete=models.CASCADE, related_name="posts")
    channel = models.CharField(max_length=40)
    messages = models.JSONField(default=list, help_text=_("Slack's `ts` of each message, in order."))
    asked_at = models.DateTimeField()
    posted_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["update_of", "channel"], name="updatepost_once")]

    def __str__(self) -> str:
        return f"{self.update_of} → {self.channel}"


class UpdateReader(models.Model):
    """Somebody who wants the monthly update by mail."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)


class UpdateMailing(Leased):
    """The letters of one update: a row of work that queues one for each reader."""

    update_of = models.OneToOneField(MonthlyUpdate, on_delete=models.CASCADE, related_name="mailing")
    letters = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.update_of)
