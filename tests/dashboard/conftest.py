"""What tests of the dashboard share."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import timezone

from dashboard.models import LevelRule, WeightVersion, WindowTotals
from dashboard.services.agreement import disagreements
from dashboard.services.level_rules import install_levels
from dashboard.services.staleness import is_stale
from dashboard.services.weighing import install_preset


@pytest.fixture
def weights(db: None) -> WeightVersion:
    """The default weights and levels, also after a test that emptied every table."""
    if not LevelRule.objects.filter(from_on=date(2000, 1, 1)).exists():
        install_levels(preset="default", from_on=date(2000, 1, 1))
    there = WeightVersion.objects.filter(from_on=date(2000, 1, 1)).first()
    return there or install_preset(preset="default", from_on=date(2000, 1, 1))


@pytest.fixture
def agreeing(db: None) -> Iterator[None]:
    """At the end of a test, the summaries say what a recount of every contribution says."""
    yield
    row = WindowTotals.objects.first()
    if row is not None and not is_stale(timezone.now()):
        assert disagreements(today=row.until_on) == []
