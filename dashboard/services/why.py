"""Why somebody has this score and this level: the lines that add up to it, each contribution with what it was worth.

Read live from raw contributions of one member, or of the people of one organisation, and one window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dashboard import levels, words
from dashboard.levels import Facts, Hint, Level, OrganisationFacts, OrganisationLevel, Rule
from dashboard.models import LevelRule, Weight, WeightVersion
from dashboard.services import why_sql
from dashboard.services.level_rules import version_on
from dashboard.services.summary_span import midnight, parameters
from portal.members.models import Affiliation, Member, Organisation


@dataclass(frozen=True, slots=True)
class WhyLine:
    """`n` contributions of a kind that each were worth the same. `note` says why they are worth less than their weight.

    `recognition` and `credit` are the sums of the line; the lines add up to those of the window.
    """

    label: words.Words
    kind: str
    state: str
    n: int
    recognition_each: int
    credit_each: int
    note: str

    @property
    def recognition(self) -> int:
        return self.n * self.recognition_each

    @property
    def credit(self) -> int:
        return self.n * self.credit_each


@dataclass(frozen=True, slots=True)
class WhyWork:
    """One contribution. Title and link only of people who may be named; `member` None: counted and named nowhere."""

    label: words.Words
    at: datetime
    credited_on: date
    channel: str
    title: str
    url: str
    member: Member | None
    recognition: int
    credit: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class Share:
    """What one of an organisation's people brought; `member` None: all who are counted and named nowhere together."""

    member: Member | None
    people: int
    n: int
    credit: int


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days (the oldest may have fewer) with what was done in them."""

    first: date
    last: date
    n: int


@dataclass(frozen=True, slots=True)
class Why:
    """The score of a window, line by line. Level and facts are over the rule's own days: those of `why_level`."""

    first: date
    last: date
    lines: Sequence[WhyLine]
    n: int
    counted: int
    works: int
    active_days: int
    weeks: Sequence[Week]
    version: WeightVersion | None

    @property
    def recognition(self) -> int:
        return sum(line.recognition for line in self.lines)

    @property
    def credit(self) -> int:
        return sum(line.credit for line in self.lines)


@dataclass(frozen=True, slots=True)
class WhyLevel:
    """A level, the thresholds it was judged by, what was found, and what the next one asks for."""

    why: Why
    rule_version: LevelRule | None
    rule: Rule
    facts: Facts
    level: Level
    hint: Hint | None


@dataclass(frozen=True, slots=True)
class WhyOrganisationLevel:
    """The same of an organisation; `months`: credit of each of its last months of 30 days, the newest first."""

    why: Why
    rule_version: LevelRule | None
    rule: Rule
    facts: OrganisationFacts
    level: OrganisationLevel
    shares: Sequence[Share]


def why_member(*, member: Member, days: int, last: date) -> Why:
    """The lines behind a member's score in so many days up to `last`, the summaries' last day."""
    return _why([member.pk], None, days, last)


def why_organisation(*, organisation: Organisation, days: int, last: date) -> Why:
    """The lines behind an organisation's score: of what its people did while they belonged to it."""
    return _why(_people_of(organisation), organisation, days, last)


def why_level(*, member: Member, last: date) -> WhyLevel:
    """A member's level over the rule's days."""
    version, rule = _rule(last)
    why = why_member(member=member, days=rule.days, last=last)
    facts = Facts(
        points=why.works if rule.measure == levels.WORKS else why.credit,
        weeks=len(why.weeks),
        active_days=why.active_days,
        counted=why.counted if rule.is_chat_once else why.n,
    )
    return WhyLevel(why, version, rule, facts, levels.level_of(facts, rule), levels.next_step(facts, rule))


def why_organisation_level(*, organisation: Organisation, last: date) -> WhyOrganisationLevel:
    """An organisation's level over the rule's days, with each person's share."""
    version, rule = _rule(last)
    people = _people_of(organisation)
    why = _why(people, organisation, rule.days, last)
    rows = _fetch(why_sql.CREDIT, _values(people, organisation, rule.days, last))
    months = {month for *_row, found in rows for month in found or () if month < rule.organisation_months}
    facts = OrganisationFacts(
        people=sum(n > 0 for _member, n, _credit, _months in rows),
        contributors=sum(credit > 0 for _member, _n, credit, _months in rows),
        months=len(months),
        credit=sum(credit for _member, _n, credit, _months in rows),
    )
    level = levels.organisation_level_of(facts, rule)
    return WhyOrganisationLevel(why, version, rule, facts, level, _shares(rows))


