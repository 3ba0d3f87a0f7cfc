"""A monthly slot becomes dates: counted on naive local days, the zone attached last. Pure: today is passed in."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

LAST = -1
ORDINALS = (1, 2, 3, 4, LAST)


@dataclass(frozen=True, slots=True)
class Slot:
    """Such as the first (ordinal 1) Friday (weekday 4) at 18:00 for 120 minutes in Europe/Berlin."""

    ordinal: int
    weekday: int
    starts: time
    minutes: int
    zone: str

    def __post_init__(self) -> None:
        if self.ordinal not in ORDINALS:
            raise ValueError("a monthly slot is the first to fourth or the last; a fifth exists in a few months only")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date: wall time and its copies in UTC. `moved` tells that the wanted time does not exist on that day."""

    original_on: date
    starts_local: datetime
    starts_at: datetime
    ends_at: datetime
    moved: bool = False
    ambiguous: bool = False


def day_in_month(year: int, month: int, ordinal: int, weekday: int) -> date:
    """The ordinal-th weekday of a month; -1 is the last."""
    first_weekday, days = calendar.monthrange(year, month)
    first = 1 + (weekday - first_weekday) % 7
    if ordinal == LAST:
        return date(year, month, first + 7 * ((days - first) // 7))
    return date(year, month, first + 7 * (ordinal - 1))


def fits(day: date, ordinal: int, weekday: int) -> bool:
    """Whether the day is one of the slot's."""
    return day_in_month(day.year, day.month, ordinal, weekday) == day


def _months(start: date) -> Iterator[tuple[int, int]]:
    number = start.year * 12 + start.month - 1
    while number < 9999 * 12:
        yield number // 12, number % 12 + 1
        number += 1


def days(slot: Slot, *, start: date, until: date | None = None) -> Iterator[date]:
    """The slot's local dates from `start` on, without end unless `until` is given (which is included)."""
    for year, month in _months(start):
        day = day_in_month(year, month, slot.ordinal, slot.weekday)
        if until is not None and day > until:
            return
        if day >= start:
            yield day


def attach(wall: datetime, zone: str) -> tuple[datetime, bool, bool]:
    """(the moment in its zone, moved, ambiguous): a time in a gap moves to the first that exists; of two, the first."""
    tz = ZoneInfo(zone)
    early, late = wall.replace(tzinfo=tz, fold=0), wall.replace(tzinfo=tz, fold=1)
    if early.utcoffset() == late.utcoffset():
        return early, False, False
    back = early.astimezone(UTC).astimezone(tz).replace(tzinfo=None)
    if back == wall:
        return early, False, True
    return _after_gap(wall, tz), True, False


def _after_gap(wall: datetime, tz: ZoneInfo) -> datetime:
    """The first minute that exists after a wall time that does not."""
    for minute in range(1, 24 * 60 + 1):
        candidate = wall + timedelta(minutes=minute)
        aware = candidate.replace(tzinfo=tz)
        if aware.astimezone(UTC).astimezone(tz).replace(tzinfo=None) == candidate:
            return aware
    raise ValueError(f"no time exists within a day after {wall} in {tz.key}")


def occurrence(slot: Slot, day: date) -> Occurrence:
    """The slot on one of its days."""
    aware, moved, ambiguous = attach(datetime.combine(day, slot.starts), slot.zone)
    starts_at = aware.astimezone(UTC)
    return Occurrence(
        original_on=day,
        starts_local=aware.replace(tzinfo=None, fold=0),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=slot.minutes),
        moved=moved,
        ambiguous=ambiguous,
    )


def expand(slot: Slot, *, start: date, count: int, until: date | None = None) -> list[Occurrence]:
    """The next `count` occurrences from the local date `start` on."""
    return [occurrence(slot, day) for day in islice(days(slot, start=start, until=until), count)]
