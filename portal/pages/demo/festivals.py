"""Camps and the conference of the demo, and what speakers and guests of all events get recorded for."""

import random
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.utils.text import slugify

from dashboard import kinds
from dashboard.importers.records import Record
from meetups import recurrence
from meetups.models import Event
from portal.members.models import Member
from portal.pages.demo.activity import World
from portal.pages.demo.gathering import Gathered
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.demo.settling import midnight
from portal.places.models import fold

SERVICE = "portal"


@dataclass(frozen=True, slots=True)
class Festival:
    """A camp or conference `days` from today (in the past when negative), over `hours`."""

    name: str
    kind: str
    days: int
    zone: str
    venue: str
    address: str
    hours: int
    guests: int


_FESTIVALS = (
    Festival("{software} Camp Kraków", "camp", -212, "Europe/Warsaw", "Hala Kolejowa", "Kraków, Poland", 9, 118),
    Festival("{software} Camp Nairobi", "camp", -68, "Africa/Nairobi", "Uwezo Hub", "Nairobi, Kenya", 9, 143),
    Festival("{software} Camp Recife", "camp", 46, "America/Recife", "Porto Aberto", "Recife, Brazil", 9, 160),
    Festival("{software} Conference Global", "conference", 74, "UTC", "", "", 16, 600),
)
_ABOUT = (
    "Talks on two tracks, a contributor room all day, and an evening together. Volunteers run it; the fee covers room "
    "and food and nothing else.\n\nSpeakers of every experience are welcome, and so is your first talk."
)


def busy_days(today: date) -> frozenset[date]:
    """The days on which everybody talks about a camp."""
    return frozenset(today + timedelta(days=festival.days) for festival in _FESTIVALS if festival.days < 0)


def celebrate(rng: random.Random, *, host: Member, today: date) -> list[Event]:
    """Make camps and the conference; they have no group, so whoever made them is who organised them."""
    events = [_event(rng, festival, host, today) for festival in _FESTIVALS]
    return Event.objects.bulk_create(events)


def _event(rng: random.Random, festival: Festival, host: Member, today: date) -> Event:
    day = today + timedelta(days=festival.days)
    day += timedelta(days=(5 - day.weekday()) % 7 if festival.days > 0 else -((day.weekday() - 5) % 7))
    wall = datetime.combine(day, time(9), tzinfo=UTC)
    aware, _moved, _ambiguous = recurrence.attach(wall.replace(tzinfo=None), festival.zone)
    name = festival.name.format(software=settings.COMMUNITY.software)
    is_past = festival.days < 0
    return Event(
        uid=uuid.UUID(int=rng.getrandbits(128), version=4),
        kind=festival.kind,
        format=Event.Format.PRESENTATIONS,
        state=Event.State.HELD if is_past else Event.State.PUBLISHED,
        title=f"{name} {day.year}",
        slug=slugify(fold(f"{name} {day.year}")),
        about=_ABOUT,
        starts_local=wall,
        minutes=festival.hours * 60,
        time_zone=festival.zone,
        starts_at=aware.astimezone(UTC),
        ends_at=aware.astimezone(UTC) + timedelta(hours=festival.hours),
        venue_name=festival.venue,
        venue_address=festival.address,
        online_url="" if festival.venue else f"https://call.{DOMAIN}/conference",
        capacity=int(festival.guests * 1.2),
        attended=festival.guests if is_past else None,
        created_by=host,
        is_demo=True,
        created_at=midnight(min(day, today) - timedelta(days=60)),
        changed_at=midnight(min(day, today) - timedelta(days=30)),
    )


def record_events(world: World, gathered: Gathered, festivals: Sequence[Event], *, today: date) -> None:
    """Speaking and attending, once an event was held; who organised it, the portal's own import finds."""
    names = {group.pk: name for name, group in gathered.groups.items()}
    for event in gathered.events:
        if event.state == Event.State.HELD and event.group_id is not None:
            name = names[event.group_id]
            guests = _guests(world, gathered.members[name], event, 0.42)
            _record(world, event, guests, today)
    for event in festivals:
        if event.state == Event.State.HELD:
            _record(world, event, _guests(world, world.people, event, 0.09), today)


def _guests(world: World, pool: Iterable[Person], event: Event, share: float) -> list[Person]:
    day = event.starts_at.date()
    return [person for person in pool if person.is_here(day) and world.rng.random() < share]


def _record(world: World, event: Event, guests: Sequence[Person], today: date) -> None:
    """One record for each person and task; a camp counts for more, which its state says."""
    if event.ends_at >= midnight(today):
        return
    state = event.kind if event.kind in {Event.Kind.CAMP, Event.Kind.CONFERENCE} else kinds.STATE_NONE
    speakers = world.rng.sample(guests, min(len(guests), 14 if state else world.rng.choice((1, 1, 2))))
    seen = set()
    for kind, people in ((kinds.SPOKE, speakers), (kinds.ATTENDED, guests)):
        for person in people:
            if not person.is_here(event.starts_at.date()) or (kind == kinds.ATTENDED and person.number in seen):
                continue
            seen.add(person.number)
            _add(world, event, kind, person, state if kind != kinds.ATTENDED else kinds.STATE_NONE)


def _add(world: World, event: Event, kind: str, person: Person, state: str) -> None:
    spot = world.places[SERVICE].spots[0]
    record = Record(
        external_id=f"{kind}:{event.uid}:{person.number}",
        kind=kind,
        occurred_at=event.ends_at,
        account=world.account(SERVICE, person),
        state=state,
        thread=f"event:{event.uid}",
        title=event.title,
        url=event.get_absolute_url(),
        credited_at=event.ends_at if kind != kinds.ATTENDED else None,
        source_updated_at=event.ends_at,
    )
    world.add(SERVICE, spot, record)


def numbers_of(groups: Mapping[str, list[Person]]) -> set[int]:
    """Numbers of everybody who runs something."""
    return {person.number for people in groups.values() for person in people}
