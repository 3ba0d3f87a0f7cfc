"""Who takes part in a month's ranking: plain facts in, what stands in the way out. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

SANCTIONED: Final = "sanctioned"
NOBODY: Final = "nobody"
MONTHS: Final = "months"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A partner of the month. `months` are how many months back (0 is the ranked one) its people earned credit."""

    has_people: bool
    is_sanctioned: bool = False
    months: frozenset[int] = frozenset()


def barrier(candidate: Candidate, *, months_needed: int = 0) -> str:
    """What keeps a partner out, the gravest first; empty for one who takes part."""
    if candidate.is_sanctioned:
        return SANCTIONED
    if not candidate.has_people:
        return NOBODY
    if not has_streak(candidate.months, months_needed):
        return MONTHS
    return ""


def has_streak(months: Collection[int], needed: int) -> bool:
    """Whether each of the last `needed` months, the ranked one among them, is there."""
    return all(number in months for number in range(needed))
