"""For the team alone: people who do much less than before, and those who have gone quiet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dashboard.levels import Level
from dashboard.models import MemberLevel
from dashboard.services.reading import PersonName, person_name


@dataclass(frozen=True, slots=True)
class DriftingRow:
    """One person, the level they hold or held, and how much they do now and did before."""

    person: PersonName
    level: str
    now: int
    before: int
    last_at: datetime


class DriftingList(Sequence[DriftingRow]):
    """Slices are rows."""

    def __init__(self, rows: QuerySet[MemberLevel]) -> None:
        self._rows = rows

    def count(self, value: Any = None) -> int:
        return len(self)

    def __len__(self) -> int:
        return self._rows.count()

    def __getitem__(self, key: Any) -> Any:
        return [_row(one) for one in self._rows[key]]


def drifting(who: str) -> DriftingList:
    """ "fading" or "quiet", the ones last seen first; people who may not be named are left out: nobody can write."""
    rows = MemberLevel.objects.filter(is_fading=True) if who == "fading" else MemberLevel.objects.filter(level=0)
    rows = rows.filter(member__erased_at=None).exclude(member__visibility="hidden")
    if who == "quiet":
        return DriftingList(rows.select_related("member").order_by("-best", "-last_at", "member_id"))
    return DriftingList(rows.select_related("member").order_by("-level", "-last_at", "member_id"))


def _row(one: MemberLevel) -> DriftingRow:
    held = one.best if one.level == Level.QUIET and one.best is not None else one.level
    return DriftingRow(person_name(one.member), Level(held).key, one.counted, one.counted_before, one.last_at)
