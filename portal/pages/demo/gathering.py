"""The demo's groups with their slots, events, organisers and members."""

import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.text import slugify

from meetups import recurrence
from meetups.models import Event, Group, GroupMembership, Organiser, Series
from meetups.services import groups as group_services
from portal.members.models import Member
from portal.pages.demo import living
from portal.pages.demo.circles import Circle, circles
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import DOMAIN
from portal.pages.demo.pulse import Calendar
from portal.pages.demo.settling import Settled, midnight
from portal.pages.demo.titles import title
from portal.pages.demo.towns import BY_NAME
from portal.places.models import fold

_ABOUT = (
    "We meet every month around {software}: one talk, one open table, and time for questions that feel too small to "
    "ask. Newcomers are welcome.\n\nBring a laptop if you like. There is tea.",
    "A table of people who run campaigns for a living or for a cause. Somebody shows something that works, somebody "
    "shows something that broke, and we mend it together.\n\nEntry is free, and so is the advice.",
    "Marketers, developers and the merely curious. Once a month we pick a topic, and twice a year we spend an evening "
    "on {software} itself: testing, translating, writing docs.",
)
_EVENT_ABOUT = (
    "We start with a short round of names. Then: **{title}**, about half an hour, with time to ask.\n\nAfter that the "
    "table is open. Step-free entrance; the room is to the left.",
    "An evening about *{title}*. Bring an example of your own, broken ones are the best.\n\nTea and something to eat "
    "are there.",
)
#: Words in a title -> the format of the event.
_FORMATS = {
    "sprint": "sprint",
    "help": "help",
    "ask anything": "help",
    "broken campaign": "help",
    "table": "coworking",
    "talks": "presentations",
    "translation": "sprint",
    "planning": "social",
    "dashboard": "social",
    "in a day": "workshop",
    "landing": "workshop",
    "consent": "workshop",
}
_CANCELLED = ("The room is closed for repairs.", "Both organisers are ill. See you next month.", "A transport strike.")
AHEAD = 4


@dataclass(slots=True)
class Gathered:
    """Groups with the people who run and fill them."""

    groups: dict[str, Group] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    organisers: dict[str, list[Person]] = field(default_factory=dict)
    members: dict[str, list[Person]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)


def choose_organisers(rng: random.Random, people: Sequence[Person], *, today: date) -> dict[str, list[Person]]:
    """Two people from the same country for each group that is run here; one group in ten looks for its second."""
    chosen: dict[str, list[Person]] = {}
    load: dict[int, int] = {}
    for number, circle in enumerate(circles(settings.COMMUNITY.software)):
        if circle.kind == "external":
            continue
        wanted = 1 if number % 10 == 7 else 2
        pool = [person for person in _near(circle, people) if person.left_on is None and person.habit != "visitor"]
        pool += [person for person in people if person.habit in {"core", "regular"}] if len(pool) < 2 else []
        pool.sort(key=lambda person: (load.get(person.number, 0), -person.weight * rng.uniform(0.4, 1)))
        chosen[circle.name] = pool[:wanted]
        for person in pool[:wanted]:
            load[person.number] = load.get(person.number, 0) + 1
    return chosen


def _near(circle: Circle, people: Sequence[Person]) -> list[Person]:
    if not circle.town:
        return [person for person in people if set(person.town.languages) & set(circle.languages)]
    town = BY_NAME[circle.town]
    same_town = [person for person in people if person.town == town]
    return same_town + [p for p in people if p.town.country_code == town.country_code and p.town != town]


def gather(
    rng: random.Random,
    people: Sequence[Person],
    organisers: Mapping[str, list[Person]],
    settled: Settled,
    calendar: Calendar,
) -> Gathered:
    """Make all rows in bulk."""
    found = Gathered(organisers=dict(organisers))
    table = circles(settings.COMMUNITY.software)
    for circle in table:
        found.groups[circle.name] = _group(circle, settled, rng, calendar.today)
    Group.objects.bulk_create(found.groups.values())
    _people_of_groups(rng, table, people, settled, found, calendar)
    for circle in table:
        if circle.kind != "external":
            found.series[circle.name] = _series(circle, found.groups[circle.name], calendar.today)
    Series.objects.bulk_create(found.series.values())
    for circle in table:
        if circle.kind != "external":
            found.events += _events(rng, circle, found, settled, calendar.today)
    Event.objects.bulk_create(found.events)
    _note_last_held(found)
    living.live(table, found.groups)
    return found


def _group(circle: Circle, settled: Settled, rng: random.Random, today: date) -> Group:
    place = settled.places.get(BY_NAME[circle.town].geoname_id) if circle.town else None
    slug = slugify(fold(circle.name))
    founded_on = today - timedelta(days=int(circle.months * 30.4) + rng.randint(1, 12))
    is_external = circle.kind == "external"
    return Group(
        name=circle.name,
        slug=slug,
        kind=circle.kind,
        state=circle.state,
        place=place,
        time_zone=place.time_zone if place else "UTC",
        languages=list(circle.languages),
        about=rng.choice(_ABOUT).format(software=settings.COMMUNITY.software),
        forum_url="" if is_external else f"https://forum.{DOMAIN}/t/{slug}/{rng.randint(1200, 4800)}",
        external_url=f"https://{circle.venue}/" if is_external else "",
        search=group_services.search_text(name=circle.name, place=place),
        is_demo=True,
        founded_at=midnight(founded_on),
    )


