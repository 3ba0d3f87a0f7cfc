"""What a place's page shows: groups here and near, what people would do, how far that gets, and the way to a group."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups import pooling
from meetups.application_page import Panel
from meetups.criteria import Neighbour
from meetups.models import Application, Group, Interest
from meetups.permissions import Reader
from meetups.services.evidence import NEAR_KM
from meetups.services.interest import interest_note
from meetups.services.letters import absolute
from meetups.subscribing import Ways, ways_to_subscribe
from portal.members.models import Member
from portal.places.distances import near
from portal.places.models import Place

NEAR_SHOWN = 6
NAMED_SHOWN = 50
SLEEPING = [Group.State.QUIET, Group.State.DORMANT]
COUNTED: list[tuple[str, Promise]] = [
    (Interest.Kind.JOIN, gettext_lazy("would join")),
    (Interest.Kind.ORGANISE, gettext_lazy("would co-organise")),
    (Interest.Kind.HOST, gettext_lazy("would host")),
    (Interest.Kind.SPEAK, gettext_lazy("would speak")),
    (Interest.Kind.SPONSOR, gettext_lazy("would sponsor")),
]


@dataclass(frozen=True, slots=True)
class NearGroup:
    """A group and how far it is from the place in whole kilometres."""

    group: Group
    km: int
    is_here: bool

    @property
    def is_sleeping(self) -> bool:
        return self.group.state in SLEEPING


@dataclass(frozen=True, slots=True)
class Introduced:
    """Somebody who asked to be introduced, and what they would do."""

    member: Member
    kinds: str


@dataclass(frozen=True, slots=True)
class Own:
    """What the reader said here, and their own draft for this place."""

    kinds: list[str]
    wants_introduction: bool
    draft: Application | None

    @property
    def said(self) -> bool:
        return bool(self.kinds)


@dataclass(frozen=True, slots=True)
class PlacePage:
    """Everything a place's page shows one reader."""

    place: Place
    groups: list[NearGroup]
    sleeping: NearGroup | None
    tally: dict[str, int]
    panel: Panel
    is_applied_for: bool
    own: Own
    introduced: list[Introduced]
    thread_title: str
    thread: str

    @property
    def here(self) -> list[NearGroup]:
        return [one for one in self.groups if one.is_here]

    @property
    def near(self) -> list[NearGroup]:
        return [one for one in self.groups if not one.is_here]

    @property
    def ways(self) -> Ways:
        """The calendar of the groups around here."""
        return ways_to_subscribe(path=reverse("meetups:place_ics", args=[self.place.slug]), name=self.place.name)

    @property
    def counts(self) -> list[tuple[int, str | Promise]]:
        return [(self.tally[kind], words) for kind, words in COUNTED]


def read_place(*, place: Place, reader: Reader, now: datetime) -> PlacePage:
    """A fixed number of queries: four, two more for somebody signed in, another one once they said something here."""
    groups = _groups(place, Group.objects.alive(), NEAR_SHOWN)
    sleeping = _groups(place, Group.objects.filter(state__in=SLEEPING), 1)
    tally = Interest.objects.filter(place=place).standing().tally()
    own = _own(place, reader)
    open_here = Application.objects.undecided().filter(place=place, kind=Application.Kind.MEETUP)
    title, thread = thread_text(place, tally)
    return PlacePage(
        place=place,
        groups=groups,
        sleeping=sleeping[0] if sleeping else None,
        tally=tally,
        panel=_panel(place, tally, [*groups, *sleeping], now),
        is_applied_for=open_here.exists(),
        own=own,
        introduced=_introduced(place, reader) if own.said else [],
        thread_title=title,
        thread=thread,
    )


def _groups(place: Place, rows: QuerySet[Group], limit: int) -> list[NearGroup]:
    rows = rows.filter(kind=Group.Kind.MEETUP).select_related("place")
    found = near(rows, latitude=place.latitude, longitude=place.longitude, km=NEAR_KM, prefix="place__")[:limit]
    return [NearGroup(group, round(group.distance_km), group.place_id == place.pk) for group in found]  # type: ignore[attr-defined]


def _panel(place: Place, tally: dict[str, int], groups: list[NearGroup], now: datetime) -> Panel:
    nearest = min(groups, key=lambda one: (not one.is_here, one.km), default=None)
    pool = pooling.Pool(
        place=place.name,
        guests=tally["guests"],
        organisers=tally[Interest.Kind.ORGANISE],
        hosts=tally[Interest.Kind.HOST],
        nearest=Neighbour(nearest.group.name, nearest.km, nearest.is_here) if nearest else None,
    )
    return Panel(pooling.judge(pool, today=now.astimezone(ZoneInfo(place.time_zone)).date()))


def _own(place: Place, reader: Reader) -> Own:
    if not reader.is_authenticated:
        return Own([], False, None)
    rows = list(Interest.objects.filter(place=place, member__user=reader, withdrawn_at=None).order_by("pk"))
    drafts = Application.objects.filter(applicant__user=reader, place=place, state=Application.State.DRAFT)
    return Own([row.kind for row in rows], any(row.wants_introduction for row in rows), drafts.order_by("-pk").first())


def _introduced(place: Place, reader: Reader) -> list[Introduced]:
    """Those who asked for it and may be named, but for the reader; each once, with all they would do."""
    words = dict(COUNTED)
    rows = (
        Interest.objects.filter(place=place)
        .introducible()
        .exclude(member__user=reader.pk)
        .select_related("member")
        .order_by("member", "pk")[: NAMED_SHOWN * len(words)]
    )
    people = [(member, list(said)) for member, said in groupby(rows, key=lambda row: row.member)]
    return [Introduced(member, ", ".join(str(words[row.kind]) for row in said)) for member, said in people]


def thread_text(place: Place, tally: dict[str, int]) -> tuple[str, str]:
    """A title and a text to open the forum thread with; numbers only, nobody is named."""
    values = {"place": place.name, "software": settings.COMMUNITY.software}
    title = _("A %(software)s meetup in %(place)s?") % values
    lines = [
        _("Hello! I would like to start a %(software)s meetup in %(place)s.") % values,
        interest_note(tally),
        _("Who else would come? Who would organise it with me? Does anybody know a room, an office or a library?"),
        _("You can also say so here: %(url)s") % {"url": absolute(reverse("meetups:place_detail", args=[place.slug]))},
    ]
    return title, "\n\n".join(line for line in lines if line)
