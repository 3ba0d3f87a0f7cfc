"""The parts of the directory page, read with a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Avg, Count, F, Func, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Coalesce, Floor
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from meetups.filters import by_next_event
from meetups.group_filter import GroupFilter, Offered, Origin
from meetups.languages import language_name
from meetups.models import Event, Group, GroupMembership
from meetups.ways_on import WaysOn, read_ways_on
from portal.places.models import Region
from portal.ui.filtering import chips, without

PAGE_SIZE = 24
#: Degrees: a cell of the small map is about as wide as a dot.
CELL = 3.0
QUIET = {Group.State.QUIET, Group.State.DORMANT, Group.State.ARCHIVED}
#: What leaves the address with a filter: a distance means nothing without the town it is measured from.
ALONG = {"near": ("near_text", "at", "km"), "at": ("near", "near_text", "km")}
#: The filters of the first row; the others stand under "More filters".
FIRST_ROW = {"text", "near", "at", "km"}


@dataclass(frozen=True, slots=True)
class Card:
    """One group of the list with its next event, and how far it is from where the reader asked."""

    group: Group
    event: Event | None
    members: int
    languages: str
    km: int | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One dot of the small map: groups of one cell of it are one, in their middle."""

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
    views: list[dict[str, Any]]
    is_map: bool
    geojson: str
    clear_url: str
    any_distance_url: str
    points: list[Point]
    mapped: int
    total: int
    countries: int
    origin: Origin | None
    online: list[Card] = field(default_factory=list)
    ways_on: WaysOn | None = None

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def more_in_use(self) -> int:
        """How many of the filters that are folded away are in force or wrong."""
        form = self.filterset.form
        return sum(bool(form.cleaned_data.get(name)) or name in form.errors for name in form.fields.keys() - FIRST_ROW)

    @property
    def map_url(self) -> str:
        return str(self.views[1]["url"])

    @property
    def unmapped(self) -> int:
        return self.count - self.mapped


def read_directory(*, query: QueryDict, now: datetime) -> Directory:
    """The directory for the filters in the address: seven queries; a text, a town and an empty list have their own."""
    filterset, total, countries = read_filters(query=query, now=now)
    origin, found = filterset.origin, filterset.qs
    count, points = _points(found)
    rows = with_counts(filterset.ordered.select_related("place"))
    page = CountedPaginator(rows, PAGE_SIZE, count).get_page(query.get("page"))
    online = next_online(now)
    cards = make_cards([*page.object_list, *online], now=now)
    is_map = query.get("view") == "map"
    return Directory(
        filterset=filterset,
        page=page,
        cards=cards[: len(cards) - len(online)],
        chips=chips(filterset.form, query, words=_words(filterset), along=ALONG),
        views=_views(query, is_map=is_map),
        is_map=is_map,
        geojson=without(query, "page", "view"),
        clear_url=f"{reverse('meetups:group_list')}{'?view=map' if is_map else ''}",
        any_distance_url=without(query, "km", "page"),
        points=points,
        mapped=sum(point.groups for point in points),
        total=total,
        countries=countries,
        origin=origin,
        online=cards[len(cards) - len(online) :],
        ways_on=None if count else read_ways_on(text=query.get("text", ""), origin=origin),
    )


def read_filters(*, query: QueryDict, now: datetime) -> tuple[GroupFilter, int, int]:
    """The filters with what there is to choose from, how many groups there are, and in how many countries."""
    listed = Group.objects.listed()
    areas = listed.order_by().values_list("place__country_code", "place__area_code").annotate(n=Count("pk"))
    counted = {(country or "", area or ""): n for country, area, n in areas}
    countries = {country for country, _area in counted} - {""}
    spoken = Func(F("languages"), function="unnest", output_field=TextField())
    languages = listed.order_by().annotate(spoken=spoken).values_list("spoken", flat=True).distinct()
    known = countries | {f"{country}.{area}" for country, area in counted}
    regions = [
        region for region in Region.objects.all() if known.intersection([*region.country_codes, *region.area_codes])
    ]
    offered = Offered(countries=countries, regions=regions, languages=list(languages))
    return GroupFilter(query, queryset=listed, offered=offered, now=now), sum(counted.values()), len(countries)


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
    coming = Event.objects.filter(
        group__in=[row.pk for row in rows], state=Event.State.PUBLISHED, ends_at__gte=now
    ).order_by("group_id", "starts_at", "pk")
    events = {event.group_id: event for event in coming.distinct("group_id")}
    return [
        Card(
            group=row,
            event=events.get(row.pk),
            members=row.members,  # type: ignore[attr-defined]
            languages=", ".join(language_name(code) for code in row.languages),
            km=None if (km := getattr(row, "distance_km", None)) is None else round(km),
        )
        for row in rows
    ]


def _points(found: QuerySet[Group]) -> tuple[int, list[Point]]:
    """How many groups were found, and the dots they make: counted by the database, so 5,000 groups are no slower."""
    cells = (
        found.order_by()
        .values_list(Floor(F("place__latitude") / CELL), Floor(F("place__longitude") / CELL))
        .annotate(n=Count("pk"), awake=Count("pk", filter=~Q(state__in=QUIET)))
        .order_by("-n")
        .values_list("n", "awake", Avg("place__latitude"), Avg("place__longitude"))
    )
    rows = list(cells)
    points = [Point(lat, lon, "" if awake else "quiet", n) for n, awake, lat, lon in rows if lat is not None]
    return sum(row[0] for row in rows), points


def _words(filterset: GroupFilter) -> dict[str, str]:
    """What the chips say of the place: a town goes before a position, however it was written in the address."""
    origin = filterset.origin
    if origin is None:
        return {"near": "", "at": "", "km": ""}
    words = {"near": origin.place.label, "at": ""} if origin.place else {"near": "", "at": origin.name}
    return words if origin.km else {**words, "km": ""}


def _views(query: QueryDict, *, is_map: bool) -> list[dict[str, Any]]:
    """List and map: two looks at the same groups."""
    return [
        {"label": _("List"), "icon": "list", "url": without(query, "view"), "current": not is_map},
        {"label": _("Map"), "icon": "map", "url": without(query, "page", view="map"), "current": is_map},
    ]
