"""What pages read: each part one small dataclass, made from summaries alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from dashboard import importers, words
from dashboard.models import MemberWindow, Source, WindowTotals
from portal.members.models import Member, Organisation


@dataclass(frozen=True, slots=True)
class Freshness:
    """Public: when a source was last read; that it is ill, but not why."""

    name: str
    label: str
    series: int
    last_good_at: datetime | None
    is_ill: bool


@dataclass(frozen=True, slots=True)
class PersonName:
    """How a page may call a person, with a way to them when they may be named."""

    name: str
    seed: str
    url: str


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who did something here for the first time."""

    person: PersonName
    deed: words.Words
    title: str
    url: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class HomeFacts:
    """The last days in four numbers; deltas in whole per cent of the window before, None where that was empty."""

    days: int
    people: int
    people_delta: int | None
    new: int
    new_delta: int | None
    contributions: int
    contributions_delta: int | None
    organisations: int
    organisations_delta: int | None


def home_facts(days: int = 90) -> HomeFacts | None:
    """None while nothing has been imported."""
    row = WindowTotals.objects.filter(days=days).first()
    if row is None or not row.totals.get("contributions"):
        return None
    values = {}
    for name in ("people", "new", "contributions", "organisations"):
        values[name] = row.totals[name]
        values[f"{name}_delta"] = change(row.totals[name], row.before.get(name, 0))
    return HomeFacts(days=days, **values)


def change(now: int, before: int) -> int | None:
    """How much more, in whole per cent; None where there is nothing to compare with."""
    return round((now - before) / before * 100) if before else None


def newcomers(limit: int = 6, *, days: int = 90) -> list[Newcomer]:
    """The newest people who may be named, newest first."""
    rows = named_newcomers(days)[:limit]
    return [as_newcomer(row) for row in rows]


def named_newcomers(days: int) -> QuerySet[MemberWindow]:
    """Windows of new people who may be named, with what they did first."""
    rows = MemberWindow.objects.filter(days=days, is_new=True, n__gt=0)
    return greetable(rows).select_related("member", "first").order_by("-first_at", "member_id")


def greetable(rows: QuerySet[MemberWindow], *, only_public: bool = False) -> QuerySet[MemberWindow]:
    """Those of people who may be named; `only_public`: where the list itself says what only those tell."""
    if only_public:
        rows = rows.filter(member__visibility=Member.Visibility.PUBLIC)
    return rows.filter(member__erased_at=None).exclude(member__visibility=Member.Visibility.HIDDEN)


def as_newcomer(row: MemberWindow) -> Newcomer:
    """The line about one new person."""
    first = row.first
    return Newcomer(
        person=person_name(row.member),
        deed=words.deed(first.kind, first.state) if first else words.deed(""),
        title=first.title if first and row.member.is_named else "",
        url=first.url if first and row.member.is_named else "",
        at=row.first_at,
    )


def unnamed_newcomer() -> Newcomer:
    """Somebody new who is counted, not named: no day and no deed, which another list tells beside a handle."""
    return Newcomer(somebody(), words.deed(""), "", "", None)


def person_name(member: Member) -> PersonName:
    """Hidden and erased people get words instead of a name, and no way to them."""
    if not member.is_named:
        return unnamed(member)
    return PersonName(member.display_name, member.public_id, member.get_absolute_url())


def unnamed(member: Member) -> PersonName:
    """ "a member": counted, not named."""
    return PersonName(str(Member(visibility=Member.Visibility.HIDDEN).display_name), f"hidden-{member.pk}", "")


def somebody() -> PersonName:
    """The same for everybody who does not tell what a list tells: no two rows of two lists can be put together."""
    return PersonName(str(Member(visibility=Member.Visibility.HIDDEN).display_name), "hidden", "")


def organisation_url(organisation: Organisation) -> str:
    """The partner's page, where the organisation is one; needs `partner` selected with it."""
    partner = getattr(organisation, "partner", None)
    return partner.get_absolute_url() if partner else ""


def freshness() -> list[Freshness]:
    """Every enabled source in the fixed order of services."""
    found = [
        Freshness(
            name=source.name,
            label=words.service_label(source.service),
            series=importers.SERVICES[source.service].series if source.service in importers.SERVICES else 6,
            last_good_at=source.last_good_at,
            is_ill=bool(source.last_error),
        )
        for source in _shown_sources()
    ]
    found.sort(key=lambda one: (one.series, one.name))
    labels = [one.label for one in found]
    return [_named_apart(one, labels) for one in found]


def _shown_sources() -> Iterable[Source]:
    return [source for source in Source.objects.all() if source.is_enabled or source.is_demo]


def _named_apart(one: Freshness, labels: list[str]) -> Freshness:
    """Two sources of one service are told apart by their names."""
    if labels.count(one.label) == 1:
        return one
    return replace(one, label=f"{one.label} ({one.name})")
