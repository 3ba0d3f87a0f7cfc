"""The thresholds of levels, versioned, and the level of each member and organisation: rebuilt with the summaries."""

from dataclasses import fields

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashboard import levels


class Level(models.IntegerChoices):
    """`dashboard.levels.Level` for people."""

    QUIET = levels.Level.QUIET, _("Quiet")
    VISITOR = levels.Level.VISITOR, _("Visitor")
    PARTICIPANT = levels.Level.PARTICIPANT, _("Participant")
    CONTRIBUTOR = levels.Level.CONTRIBUTOR, _("Contributor")
    CORE = levels.Level.CORE, _("Core")


class OrganisationLevel(models.IntegerChoices):
    """`dashboard.levels.OrganisationLevel` for people."""

    QUIET = levels.OrganisationLevel.QUIET, _("Quiet")
    PARTICIPATING = levels.OrganisationLevel.PARTICIPATING, _("Participating")
    CONTRIBUTING = levels.OrganisationLevel.CONTRIBUTING, _("Contributing")
    CORE = levels.OrganisationLevel.CORE, _("Core")


class LevelRule(models.Model):
    """The thresholds of levels, in force from a day until the next version's day."""

    class Measure(models.TextChoices):
        CREDIT = levels.CREDIT, _("credit earned")
        WORKS = levels.WORKS, _("changes and accepted answers, one each")

    name = models.CharField(_("name"), max_length=80)
    preset = models.CharField(_("preset"), max_length=20, blank=True)
    from_on = models.DateField(_("in force from"), unique=True)
    days = models.PositiveSmallIntegerField(
        _("days looked at"), default=90, validators=[MinValueValidator(28), MaxValueValidator(365)]
    )
    measure = models.CharField(_("what points are"), max_length=10, choices=Measure, default=Measure.CREDIT)
    is_chat_once = models.BooleanField(_("chat counts at most once per channel and day"), default=True)
    core_points = models.PositiveSmallIntegerField(_("core: points"), default=20, validators=[MinValueValidator(1)])
    core_weeks = models.PositiveSmallIntegerField(_("core: active weeks"), default=6)
    contributor_points = models.PositiveSmallIntegerField(
        _("contributor: points"), default=1, validators=[MinValueValidator(1)]
    )
    participant_days = models.PositiveSmallIntegerField(
        _("participant: active days"), default=3, help_text=_("0: active days are no way to this level.")
    )
    participant_contributions = models.PositiveSmallIntegerField(
        _("participant: contributions"), default=10, validators=[MinValueValidator(1)]
    )
    organisation_people = models.PositiveSmallIntegerField(
        _("core organisation: people with credit"), default=3, validators=[MinValueValidator(1)]
    )
    organisation_months = models.PositiveSmallIntegerField(
        _("core organisation: months with credit"),
        default=3,
        validators=[MaxValueValidator(12)],
        help_text=_("Each of the last so many months of 30 days."),
    )
    trend_factor = models.PositiveSmallIntegerField(
        _("rising, fading: times as many"), default=2, validators=[MinValueValidator(1)]
    )
    trend_least = models.PositiveSmallIntegerField(
        _("rising, fading: contributions more or less"), default=5, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(days__range=(28, 365)), name="levelrule_days"),
            models.CheckConstraint(
                condition=Q(core_points__gte=models.F("contributor_points")) & Q(contributor_points__gte=1),
                name="levelrule_points_order",
                violation_error_message=_("Core asks for at least as many points as contributor, and both for one."),
            ),
            models.CheckConstraint(
                condition=Q(
                    participant_contributions__gte=1,
                    organisation_people__gte=1,
                    trend_factor__gte=1,
                    trend_least__gte=1,
                ),
                name="levelrule_at_least_one",
            ),
            models.CheckConstraint(
                condition=Q(days__gte=models.F("organisation_months") * levels.MONTH_DAYS),
                name="levelrule_months",
                violation_error_message=_("The days looked at hold fewer months of 30 days than that."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.from_on:%Y-%m-%d})"

    @property
    def rule(self) -> levels.Rule:
        """As plain values, for the pure rules."""
        return levels.Rule(**{field.name: getattr(self, field.name) for field in fields(levels.Rule)})


class MemberLevel(models.Model):
    """The level of one member who ever contributed, over the rule's days up to the last day, with what it rests on.

    `best`: of a quiet member, the best level of an earlier window of as many days, counted back without a gap.
    """

    follows_merges = False  # rebuilt from the identities after a merge, not moved with them

    member = models.OneToOneField(
        "members.Member", primary_key=True, on_delete=models.CASCADE, related_name="level_now"
    )
    level = models.PositiveSmallIntegerField(choices=Level)
    before = models.PositiveSmallIntegerField(choices=Level, null=True)  # as many days ago; null: not here yet
    best = models.PositiveSmallIntegerField(choices=Level, null=True)
    points = models.PositiveIntegerField()
    weeks = models.PositiveSmallIntegerField()
    active_days = models.PositiveSmallIntegerField()
    counted = models.PositiveIntegerField()
    counted_before = models.PositiveIntegerField()
    is_new = models.BooleanField()
    is_returning = models.BooleanField()
    is_rising = models.BooleanField()
    is_fading = models.BooleanField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["level", "-last_at"], name="memberlevel_level"),
            models.Index(fields=["-last_at"], name="memberlevel_fading", condition=Q(is_fading=True)),
        ]

    @property
    def facts(self) -> levels.Facts:
        """As plain values, for the pure rules."""
        return levels.Facts(self.points, self.weeks, self.active_days, self.counted)


class OrganisationStanding(models.Model):
    """The level of an organisation that somebody confirmed to belong to, over the rule's days, and what it rests on."""

    organisation = models.OneToOneField(
        "members.Organisation", primary_key=True, on_delete=models.CASCADE, related_name="standing"
    )
    level = models.PositiveSmallIntegerField(choices=OrganisationLevel)
    before = models.PositiveSmallIntegerField(choices=OrganisationLevel)
    people = models.PositiveIntegerField()
    contributors = models.PositiveIntegerField()
    months = models.PositiveSmallIntegerField()
    credit = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["-level", "-credit"], name="organisationstanding_level")]

    @property
    def facts(self) -> levels.OrganisationFacts:
        """As plain values, for the pure rules."""
        return levels.OrganisationFacts(self.people, self.contributors, self.months, self.credit)