def why_works(
    *,
    member: Member | None = None,
    organisation: Organisation | None = None,
    days: int,
    last: date,
    limit: int,
    offset: int = 0,
) -> list[WhyWork]:
    """The contributions behind the lines, newest first; `Why.n` and those only credited in the window are all there."""
    people = [member.pk] if member else _people_of(organisation) if organisation else []
    values = {**_values(people, organisation, days, last), "limit": limit, "offset": offset}
    rows = _fetch(why_sql.WORKS, values)
    named = _named({row[-1] for row in rows})
    return [_work(row, named.get(row[-1])) for row in rows]


def _why(people: list[int], organisation: Organisation | None, days: int, last: date) -> Why:
    values = _values(people, organisation, days, last)
    rows = _fetch(why_sql.LINES, values)
    version = WeightVersion.objects.filter(from_on__lte=last).order_by("-from_on").first()
    weights = {(weight.kind, weight.state): weight for weight in version.weights.all()} if version else {}
    by_day = dict(_fetch(why_sql.DAYS, values))
    first = values["start_on"]
    return Why(
        first=first,
        last=last,
        lines=[_line(kind, state, n, shown, earned, weights) for kind, state, shown, earned, n, *_rest in rows],
        n=sum(row[5] for row in rows),
        counted=sum(row[6] for row in rows),
        works=sum(row[7] for row in rows),
        active_days=len(by_day),
        weeks=_weeks(by_day, first, last),
        version=version,
    )


def _line(kind: str, state: str, n: int, shown: int, earned: int, weights: dict[tuple[str, str], Weight]) -> WhyLine:
    weight = weights.get((kind, state)) or weights.get((kind, ""))
    note = ""
    if weight is None:
        note = _("the table of weights does not know this kind")
    elif shown < weight.recognition or earned < weight.credit:
        note = _less(weight, shown, earned)
    return WhyLine(words.line(kind, state), kind, state, n, shown, earned, note)


def _less(weight: Weight, shown: int, earned: int) -> str:
    """Why contributions bring less than their weight."""
    if shown >= weight.recognition or earned >= weight.credit > 0:
        return _("counts for activity and for credit on different days, one of them outside these")
    if weight.counts == Weight.Counts.FIRST_PER_THREAD:
        return _("only the first per person and thread counts")
    if weight.counts == Weight.Counts.FIRST_PER_CHANNEL_DAY:
        return _("only one per person, channel and day counts")
    if weight.monthly_cap is not None:
        return _("beyond %(n)s a month") % {"n": weight.monthly_cap}
    return _("valued by the weights in force on its day")


def _weeks(by_day: dict[date, int], first: date, last: date) -> list[Week]:
    """The weeks with anything, counted back from the last day; newest first."""
    sums: dict[int, int] = {}
    for day, n in by_day.items():
        number = (last - day).days // 7
        sums[number] = sums.get(number, 0) + n
    found = []
    for number, n in sorted(sums.items()):
        end = last - timedelta(days=7 * number)
        found.append(Week(max(end - timedelta(days=6), first), end, n))
    return found


def _shares(rows: list[tuple[Any, ...]]) -> list[Share]:
    named = _named({row[0] for row in rows})
    told = [Share(named[pk], 1, n, credit) for pk, n, credit, _months in rows if pk in named]
    others = [(n, credit) for pk, n, credit, _months in rows if pk not in named]
    if others:
        told.append(Share(None, len(others), sum(n for n, _c in others), sum(credit for _n, credit in others)))
    return told


def _work(row: tuple[Any, ...], member: Member | None) -> WhyWork:
    kind, state, shown, earned, is_active, at, credited_on, title, url, channel, _member = row
    return WhyWork(
        label=words.line(kind, state),
        at=at,
        credited_on=credited_on,
        channel=channel,
        title=title if member else "",
        url=url if member else "",
        member=member,
        recognition=shown,
        credit=earned,
        is_active=is_active,
    )


def _named(keys: set[int]) -> dict[int, Member]:
    """Those of the members who may be named."""
    return {pk: member for pk, member in Member.objects.in_bulk(keys).items() if member.is_named}


def _people_of(organisation: Organisation) -> list[int]:
    found = Affiliation.objects.confirmed().filter(organisation=organisation)
    return sorted(set(found.values_list("member_id", flat=True)))


def _rule(last: date) -> tuple[LevelRule | None, Rule]:
    version = version_on(last)
    return version, version.rule if version else levels.DEFAULT.rule


def _values(people: list[int], organisation: Organisation | None, days: int, last: date) -> dict[str, Any]:
    first, _last = levels.window(last, days)
    return {
        **parameters(last),
        "members": people,
        "organisation": organisation.pk if organisation else None,
        "start_on": first,
        "horizon": midnight(first.replace(day=1)),  # caps are monthly
    }


def _fetch(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
