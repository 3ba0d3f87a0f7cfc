"""Days of people's lives, and half-open ranges of them, open where not known: (first or None, day after the last)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

Days = tuple[date | None, date | None]

#: Nobody's work counts from before; what lies before is a slip of the finger.
EARLIEST = date(1950, 1, 1)
YEARS_AHEAD = 10


def latest(today: date) -> date:
    """The last day that may be named on `today`."""
    return today.replace(year=today.year + YEARS_AHEAD, day=min(today.day, 28))


def validate_day(day: date) -> None:
    """Refuse days long before or after anybody's work."""
    last = latest(timezone.localdate())
    if not EARLIEST <= day <= last:
        words = {"first": date_format(EARLIEST), "last": date_format(last)}
        raise ValidationError(_("Choose a day between %(first)s and %(last)s.") % words)


def overlaps(one: Days, other: Days) -> bool:
    """Whether the two share a day."""
    return _before(one[0], other[1]) and _before(other[0], one[1])


def _before(start: date | None, end: date | None) -> bool:
    return start is None or end is None or start < end


def uncovered(days: Days, taken: list[Days]) -> list[Days]:
    """What is left of `days` when all `taken` ranges are cut out of it, earliest first."""
    left = [days]
    for hole in taken:
        left = [piece for days in left for piece in _cut(days, hole)]
    return left


def _cut(days: Days, hole: Days) -> list[Days]:
    if not overlaps(days, hole):
        return [days]
    pieces: list[Days] = []
    if hole[0] is not None and (days[0] is None or days[0] < hole[0]):
        pieces.append((days[0], hole[0]))
    if hole[1] is not None and (days[1] is None or hole[1] < days[1]):
        pieces.append((hole[1], days[1]))
    return pieces
