"""The demo's thousand people: where they live, how busy they are, when they came and left, whom they work for."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.pages.demo import names
from portal.pages.demo.companies import Company
from portal.pages.demo.towns import BY_NAME, TOWNS, Town

PEOPLE = 1000
HISTORY_DAYS = 425
SKILLS = (
    "code", "testing", "documentation", "translation", "design", "support", "talks", "organising", "accessibility",
    "deliverability", "hosting", "training",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind of person behaves: `share` of all, weekly busyness, and how many days they stay (0: for good)."""

    share: int
    weight: tuple[float, float]
    stays: tuple[int, int]
    is_old_hand: float


#: Of a thousand; the rest are visitors.
HABITS: Mapping[str, Habit] = {
    "core": Habit(16, (22, 48), (0, 0), 1.0),
    "regular": Habit(84, (5, 13), (0, 0), 0.75),
    "fading": Habit(60, (3, 9), (120, 330), 0.8),
    "occasional": Habit(290, (0.7, 2.4), (0, 0), 0.5),
    "visitor": Habit(550, (0.12, 0.5), (3, 60), 0.25),
}
_TASTES = ("github", "slack", "discourse", "reddit", "stackexchange")
_MAIN_TASTE = {
    "core": (55, 15, 30, 0, 0),
    "regular": (42, 24, 26, 3, 5),
    "fading": (40, 25, 30, 2, 3),
    "occasional": (28, 26, 32, 7, 7),
    "visitor": (26, 20, 32, 12, 10),
}


@dataclass(frozen=True, slots=True)
class Stint:
    """Time at a company: days are half open, `until` None is today and on."""

    company: Company
    since: date
    until: date | None
    is_confirmed: bool


@dataclass(slots=True)
class Person:
    """An invented person."""

    number: int
    name: str
    handle: str
    town: Town
    habit: str
    weight: float
    tastes: Mapping[str, float]
    came_on: date
    left_on: date | None
    skills: tuple[str, ...]
    stints: list[Stint] = field(default_factory=list)

    def is_here(self, day: date) -> bool:
        return self.came_on <= day and (self.left_on is None or day < self.left_on)


def make_people(rng: random.Random, companies: Sequence[Company], *, today: date) -> list[Person]:
    """Everybody, busiest first; then their employers."""
    taken_names: set[str] = set()
    taken_handles: set[str] = set()
    habits = [habit for habit, rule in HABITS.items() for _ in range(rule.share)]
    people = []
    for number, habit in enumerate(habits[:PEOPLE], start=1):
        town = _town(rng, habit, companies)
        name = names.person_name(rng, town.culture, taken_names)
        came_on, left_on = _stay(rng, HABITS[habit], today)
        person = Person(
            number=number,
            name=name,
            handle=names.handle(rng, name, taken_handles),
            town=town,
            habit=habit,
            weight=rng.uniform(*HABITS[habit].weight),
            tastes=_tastes(rng, habit),
            came_on=came_on,
            left_on=left_on,
            skills=tuple(sorted(rng.sample(SKILLS, rng.choice((0, 1, 2, 2, 3))))),
        )
        people.append(person)
    _employ(rng, people, companies, today)
    return people


def _town(rng: random.Random, habit: str, companies: Sequence[Company]) -> Town:
    """Busy people live where partners are more often than not."""
    if habit in {"core", "regular"} and rng.random() < 0.72:
        partners = [company for company in companies if company.tier]
        return BY_NAME[rng.choices(partners, [company.people * company.effort for company in partners])[0].town]
    return rng.choices(TOWNS, [town.weight for town in TOWNS])[0]


def _stay(rng: random.Random, habit: Habit, today: date) -> tuple[date, date | None]:
    """Old hands are there when the history begins; the others come ever more often towards today."""
    if rng.random() < habit.is_old_hand:
        came = HISTORY_DAYS - rng.randint(0, 50)
    else:
        came = int((HISTORY_DAYS - 50) * (1 - rng.random() ** 0.84)) + 1
    came_on = today - timedelta(days=came)
    if not habit.stays[1]:
        return came_on, None
    left_on = came_on + timedelta(days=rng.randint(*habit.stays))
    return came_on, left_on if left_on < today else None


def _tastes(rng: random.Random, habit: str) -> Mapping[str, float]:
    """One main place, and now and then the others."""
    main = rng.choices(_TASTES, _MAIN_TASTE[habit])[0]
    spread = 0.15 if habit == "visitor" else 0.4
    return {
        taste: 1.0 if taste == main else rng.random() * spread if rng.random() < spread else 0.0 for taste in _TASTES
    }


def _employ(rng: random.Random, people: Sequence[Person], companies: Sequence[Company], today: date) -> None:
    """About half of all work somewhere; one in eight of those came from another company, some are independent again."""
    free = list(people)
    for company in companies:
        country = BY_NAME[company.town].country_code
        near = [person for person in free if person.town.country_code == country]
        pool = near if len(near) >= company.people else free
        # Weighted without replacement: the busy are hired first, so that a partner's credit comes from several people.
        pool = sorted(pool, key=lambda person: rng.random() ** (1 / (person.weight + 0.3)), reverse=True)
        hired = pool[: round(company.people * (2.3 if company.tier else 3.0))]
        for person in hired:
            person.weight *= company.effort
            person.stints = _career(rng, company, companies, today)
        gone = {person.number for person in hired}
        free = [person for person in free if person.number not in gone]


def _career(rng: random.Random, company: Company, companies: Sequence[Company], today: date) -> list[Stint]:
    since = today - timedelta(days=rng.randint(60, 1500))
    is_confirmed = rng.random() < 0.84
    chance = rng.random()
    if chance < 0.12:
        change = today - timedelta(days=rng.randint(20, 300))
        before = rng.choice([other for other in companies if other is not company])
        first = change - timedelta(days=rng.randint(200, 900))
        return [Stint(before, first, change, True), Stint(company, change, None, is_confirmed)]
    if chance < 0.2:
        return [Stint(company, since - timedelta(days=400), today - timedelta(days=rng.randint(5, 250)), True)]
    return [Stint(company, since, None, is_confirmed)]
