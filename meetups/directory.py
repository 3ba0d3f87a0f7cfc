"""The parts of the directory page and of a group's page, read with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Round
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
    """One dot of the map: groups within a degree of each other are one."""

    lat: float
    lon: float
    state: str
    groups: int


class CountedPaginator(Paginator):
    """Pages of rows whose number is known already."""

    def __init__(self, rows: QuerySet[Group], per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self._known = count

    @property
    def count(self) -> int:
        return self._known


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything the directory shows."""

    filterset: GroupFilter
    page: Page
    cards: list[Card]
    chips: list[dict[str, str]]
    points: list[Point]
    mapped: int
    total: int
    countries: int
    online: list[Card] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.page.paginator.count


def read_directory(*, query: QueryDict, now: datetime) -> Directory:
    """The directory for the filters in the address: five queries, six with a text, whatever the size."""
    listed = Group.objects.listed()
    countries = occurring_countries(listed, "place__country_code")
    filterset = GroupFilter(query, queryset=listed, countries=countries)
    found = filterset.qs
    ordered = with_counts(by_next_event(found.select_related("place"), now))
    count, points = _points(found)
    page = CountedPaginator(ordered, PAGE_SIZE, count).get_page(query.get("page"))
    online = next_online(now)
    cards = make_cards([*page.object_list, *online], now=now)
    return Directory(
        filterset=filterset,
        page=page,
        cards=cards[: len(cards) - len(online)],
        chips=chips(filterset, query),
        points=points,
        mapped=sum(point.groups for point in points),
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


def make_cards(groups: Iterable[Group], *, now: datetime) -> list[Card]:
    """Cards for annotated groups; one query for all their next events."""
    rows = list(groups)
    meeting = [row.pk for row in rows if row.next_at]  # type: ignore[attr-defined]
    coming = Event.objects.filter(group__in=meeting, state=Event.State.PUBLISHED, ends_at__gte=now)
    events = {event.group_id: event for event in coming.order_by("group_id", "starts_at", "pk").distinct("group_id")}
    return [
        Card(
            group=row,
            event=events.get(row.pk),
            members=row.members,  # type: ignore[attr-defined]
            languages=", ".join(language_name(code) for code in row.languages),
        )
        for row in rows
    ]


def _points(found: QuerySet[Group]) -> tuple[int, list[Point]]:
    """How many groups were found, and the dots they make: counted by the database, so 5,000 groups are no slower."""
    cells = (
        found.order_by()
        .values_list(Round("place__latitude"), Round("place__longitude"))
        .annotate(n=Count("pk"), awake=Count("pk", filter=~Q(state__in=QUIET)))
        .order_by("-n")
    )
    rows = list(cells)
    points = [Point(lat, lon, "" if awake else "quiet", n) for lat, lon, n, awake in rows if lat is not None]
    return sum(n for _lat, _lon, n, _awake in rows), points
