"""The parts of the home page, read with a fixed number of queries."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Round
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from dashboard.services import reading
from meetups.filters import by_next_event
from meetups.models import Event, Group
from partners.services import TopPartner, last_month, top_partners, volunteers_share
from portal.places.forms import PlaceField, PlaceInput

EVENTS = 4
NEWCOMERS = 8
PATCHES = 8
FACT_DAYS = 90


class TownForm(forms.Form):
    """The reader's town, asked in passing: a town leads to its page, anything else is searched as text."""

    place = PlaceField(
        label=_lazy("Your town"),
        required=False,  # nothing typed leads to all groups
        widget=PlaceInput(attrs={"id": "found-town", "class": "control", "placeholder": _lazy("Your town")}),
    )


@dataclass(frozen=True, slots=True)
class Tagline:
    """The headline in three parts; the middle one is underlined."""

    before: str
    accent: str
    after: str


@dataclass(frozen=True, slots=True)
class Meetings:
    """Events held in the last days, and in how many towns."""

    held: int
    towns: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """How many people came in the last thirty days, and the newest of them."""

    count: int
    people: list[reading.Newcomer]


@dataclass(frozen=True, slots=True)
class Work:
    """Whose work last month's credit was."""

    month: date
    volunteers: int
    everybody: int

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Shares in whole per cent that add up to a hundred."""
        free = round(100 * self.volunteers / self.everybody)
        return [
            {"label": _("Volunteers"), "value": free, "series": 4},
            {"label": _("Companies' people"), "value": 100 - free, "series": 1},
        ]


@dataclass(frozen=True, slots=True)
class HomePage:
    """Everything the page shows."""

    tagline: Tagline
    facts: reading.HomeFacts | None
    meetings: Meetings
    events: list[Event]
    events_total: int
    this_week: int
    patches: list[dict[str, str]]
    arrivals: Arrivals
    partners: list[TopPartner]
    work: Work | None
    points: list[dict[str, Any]] = field(default_factory=list)
    countries: int = 0

    @property
    def is_empty(self) -> bool:
        """A portal on its first day."""
        return not (self.facts or self.events or self.points)


def read_home(*, now: datetime) -> HomePage:
    """The page as of `now`."""
    upcoming = Event.objects.upcoming(now)
    events = list(upcoming.exclude(state=Event.State.CANCELLED).select_related("group__place")[:EVENTS])
    points, countries = _points()
    today = now.astimezone(UTC).date()
    month = reading.home_facts(days=30)
    return HomePage(
        tagline=split_tagline(settings.COMMUNITY.tagline, settings.COMMUNITY.tagline_accent),
        facts=reading.home_facts(days=FACT_DAYS),
        meetings=_meetings(now),
        events=events,
        events_total=upcoming.count(),
        this_week=_meet_this_week(now),
        patches=_patches(now),
        arrivals=Arrivals(month.new if month else 0, reading.newcomers(NEWCOMERS, days=30) if month else []),
        partners=top_partners(limit=3, today=today),
        work=_work(last_month(today)),
        points=points,
        countries=countries,
    )


def split_tagline(text: str, accent: str) -> Tagline:
    """The first occurrence of the accent is underlined; none when it does not occur."""
    before, found, after = text.partition(accent) if accent else (text, "", "")
    return Tagline(before, found, after)


def _meetings(now: datetime) -> Meetings:
    held = Event.objects.public().filter(
        state=Event.State.HELD, starts_at__gte=now - timedelta(days=FACT_DAYS), starts_at__lt=now
    )
    counted = held.aggregate(held=Count("pk"), towns=Count("group__place", distinct=True))
    return Meetings(counted["held"], counted["towns"])


def _meet_this_week(now: datetime) -> int:
    soon = Event.objects.upcoming(now).filter(starts_at__lt=now + timedelta(days=7), state=Event.State.PUBLISHED)
    return soon.order_by().values("group").distinct().count()


def _work(month: date) -> Work | None:
    volunteers, everybody = volunteers_share(month)
    return Work(month, volunteers, everybody) if everybody else None


def _patches(now: datetime) -> list[dict[str, str]]:
    """The living groups, those that meet next first; the quilt is sewn where there are eight."""
    groups = by_next_event(Group.objects.alive(), now)[:PATCHES]
    return [{"seed": str(group.pk), "label": group.name, "url": group.get_absolute_url()} for group in groups]


def _points() -> tuple[list[dict[str, Any]], int]:
    """Dots of the living groups with a town, and in how many countries they are.

    Groups within a degree of each other are one dot, quiet when all of them are; the database counts them, so that the
    page is no longer with 5,000 groups.
    """
    cells = (
        Group.objects.alive()
        .filter(place__isnull=False)
        .order_by()
        .values_list(Round("place__latitude"), Round("place__longitude"), "place__country_code")
        .annotate(awake=Count("pk", filter=~Q(state=Group.State.QUIET)))
    )
    awake: dict[tuple[float, float], int] = {}
    countries = set()
    for lat, lon, code, number in cells:
        awake[lat, lon] = awake.get((lat, lon), 0) + number
        countries.add(code)
    points = [{"lat": lat, "lon": lon, "state": "" if number else "quiet"} for (lat, lon), number in awake.items()]
    return points, len(countries)
