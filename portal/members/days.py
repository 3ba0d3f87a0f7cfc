"""Half-open ranges of days, open where not known: (first day or None, day after the last or None); pure."""

from datetime import date

Days = tuple[date | None, date | None]


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
