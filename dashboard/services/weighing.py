"""Putting a preset of weights into force."""

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.utils import timezone

from dashboard.models import Weight, WeightVersion
from dashboard.services.staleness import mark_stale
from dashboard.weights import PRESETS


@transaction.atomic
def install_preset(*, preset: str, from_on: date, name: str = "") -> WeightVersion:
    """Make a version of a shipped preset, in force from a day (replacing one of that day); KeyError for no preset."""
    shipped = PRESETS[preset]
    WeightVersion.objects.filter(from_on=from_on).delete()
    version = WeightVersion.objects.create(name=name or shipped.name, preset=shipped.key, from_on=from_on)
    Weight.objects.bulk_create(Weight(version=version, **asdict(row)) for row in shipped.rows)
    mark_stale(timezone.now())
    return version
