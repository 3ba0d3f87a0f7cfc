"""The parts of the directory page and of a group's page, read with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict

from meetups.filters import GroupFilter, by_next_event, chips, occurring_countries
from meetups.languages import language_name
from meetups.models import Event, Group, GroupMembership

PAGE_SIZE = 24
QUIET = {Group.State.QUIET, Group.State.DORMANT, Group.State.ARCHIVED}


@dataclass(frozen=True, slots=True)
class Card:
    """One group of the list with its next event."""

    group: Group
    event: Event | None
    members: int
    languages: str


@dataclass(frozen=True, slots=True)
class Point:
    """One dot of the map."""

    lat: float
    lon: float
    state: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything the directory shows."""

    filterset: GroupFilter
    page: Page
    cards: list[Card]
    chips: list[dict[str, str]]
    points: list[Point]
    total: int
    countries: int
    online: list[Card] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.page.paginator.count


def read_directory(*, query: QueryDict, now: datetime) -> Directory:
    """The directory for the filters in the address: six queries, however many groups there are."""
    listed = Group.objects.listed()
    countries = occurring_countries(listed, "place__country_code")
    filterset = GroupFilter(query, queryset=listed, countries=countries)
    found = filterset.qs
    ordered = with_counts(by_next_event(found.select_related("place"), now))
    page = Paginator(ordered, PAGE_SIZE).get_page(query.get("page"))
    online = next_online(now)
    cards = make_cards([*page.object_list, *online])
    return Directory(
        filterset=filterset,
        page=page,
        cards=cards[: len(cards) - len(online)],
        chips=chips(filterset, query),
        points=_points(found),
        total=sum(countries.values()),
        countries=len(countries.keys() - {""}),
        online=cards[len(cards) - len(online) :],
    )


def with_counts(rows: QuerySet[Group]) -> QuerySet[Group]:
    """How many members each group has."""
    joined = (
        GroupMembership.objects.filter(group=OuterRef("pk"))
        .order_by()
        .values("group")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return rows.annotate(members=Coalesce(Subquery(joined), 0))


def next_online(now: datetime) -> list[Group]:
    """The online group that meets next: the way on for everybody who finds nothing near."""
    online = Group.objects.alive().filter(kind=Group.Kind.ONLINE)
    return list(with_counts(by_next_event(online.select_related("place"), now))[:1])


def make_cards(groups: Iterable[Group]) -> list[Card]:
    """Cards for annotated groups; one query for all their next events."""
    rows = list(groups)
    keys = {row.next_event for row in rows if row.next_event}  # type: ignore[attr-defined]
    events = Event.objects.in_bulk(keys)
    return [
        Card(
            group=row,
            event=events.get(row.next_event),  # type: ignore[attr-defined]
            members=row.members,  # type: ignore[attr-defined]
            languages=", ".join(language_name(code) for code in row.languages),
        )
        for row in rows
    ]


def _points(found: QuerySet[Group]) -> list[Point]:
    rows = found.filter(place__isnull=False).order_by("pk").values_list("place__latitude", "place__longitude", "state")
    return [Point(lat, lon, "quiet" if state in QUIET else "") for lat, lon, state in rows]
