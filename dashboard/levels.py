"""Levels of people and organisations: pure rules over one versioned table of thresholds; no database, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise
from typing import Final

CREDIT: Final = "credit"
WORKS: Final = "works"

#: A person is back after so many days without anything.
AWAY_DAYS: Final = 90
#: What is a month to an organisation's level: parts of the window, counted back from its last day.
MONTH_DAYS: Final = 30


class Level(IntEnum):
    """How much a person carried in the rule's days; a higher one is more."""

    QUIET = 0
    VISITOR = 1
    PARTICIPANT = 2
    CONTRIBUTOR = 3
    CORE = 4

    @property
    def key(self) -> str:
        """As in an address: `?level=core`."""
        return self.name.lower()


class OrganisationLevel(IntEnum):
    """How much an organisation's people carried together."""

    QUIET = 0
    PARTICIPATING = 1
    CONTRIBUTING = 2
    CORE = 3

    @property
    def key(self) -> str:
        """As in an address."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Rule:
    """The thresholds in force; a row of `LevelRule`.

    `measure` says what points are: credit earned in the days, or works (changes and accepted answers, one each).
    `participant_days` 0: days are no way to that level. `core_weeks` counts sevens of days back from the last day.
    """

    days: int = 90
    measure: str = CREDIT
    is_chat_once: bool = True
    core_points: int = 20
    core_weeks: int = 6
    contributor_points: int = 1
    participant_days: int = 3
    participant_contributions: int = 10
    organisation_people: int = 3
    organisation_months: int = 3
    trend_factor: int = 2
    trend_least: int = 5


@dataclass(frozen=True, slots=True)
class Preset:
    """A rule that ships, with its name."""

    key: str
    name: str
    rule: Rule


DEFAULT: Final = Preset("default", "The community's own", Rule())
#: As the dashboard before judged: a year, conversations and contributions, no weeks and no days.
SAVANNAH: Final = Preset(
    "savannah",
    "As the dashboard before judged",
    Rule(
        days=365,
        measure=WORKS,
        is_chat_once=False,
        core_points=10,
        core_weeks=0,
        contributor_points=1,
        participant_days=0,
        participant_contributions=10,
    ),
)
PRESETS: Final[Mapping[str, Preset]] = {preset.key: preset for preset in (DEFAULT, SAVANNAH)}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person did in the rule's days: points, weeks and days with anything, contributions (chat once per channel
    and day where the rule says so)."""

    points: int = 0
    weeks: int = 0
    active_days: int = 0
    counted: int = 0


@dataclass(frozen=True, slots=True)
class Hint:
    """What is missing to a higher level; `points` and `weeks` are needed together, `days` or `contributions` do."""

    level: Level
    points: int = 0
    weeks: int = 0
    days: int = 0
    contributions: int = 0


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """People active and people with credit in the rule's days, and in how many of its last months there was credit."""

    people: int = 0
    contributors: int = 0
    months: int = 0
    credit: int = 0


def level_of(facts: Facts, rule: Rule) -> Level:
    """The level that the facts of one window reach."""
    if facts.points >= rule.core_points and facts.weeks >= rule.core_weeks:
        return Level.CORE
    if facts.points >= rule.contributor_points:
        return Level.CONTRIBUTOR
    is_often = rule.participant_days > 0 and facts.active_days >= rule.participant_days
    if is_often or facts.counted >= rule.participant_contributions:
        return Level.PARTICIPANT
    return Level.VISITOR if facts.counted or facts.active_days or facts.points else Level.QUIET


def next_step(facts: Facts, rule: Rule) -> Hint | None:
    """What the next level still asks for ("2 more to Core"); None for who is at the top, or quiet."""
    level = level_of(facts, rule)
    if level in {Level.CORE, Level.QUIET}:
        return None
    if level == Level.CONTRIBUTOR:
        return Hint(
            Level.CORE,
            points=max(rule.core_points - facts.points, 0),
            weeks=max(rule.core_weeks - facts.weeks, 0),
        )
    if level == Level.PARTICIPANT:
        return Hint(Level.CONTRIBUTOR, points=rule.contributor_points - facts.points)
    return Hint(
        Level.PARTICIPANT,
        days=max(rule.participant_days - facts.active_days, 0),
        contributions=rule.participant_contributions - facts.counted,
    )


def organisation_level_of(facts: OrganisationFacts, rule: Rule) -> OrganisationLevel:
    """The level of an organisation."""
    if facts.contributors >= rule.organisation_people and facts.months >= rule.organisation_months:
        return OrganisationLevel.CORE
    if facts.credit:
        return OrganisationLevel.CONTRIBUTING
    return OrganisationLevel.PARTICIPATING if facts.people else OrganisationLevel.QUIET


def is_returning(active_on: Iterable[date], first: date, last: date) -> bool:
    """Whether somebody who was here before a window came back inside it after AWAY_DAYS or more; all their days."""
    days = sorted(set(active_on))
    if not days or days[0] >= first:
        return False
    return any(first <= day <= last and (day - before).days >= AWAY_DAYS for before, day in pairwise(days))


def is_rising(now: int, before: int, rule: Rule) -> bool:
    """Whether somebody does much more than in the window before, in contributions counted; nobody rises from none."""
    return before > 0 and now >= before * rule.trend_factor and now - before >= rule.trend_least


def is_fading(now: int, before: int, rule: Rule) -> bool:
    """Whether somebody who is still here does much less than in the window before."""
    return now > 0 and before >= now * rule.trend_factor and before - now >= rule.trend_least


def weeks_of(active_on: Iterable[date], last: date) -> int:
    """In how many sevens of days, counted back from `last`, there was anything."""
    return len({(last - day).days // 7 for day in active_on})


def window(last: date, days: int) -> tuple[date, date]:
    """First and last day of so many days."""
    return last - timedelta(days=days - 1), last
