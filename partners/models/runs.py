"""The ranking rule as data, and the months it was applied to: frozen, numbered, only ever added to."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Preset(models.TextChoices):
    """What orders the partners."""

    ACTIVITY = "activity", _("activity")
    MEMBERSHIP = "membership-then-activity", _("membership, then activity")
    SAVANNAH = "savannah", _("as the dashboard before counted")


class RankingRuleQuerySet(models.QuerySet["RankingRule"]):
    """Sets of rules."""

    def drafts(self) -> "RankingRuleQuerySet":
        return self.filter(from_on=None)

    def in_force(self, month: date) -> "RankingRuleQuerySet":
        """The rules in force at the beginning of a month or before, the one that counts first."""
        return self.filter(from_on__lte=month).order_by("-from_on")


class RankingRule(models.Model):
    """How a month is ranked, in force from the first day of a month; without a day it is a draft."""

    name = models.CharField(_("name"), max_length=80)
    preset = models.CharField(_("preset"), max_length=30, choices=Preset, default=Preset.ACTIVITY)
    months_needed = models.PositiveSmallIntegerField(
        _("months in a row with credit"),
        default=0,
        help_text=_("So many months up to the ranked one must have credit; 0 asks for none."),
    )
    from_on = models.DateField(_("in force from"), null=True, blank=True, unique=True)

    objects = RankingRuleQuerySet.as_manager()

    class Meta:
        ordering = [F("from_on").desc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(condition=Q(months_needed__lte=12), name="rankingrule_months"),
            models.CheckConstraint(condition=Q(from_on=None) | Q(from_on__day=1), name="rankingrule_first_of_month"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_draft(self) -> bool:
        return self.from_on is None


class RankingRunQuerySet(models.QuerySet["RankingRun"]):
    """Sets of runs."""

    def official(self) -> "RankingRunQuerySet":
        """Those the directory shows: made by the rule in force, not with another preset to compare."""
        return self.filter(is_official=True)

    def newest(self) -> "RankingRunQuerySet":
        """Of each month and preset the last revision."""
        last = RankingRun.objects.filter(month=OuterRef("month"), preset=OuterRef("preset")).order_by("-revision")
        return self.filter(pk=Subquery(last.values("pk")[:1]))


class RankingRun(models.Model):
    """One month as it was ranked. Never changed: a correction is a new revision with its reason and the difference."""

    month = models.DateField(_("month"))  # its first day
    preset = models.CharField(_("preset"), max_length=30, choices=Preset)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    rule = models.ForeignKey(RankingRule, on_delete=models.PROTECT, related_name="runs", verbose_name=_("rule"))
    is_official = models.BooleanField(_("shown in the directory"), default=True)
    #: name, preset and months_needed of the rule, names of the weights, as they were.
    rule_text = models.JSONField(default=dict)
    #: volunteers and everyone (credit), people, absence and elephant factor of the month.
    totals = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    #: Against the revision before: [{"name", "rank": [before, after], "score": [before, after]}].
    difference = models.JSONField(default=list)
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="ranking_runs"
    )
    is_demo = models.BooleanField(default=False, editable=False)

    objects = RankingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "preset", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["month", "preset", "revision"], name="rankingrun_unique"),
            models.CheckConstraint(condition=Q(month__day=1), name="rankingrun_first_of_month"),
            models.CheckConstraint(condition=Q(revision=1) | ~Q(reason=""), name="rankingrun_revision_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} · {self.preset} · {self.revision}"


class Standing(models.Model):
    """Where a partner stood in a run and why: lines and shares add up to the score, and so does the work."""

    run = models.ForeignKey(RankingRun, on_delete=models.PROTECT, related_name="standings")
    organisation = models.ForeignKey("members.Organisation", on_delete=models.PROTECT, related_name="standings")
    name = models.CharField(max_length=120)
    tier = models.CharField(max_length=10)
    rank = models.PositiveIntegerField(_("rank"))
    score = models.PositiveIntegerField(_("credit"))
    contributors = models.PositiveIntegerField(_("people"))
    credit_90 = models.PositiveIntegerField()
    #: {part: credit}
    parts = models.JSONField(default=dict)
    #: [[kind, state, n, each]]
    lines = models.JSONField(default=list)
    #: [[member or null, credit]]
    shares = models.JSONField(default=list)
    #: [[contribution or null, member or null, kind, state, credit, "YYYY-MM-DD", sponsorship or null]], newest first
    work = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "rank", "name"]
        constraints = [
            models.UniqueConstraint(fields=["run", "organisation"], name="standing_unique"),
            models.CheckConstraint(condition=Q(rank__gte=1), name="standing_rank"),
        ]
        indexes = [models.Index(fields=["organisation", "run"], name="standing_organisation")]

    def __str__(self) -> str:
        return f"{self.rank}. {self.name}"
