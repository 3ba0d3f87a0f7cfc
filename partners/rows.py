"""What the partner pages show: standings with names, words and shapes, made from a ranking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard import words
from dashboard.services.reading import PersonName, person_name
from partners.models import Partner
from partners.ranking import PARTS, Line, Standing
from partners.services import Ranking
from partners.works import people_of, tells
from portal.members.models import Member

NAMED_AT_MOST = 6
PART_WORDS = {
    "changes": gettext_lazy("Changes merged"),
    "reviews": gettext_lazy("Reviews and tests"),
    "answers": gettext_lazy("Answers"),
    "events": gettext_lazy("Events and talks"),
    "sponsoring": gettext_lazy("Sponsoring"),
    "other": gettext_lazy("Other"),
}


@dataclass(frozen=True, slots=True)
class CreditLine:
    """ "12 × 5 = 60"."""

    label: words.Words
    series: int
    n: int
    each: int
    points: int


@dataclass(frozen=True, slots=True)
class Share:
    """What one person earned, or several together."""

    person: PersonName | None
    label: str
    points: int


@dataclass(frozen=True)
class PartnerRow:
    """One partner in the ranking."""

    partner: Partner
    rank: int
    score: int
    contributors: int
    moved: int | None
    ranks: list[int | None]
    parts: list[dict[str, Any]]
    lines: list[CreditLine]
    shares: list[Share]
    largest_share: int

    @property
    def is_new(self) -> bool:
        """Whether there is no rank of the month before."""
        return self.moved is None


def legend() -> list[dict[str, Any]]:
    """The parts with their colours."""
    return [{"label": PART_WORDS[part], "series": number} for number, part in enumerate(PARTS, start=1)]


def partner_rows(found: Ranking, standings: Iterable[Standing]) -> list[PartnerRow]:
    """Rows for some of the standings; one query for the people in all of them."""
    chosen = list(standings)
    ids = {member for standing in chosen for member, _points in standing.shares if member is not None}
    members = people_of(ids)
    return [_row(found, standing, members) for standing in chosen]


def _row(found: Ranking, standing: Standing, members: Mapping[int, Member]) -> PartnerRow:
    return PartnerRow(
        partner=found.partners[standing.organisation],
        rank=standing.rank,
        score=standing.score,
        contributors=standing.contributors,
        moved=found.moved(standing),
        ranks=found.ranks(standing.organisation),
        parts=[
            {"label": str(PART_WORDS[part]), "value": standing.parts.get(part, 0), "series": number}
            for number, part in enumerate(PARTS, start=1)
        ],
        lines=[_line(line) for line in standing.lines],
        shares=_shares(standing, members),
        largest_share=standing.largest_share,
    )


def _line(line: Line) -> CreditLine:
    label = words.line(line.kind, line.state)
    return CreditLine(label, PARTS.index(line.part) + 1, line.n, line.each, line.points)


def _shares(standing: Standing, members: Mapping[int, Member]) -> list[Share]:
    """Who did it: the first few by name, the others together, so that the sum is the score."""
    named: list[Share] = []
    others = unnamed = rest = 0
    for member_id, points in standing.shares:
        if member_id is None:
            continue
        member = members.get(member_id)
        if member is not None and tells(member) and len(named) < NAMED_AT_MOST:
            named.append(Share(person_name(member), "", points))
            continue
        others += 1
        unnamed += not tells(member)
        rest += points
    if others:
        named.append(Share(None, _others(others, unnamed), rest))
    sponsored = sum(points for member_id, points in standing.shares if member_id is None)
    if sponsored:
        named.append(Share(None, _("The company, by sponsoring"), sponsored))
    return named


def _others(others: int, unnamed: int) -> str:
    if others == unnamed:
        return ngettext("%(n)s person, not named here", "%(n)s people, not named here", others) % {"n": others}
    more = ngettext("%(n)s more", "%(n)s more", others) % {"n": others}
    return f"{more}, {_('%(n)s of them not named here') % {'n': unnamed}}" if unnamed else more


@dataclass(frozen=True, slots=True)
class MonthChoice:
    """A month one can look at."""

    month: date
    is_current: bool

    @property
    def value(self) -> str:
        return f"{self.month:%Y-%m}"
