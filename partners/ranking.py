"""The ranking rule: records of a month's credit and a rule in, standings that explain themselves out. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: Parts of a bar in their fixed colours 1 to 6; every kind belongs to one.
PARTS: Final = ("changes", "reviews", "answers", "events", "sponsoring", "other")
_PART_OF: Final[Mapping[str, str]] = {
    "change": "changes",
    "commit": "changes",
    "review": "reviews",
    "review_comment": "reviews",
    "answer": "answers",
    "post": "answers",
    "organised": "events",
    "spoke": "events",
    "attended": "events",
    "sponsored": "sponsoring",
}
#: The one kind of work that an organisation does itself.
SPONSORED: Final = "sponsored"
TIERS: Final = ("community", "bronze", "silver", "gold", "platinum", "diamond")


@dataclass(frozen=True, slots=True)
class Rule:
    """What orders the partners. `tier_first`: by membership, then by activity."""

    key: str = "activity"
    tier_first: bool = False


@dataclass(frozen=True, slots=True)
class Entrant:
    """A partner who takes part: eligible, and known by the organisation's id."""

    organisation: int
    name: str
    tier: str = "community"
    credit_90: int = 0


@dataclass(frozen=True, slots=True)
class Credit:
    """`n` pieces of work worth `each`; `member` None is the organisation itself, as a sponsor."""

    organisation: int
    member: int | None
    kind: str
    state: str
    n: int
    each: int

    @property
    def points(self) -> int:
        return self.n * self.each


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the explanation: n times each is the credit."""

    kind: str
    state: str
    n: int
    each: int

    @property
    def points(self) -> int:
        return self.n * self.each

    @property
    def part(self) -> str:
        return part_of(self.kind)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partner stands and why: the lines add up to the score, and so do the shares of its people."""

    rank: int
    organisation: int
    name: str
    score: int
    contributors: int
    credit_90: int
    lines: tuple[Line, ...] = ()
    shares: tuple[tuple[int | None, int], ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)

    @property
    def largest_share(self) -> int:
        """Per cent of the score that one person earned; 0 without a score."""
        most = max((points for member, points in self.shares if member is not None), default=0)
        return round(most / self.score * 100) if self.score else 0


def part_of(kind: str) -> str:
    """The part of the bar that a kind belongs to."""
    return _PART_OF.get(kind, "other")


def rank(entrants: Iterable[Entrant], credits: Iterable[Credit], rule: Rule = Rule()) -> list[Standing]:
    """Standings, first rank first.

    More credit first; ties by more distinct contributors, then by credit of 90 days; equal in all three is an equal
    rank, listed by name. Order and splitting of the records change nothing; records worth nothing, and those of an
    organisation that is no entrant, are left out.
    """
    entrants = list(entrants)
    by_organisation: dict[int, list[Credit]] = {}
    for record in credits:
        if record.points:
            by_organisation.setdefault(record.organisation, []).append(record)
    scored = [_standing(entrant, by_organisation.get(entrant.organisation, ())) for entrant in entrants]
    tiers = {entrant.organisation: TIERS.index(entrant.tier) for entrant in entrants} if rule.tier_first else {}

    def merit(standing: Standing) -> tuple[int, ...]:
        tier = tiers.get(standing.organisation, 0)
        return (-tier, -standing.score, -standing.contributors, -standing.credit_90)

    scored.sort(key=lambda standing: (merit(standing), standing.name.casefold(), standing.organisation))
    ranked: list[Standing] = []
    for place, standing in enumerate(scored, start=1):
        is_tied = bool(ranked) and merit(ranked[-1]) == merit(standing)
        ranked.append(_placed(standing, ranked[-1].rank if is_tied else place))
    return ranked


def _standing(entrant: Entrant, records: Sequence[Credit]) -> Standing:
    counts: Counter[tuple[str, str, int]] = Counter()
    people: Counter[int | None] = Counter()
    for record in records:
        counts[record.kind, record.state, record.each] += record.n
        people[record.member] += record.points
    lines = [Line(kind, state, n, each) for (kind, state, each), n in counts.items()]
    lines.sort(key=lambda line: (PARTS.index(line.part), -line.points, line.kind, line.state, -line.each))
    parts = dict.fromkeys(PARTS, 0)
    for line in lines:
        parts[line.part] += line.points
    shares = sorted(people.items(), key=lambda share: (share[0] is None, -share[1], share[0] or 0))
    return Standing(
        rank=0,
        organisation=entrant.organisation,
        name=entrant.name,
        score=sum(line.points for line in lines),
        contributors=sum(member is not None for member in people),
        credit_90=entrant.credit_90,
        lines=tuple(lines),
        shares=tuple(shares),
        parts=parts,
    )


def _placed(standing: Standing, place: int) -> Standing:
    values = {name: getattr(standing, name) for name in Standing.__slots__}
    return Standing(**{**values, "rank": place})


def half_factor(amounts: Iterable[int]) -> int:
    """The fewest that make half of the whole: of people the absence factor, of organisations the elephant factor.

    1000, 202, 90, 33, 332, 343, 42 and 433 are 2475 together; 1000 and 433 reach the half of 1237.5, so 2. A LOW number
    is the risk; 0 where there is nothing.
    """
    sizes = sorted((amount for amount in amounts if amount > 0), reverse=True)
    whole, reached = sum(sizes), 0
    for number, size in enumerate(sizes, start=1):
        reached += size
        if reached * 2 >= whole:
            return number
    return 0


def movement(now: int, before: int | None) -> int | None:
    """Places won (positive) or lost; None for a partner who had no rank before."""
    return None if before is None else before - now
