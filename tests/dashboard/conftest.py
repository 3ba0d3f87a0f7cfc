"""What tests of the dashboard share."""

from datetime import date

import pytest

from dashboard.models import LevelRule, WeightVersion
from dashboard.services.level_rules import install_levels
from dashboard.services.weighing import install_preset


@pytest.fixture
def weights(db: None) -> WeightVersion:
    """The default weights and levels, also after a test that emptied every table."""
    if not LevelRule.objects.filter(from_on=date(2000, 1, 1)).exists():
        install_levels(preset="default", from_on=date(2000, 1, 1))
    there = WeightVersion.objects.filter(from_on=date(2000, 1, 1)).first()
    return there or install_preset(preset="default", from_on=date(2000, 1, 1))
