"""The three partners on the home page, as rows that need no query to draw."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One of the top three: `movement` in places since the month before, None for one that is new."""

    rank: int
    name: str
    seed: str
    url: str
    place: str
    credit: int
    people: int
    movement: int | None


def read_partner_rows(*, limit: int) -> list[PartnerRow]:
    """The first of last month's ranking."""
    return []
