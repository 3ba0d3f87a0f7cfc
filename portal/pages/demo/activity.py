"""A year of the demo as records of every source, made day by day from one seed; no database in here."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count

from dashboard.importers import PORTAL
from dashboard.importers.records import Account, Record
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import Spot, Workplace
from portal.pages.demo.pulse import Calendar, Crowd, several

#: service, spot's key -> its records
Written = Mapping[tuple[str, str], list[Record]]


@dataclass(frozen=True, slots=True)
class Robot:
    """An account that is a program."""

    service: str
    username: str


ROBOTS = (Robot("github", "bump-robot[bot]"), Robot("github", "stale-robot[bot]"), Robot("slack", "welcome-robot"))


@dataclass(slots=True)
class World:
    """What every writer of records needs: chance, time, people, places, and the pile that records go on."""

    rng: random.Random
    calendar: Calendar
    people: Sequence[Person]
    offsets: Mapping[int, float]
    places: Mapping[str, Workplace]
    written: dict[tuple[str, str], list[Record]] = field(default_factory=lambda: defaultdict(list))
    used: set[tuple[int, str]] = field(default_factory=set)
    _accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    _numbers: dict[str, "count[int]"] = field(default_factory=dict)
    crowds: dict[str, Crowd] = field(default_factory=dict)

    def crowd(self, service: str) -> Crowd:
        if service not in self.crowds:
            self.crowds[service] = Crowd(self.rng, self.people, service, self.offsets)
        return self.crowds[service]

    def number(self, of: str, start: int = 1) -> int:
        """The next number of a kind: ids at a source, issues in a repository."""
        return next(self._numbers.setdefault(of, count(start)))

    def spot(self, service: str) -> Spot:
        spots = self.places[service].spots
        return self.rng.choices(spots, [spot.share for spot in spots])[0]

    def account(self, service: str, person: Person) -> Account:
        """The person's account there; from now on they have an identity at that source."""
        self.used.add((person.number, service))
        key = (service, person.handle)
        if key not in self._accounts:
            self._accounts[key] = Account(
                uid=account_uid(service, person.number),
                username=person.handle,
                name=person.name if service in {"github", "discourse"} else "",
                url=f"{self.places[service].base_url}/u/{person.handle}",
            )
        return self._accounts[key]

    def robot(self, robot: Robot) -> Account:
        uid = f"robot-{ROBOTS.index(robot) + 1}"
        return Account(
            uid, robot.username, is_bot=True, url=f"{self.places[robot.service].base_url}/u/{robot.username}"
        )

    def is_past(self, moment: datetime) -> bool:
        return moment < self.calendar.end

    def add(self, service: str, spot: Spot, record: Record) -> None:
        """Put a record on the pile, unless it lies in the future."""
        if self.is_past(record.occurred_at):
            self.written[service, spot.key].append(record)


def account_uid(service: str, number: int) -> str:
    """The immutable id of person `number` at a service, in that service's manner; on the portal, bare numbers are the
    keys of members."""
    if service == PORTAL:
        return f"person-{number}"
    if service == "slack":
        return f"UDEMO{number:05d}"
    if service == "reddit":
        return f"t2_demo{number:05d}"
    return str({"github": 880_000_000, "discourse": 1_000, "stackexchange": 7_000_000}.get(service, 0) + number)


Thread = Callable[[World, date, Person | None], None]


def write(world: World, threads: Mapping[str, Sequence[tuple[float, Thread]]]) -> Written:
    """Let every day happen: `threads` gives, by service, how many of each kind of thread a usual day brings."""
    arrivals: dict[date, list[Person]] = defaultdict(list)
    for person in world.people:
        arrivals[person.came_on].append(person)
    for day in world.calendar.days():
        liveliness = world.calendar.liveliness(day)
        for person in arrivals[day]:
            _first_act(world, day, person, threads)
        for service, kinds in threads.items():
            excitement = world.calendar.excitement(day) if service == "slack" else 1.0
            for per_day, thread in kinds:
                for _n in range(several(world.rng, per_day * liveliness * excitement)):
                    thread(world, day, None)
    for records in world.written.values():
        records.sort(key=lambda record: (record.occurred_at, record.external_id))
    return world.written


def _first_act(world: World, day: date, person: Person, threads: Mapping[str, Sequence[tuple[float, Thread]]]) -> None:
    """A newcomer starts with a question, an issue or a word, rarely with a change."""
    service = max(person.tastes, key=lambda taste: person.tastes[taste])
    choices = threads[service]
    world.rng.choices([thread for _rate, thread in choices], [rate + 0.2 for rate, _thread in choices])[0](
        world, day, person
    )