def _people_of_groups(
    rng: random.Random, table: Sequence[Circle], people: Sequence[Person], settled: Settled, found: Gathered,
    calendar: Calendar,
) -> None:  # fmt: skip
    """Who runs each group and who joined it."""
    seats, joined = [], []
    for circle in table:
        group = found.groups[circle.name]
        if circle.kind == "external":
            continue
        runs = found.organisers[circle.name]
        near = [person for person in _near(circle, people) if person not in runs]
        some = rng.sample(near, min(len(near), rng.randint(8, 46) if circle.months > 2 else rng.randint(3, 9)))
        found.members[circle.name] = [*runs, *some]
        seats += [
            Organiser(
                group=group,
                member=settled.members[person.number],
                invited_at=group.founded_at,
                accepted_at=group.founded_at,
            )
            for person in runs
        ]
        for person in found.members[circle.name]:
            earliest = max(group.founded_at.date(), person.came_on)
            days = max((calendar.today - earliest).days, 1)
            at = midnight(earliest + timedelta(days=rng.randrange(days)))
            joined.append(GroupMembership(group=group, member=settled.members[person.number], joined_at=at))
    Organiser.objects.bulk_create(seats)
    GroupMembership.objects.bulk_create(joined)


def _series(circle: Circle, group: Group, today: date) -> Series:
    venue, _comma, address = circle.venue.partition(", ")
    is_online = circle.kind == "online"
    return Series(
        group=group,
        title=group.name[:160],
        ordinal=circle.ordinal,
        weekday=circle.weekday,
        starts_local=circle.starts,
        minutes=90 if is_online else 120,
        time_zone=group.time_zone,
        venue_name="" if is_online else venue,
        venue_address="" if is_online else _address(group, address),
        from_on=group.founded_at.date() if circle.state != "onboarding" else today,
        is_paused=circle.state not in {"active", "onboarding"},
        publishes=False,
    )


def _address(group: Group, street: str) -> str:
    town = group.place.name if group.place else ""
    return ", ".join(part for part in (street, town) if part)


def _events(rng: random.Random, circle: Circle, found: Gathered, settled: Settled, today: date) -> Iterator[Event]:
    """Past dates within a year and two months, and the next ones of groups that live."""
    series, group = found.series[circle.name], found.groups[circle.name]
    start = max(group.founded_at.date() + timedelta(days=28), today - timedelta(days=425))
    until = today - timedelta(days=int(circle.silent * 30.4)) if circle.silent else today + timedelta(days=31 * AHEAD)
    if circle.state == "onboarding":
        start = today + timedelta(days=12)
    host = settled.members[found.organisers[circle.name][0].number]
    for occurrence in (
        recurrence.occurrence(series.slot, day) for day in recurrence.days(series.slot, start=start, until=until)
    ):
        yield _event(rng, circle, series, occurrence, host, today)


def _event(
    rng: random.Random, circle: Circle, series: Series, occurrence: recurrence.Occurrence, host: Member, today: date
) -> Event:
    subject = title(rng, "event")
    is_past = occurrence.starts_at < midnight(today)
    event = Event(
        uid=uuid.UUID(int=rng.getrandbits(128), version=4),
        group=series.group,
        series=series,
        original_on=occurrence.original_on,
        kind="online" if circle.kind == "online" else "meetup",
        format=next((form for words, form in _FORMATS.items() if words in subject.lower()), "presentations"),
        title=subject,
        slug=slugify(subject) or "event",
        about=rng.choice(_EVENT_ABOUT).format(title=subject),
        starts_local=occurrence.starts_local.replace(tzinfo=midnight(today).tzinfo),
        minutes=series.minutes,
        time_zone=series.time_zone,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        venue_name=series.venue_name,
        venue_address=series.venue_address,
        online_url=f"https://call.{DOMAIN}/{slugify(fold(circle.name))[:40]}" if circle.kind == "online" else "",
        capacity=rng.choice((18, 24, 30, 40)),
        created_by=host,
        is_demo=True,
        created_at=min(occurrence.starts_at, midnight(today)) - timedelta(days=rng.randint(20, 50)),
    )
    event.changed_at = event.created_at
    _decide(rng, event, circle, occurrence.starts_at, is_past=is_past, today=today)
    return event


def _decide(
    rng: random.Random, event: Event, circle: Circle, starts_at: datetime, *, is_past: bool, today: date
) -> None:
    """Past dates were held, few called off; of the coming ones the last two are drafts still."""
    if is_past and rng.random() < 0.05:
        event.state, event.cancel_reason, event.sequence = Event.State.CANCELLED, rng.choice(_CANCELLED), 2
    elif is_past:
        event.state, event.sequence = Event.State.HELD, 2
        event.attended = rng.randint(6, min(event.capacity or 18, 9 + circle.months))
    elif starts_at > midnight(today) + timedelta(days=68) or (circle.state == "onboarding" and circle.months > 1):
        event.state = Event.State.DRAFT
    elif rng.random() < 0.04:
        event.state, event.cancel_reason, event.sequence = Event.State.CANCELLED, rng.choice(_CANCELLED), 2
    else:
        event.state, event.sequence = Event.State.PUBLISHED, 1


def _note_last_held(found: Gathered) -> None:
    for event in found.events:
        group = event.group
        if event.state == Event.State.HELD and group is not None:
            group.last_held_at = max(filter(None, [group.last_held_at, event.starts_at]))
    Group.objects.bulk_update(found.groups.values(), ["last_held_at"])
