"""Summaries that every unfiltered page reads; rebuilt set-wise in SQL from raw contributions, never edited."""

from django.db import models
from django.utils import timezone

from dashboard.models.contributions import Contribution
from dashboard.models.levels import Level, OrganisationLevel
from dashboard.models.sources import Channel


class DayCount(models.Model):
    """Contributions of a UTC day, by channel and kind."""

    day = models.DateField()
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="day_counts")
    kind = models.CharField(max_length=20)
    n = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "channel", "kind"], name="daycount_unique")]


class MemberWindow(models.Model):
    """What one member did in the last 30, 90 or 365 days."""

    follows_merges = False  # rebuilt from the identities after a merge, not moved with them

    days = models.PositiveSmallIntegerField()
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="windows")
    n = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(default=0)  # chat at most once per channel and day
    recognition = models.PositiveIntegerField()
    credit = models.PositiveIntegerField()
    active_days = models.PositiveSmallIntegerField()
    channels = models.PositiveSmallIntegerField()
    answers = models.PositiveIntegerField(default=0)  # to others
    accepted = models.PositiveIntegerField(default=0)  # of these
    weeks = models.JSONField(default=list)  # contributions of each of the window's last 13 weeks, oldest first
    first_at = models.DateTimeField()  # first contribution ever
    last_at = models.DateTimeField()
    is_new = models.BooleanField()
    is_returning = models.BooleanField(default=False)  # here before the window, and back in it after 90 days away
    is_rising = models.BooleanField(default=False)
    is_fading = models.BooleanField(default=False)
    level = models.PositiveSmallIntegerField(choices=Level, default=Level.QUIET)  # over the rule's days
    level_before = models.PositiveSmallIntegerField(choices=Level, null=True)  # before the window; null: not here
    first = models.ForeignKey(Contribution, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    organisation = models.ForeignKey(
        "members.Organisation", null=True, on_delete=models.CASCADE, related_name="member_windows"
    )  # confirmed on the window's last day

    class Meta:
        constraints = [models.UniqueConstraint(fields=["days", "member"], name="memberwindow_unique")]
        indexes = [
            models.Index(fields=["days", "-credit", "-recognition", "member"], name="memberwindow_credit"),
            models.Index(fields=["days", "-n", "member"], name="memberwindow_n"),
            models.Index(fields=["days", "level", "-credit", "-recognition", "member"], name="memberwindow_level"),
            models.Index(
                fields=["days", "-answers", "-recognition", "member"],
                name="memberwindow_answers",
                condition=models.Q(answers__gt=0),
            ),
            models.Index(fields=["days", "-first_at"], name="memberwindow_new", condition=models.Q(is_new=True)),
        ]


class OrganisationWindow(models.Model):
    """What an organisation's people did in the window while they belonged to it."""

    days = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey("members.Organisation", on_delete=models.CASCADE, related_name="windows")
    n = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(default=0)  # chat at most once per person, channel and day
    recognition = models.PositiveIntegerField()
    credit = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    contributors = models.PositiveIntegerField(default=0)  # people with credit
    active_days = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(choices=OrganisationLevel, default=OrganisationLevel.QUIET)
    level_before = models.PositiveSmallIntegerField(choices=OrganisationLevel, default=OrganisationLevel.QUIET)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["days", "organisation"], name="organisationwindow_unique")]
        indexes = [models.Index(fields=["days", "-credit", "-n"], name="organisationwindow_credit")]


class MonthCredit(models.Model):
    """Credit of a calendar month (UTC, by `credited_at`), by member, organisation on the day, kind and points each.

    `credit` is always `n` times `credit_each`: what a cap or a first-only rule leaves out stands in a row with 0 each.
    """

    follows_merges = False  # rebuilt from the identities after a merge, not moved with them

    month = models.DateField()  # its first day
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="month_credits")
    organisation = models.ForeignKey(
        "members.Organisation", null=True, on_delete=models.CASCADE, related_name="month_credits"
    )
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, blank=True)
    credit_each = models.PositiveSmallIntegerField(default=0)
    n = models.PositiveIntegerField()
    recognition = models.PositiveIntegerField()
    credit = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "member", "organisation", "kind", "state", "credit_each"],
                name="monthcredit_unique",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["month", "organisation"], name="monthcredit_organisation")]


class CreditedWork(models.Model):
    """One contribution that earned credit, an organisation's or a volunteer's: the lines behind `MonthCredit`."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="credited_work"
    )
    month = models.DateField()
    organisation = models.ForeignKey(
        "members.Organisation", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=20, blank=True)
    credit = models.PositiveSmallIntegerField()
    credited_on = models.DateField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "month", "-credited_on"], name="creditedwork_organisation"),
            models.Index(fields=["credited_on"], name="creditedwork_credited"),
        ]


class WindowTotals(models.Model):
    """One row per window: totals, the same of the window before, and what needs the whole window at once."""

    days = models.PositiveSmallIntegerField(primary_key=True)
    until_on = models.DateField()  # last UTC day inside
    totals = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    built_at = models.DateTimeField(default=timezone.now)


class OpenQuestion(models.Model):
    """A question of the last year that no other person has answered yet."""

    contribution = models.OneToOneField(
        Contribution, primary_key=True, on_delete=models.CASCADE, related_name="open_question"
    )
    asked_at = models.DateTimeField(db_index=True)


class SummaryState(models.Model):
    """One row: whether contributions changed since the summaries were built, and whether they are being built."""

    stale_since = models.DateTimeField(null=True)
    rebuilding_since = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)  # when the last whole rebuild began
    seconds = models.FloatField(default=0)  # how long it took
    members_at = models.DateTimeField(null=True)  # changes of members up to then stand in their own rows already
    version = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="summarystate_one_row")]


class PageChange(models.Model):
    """Something that pages show changed after the summaries were built; written by triggers, one row a statement."""

    changed_at = models.DateTimeField(default=timezone.now)
