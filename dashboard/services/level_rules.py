"""The thresholds in force, and putting a shipped preset of them into force."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from dashboard.levels import DEFAULT, PRESETS, Rule
from dashboard.models import LevelRule
from dashboard.services.staleness import mark_stale


def rule_on(day: date) -> Rule:
    """The thresholds in force on a day; the shipped ones where there is no version yet."""
    version = version_on(day)
    return version.rule if version else DEFAULT.rule


def version_on(day: date) -> LevelRule | None:
    """The version in force on a day, as pages show it next to a level."""
    return LevelRule.objects.filter(from_on__lte=day).order_by("-from_on").first()


@transaction.atomic
def install_levels(*, preset: str, from_on: date, name: str = "") -> LevelRule:
    """Make a version of a shipped preset, in force from a day (replacing one of that day); KeyError for no preset."""
    shipped = PRESETS[preset]
    LevelRule.objects.filter(from_on=from_on).delete()
    version = LevelRule.objects.create(
        name=name or shipped.name, preset=shipped.key, from_on=from_on, **asdict(shipped.rule)
    )
    mark_stale(timezone.now())
    return version
