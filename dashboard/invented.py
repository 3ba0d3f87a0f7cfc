"""An invented community of any size for measurements: plain values, the same for the same size, seed and last day."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from dashboard import kinds

YEARS: Final = 4
_DAYS: Final = YEARS * 365
#: (service, share of threads in per cent, channels, what opens a thread, what answers it)
SERVICES: Final = (
    ("github", 45, 40, (kinds.ISSUE, kinds.CHANGE, kinds.CHANGE), (kinds.COMMENT, kinds.REVIEW, kinds.COMMENT)),
    ("slack", 35, 25, (kinds.MESSAGE,), (kinds.REPLY,)),
    ("discourse", 20, 15, (kinds.QUESTION, kinds.TOPIC, kinds.QUESTION), (kinds.ANSWER, kinds.POST)),
)
#: Two very busy accounts are bots; every fiftieth person is counted and named nowhere.
BOTS: Final = frozenset({1, 7})
HIDDEN_ONE_IN: Final = 50
PEOPLE_PER_ORGANISATION: Final = 50
_DELETED_ONE_IN, _GONE_ONE_IN = 97, 113


class Work(NamedTuple):
    """One contribution. `person` None: the source no longer names its author. `account`: which of the person's two."""

    number: int
    service: int
    channel: int
    person: int | None
    account: int
    kind: str
    state: str
    thread: str
    occurred_at: datetime
    credited_at: datetime | None
    is_deleted: bool


class Belonging(NamedTuple):
    """Somebody's employer from a day to a day."""

    person: int
    organisation: int
    first: date | None
    until: date | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Community:
    """How large, and which one of its size. Nothing happens after `until`, a UTC day."""

    contributions: int
    people: int
    seed: int
    until: date

    @property
    def organisations(self) -> int:
        return max(self.people // PEOPLE_PER_ORGANISATION, 2)

    def accounts_of(self, person: int) -> tuple[int, int]:
        """The two services where somebody has an account: what a merge made one person of."""
        return person % len(SERVICES), (person + 1) % len(SERVICES)

    def belongings(self) -> Iterator[Belonging]:
        """Two of five work somewhere, one of ten of these moved once; some claims nobody has confirmed yet."""
        dice = random.Random(self.seed + 1)  # noqa: S311 - measurements want the same dice every time
        start = self.until - timedelta(days=_DAYS)
        for person in range(0, self.people, 5):
            for one in range(person, min(person + 2, self.people)):
                first = int(self.organisations * dice.random() ** 2)
                is_confirmed = dice.random() > 0.1
                if dice.random() > 0.1:
                    yield Belonging(one, first, None, None, is_confirmed)
                    continue
                moved = start + timedelta(days=dice.randrange(_DAYS))
                yield Belonging(one, first, None, moved, is_confirmed)
                yield Belonging(one, (first + 1) % self.organisations, moved, None, True)

    def works(self) -> Iterator[Work]:
        """Threads in the order in which they were opened, each with what was said in it."""
        dice = random.Random(self.seed)  # noqa: S311 - as above
        spans = [self._span(dice, person) for person in range(self.people)]
        done = 0
        while done < self.contributions:
            for work in self._thread(dice, spans, done):
                yield work
                done += 1
                if done == self.contributions:
                    return

    def _span(self, dice: random.Random, person: int) -> tuple[float, float]:
        """The part of the years in which somebody is around: the first few hundredths of the people, nearly always."""
        if person < self.people // 40:
            return dice.random() * 0.2, 1.1 - dice.random() * 0.15
        start = dice.random()
        return start, start + min(dice.expovariate(4), 1.0)

    def _thread(self, dice: random.Random, spans: list[tuple[float, float]], number: int) -> Iterator[Work]:
        service = self._service(dice)
        _name, _share, channels, openers, answers = SERVICES[service]
        opened_at = self._moment(dice, math.sqrt((number + dice.random()) / self.contributions))
        end = datetime.combine(self.until + timedelta(days=1), time(), UTC)
        thread = f"t{number}" if service != 1 or dice.random() < 0.5 else ""
        channel = int(channels * dice.random() ** 2)
        at = opened_at
        for offset in range(1 + (min(int(dice.expovariate(0.28)), 40) if thread else 0)):
            kind = dice.choice(answers) if offset else dice.choice(openers)
            if offset:
                at = min(at + timedelta(hours=dice.expovariate(0.12)), end - timedelta(seconds=1))
            person, account = self._author(dice, spans, service, at)
            state, credited_at = self._outcome(dice, kind, at, end)
            is_gone = (number + offset) % _GONE_ONE_IN == 0
            yield Work(
                number=number + offset,
                service=service,
                channel=channel,
                person=None if is_gone else person,
                account=account,
                kind=kind,
                state=state,
                thread=thread,
                occurred_at=at,
                credited_at=credited_at,
                is_deleted=(number + offset) % _DELETED_ONE_IN == 0,
            )

    def _service(self, dice: random.Random) -> int:
        drawn = dice.random() * 100
        for at, (_name, share, *_rest) in enumerate(SERVICES):
            drawn -= share
            if drawn < 0:
                return at
        return 0

    def _moment(self, dice: random.Random, part: float) -> datetime:
        """A moment at a part of the years, on a weekday and in the afternoon more often than not."""
        day = self.until - timedelta(days=_DAYS - 1 - min(int(part * _DAYS), _DAYS - 1))
        if day.weekday() > 4 and dice.random() < 0.5:
            day -= timedelta(days=day.weekday() - 4)
        seconds = int(dice.triangular(0, 86_399, 50_000))
        return datetime.combine(day, time(), UTC) + timedelta(seconds=seconds)

    def _author(
        self, dice: random.Random, spans: list[tuple[float, float]], service: int, at: datetime
    ) -> tuple[int, int]:
        """Few do most; who is not around at the time is asked again a few times."""
        part = 1 - (self.until - at.date()).days / _DAYS
        person = 0
        for _attempt in range(6):
            person = int(self.people * dice.random() ** 3)
            wanted = service if dice.random() < 0.7 else (service - 1) % len(SERVICES)
            person = min(person - person % len(SERVICES) + wanted, self.people - 1)
            if service not in self.accounts_of(person):
                continue
            if spans[person][0] <= part <= spans[person][1]:
                break
        accounts = self.accounts_of(person)
        if service not in accounts:
            person -= 1
            accounts = self.accounts_of(person)
        return person, accounts.index(service) if service in accounts else 0

    def _outcome(self, dice: random.Random, kind: str, at: datetime, end: datetime) -> tuple[str, datetime | None]:
        later = min(at + timedelta(days=dice.expovariate(0.2)), end - timedelta(seconds=1))
        if kind == kinds.CHANGE:
            drawn = dice.random()
            if drawn < 0.6:
                return kinds.STATE_MERGED, later
            if drawn < 0.7:
                return kinds.STATE_MERGED_TRIVIAL, later
            return (kinds.STATE_CLOSED, None) if drawn < 0.85 else (kinds.STATE_OPEN, None)
        if kind == kinds.ANSWER and dice.random() < 0.3:
            return kinds.STATE_ACCEPTED, later
        return (kinds.STATE_OPEN, None) if kind == kinds.ISSUE else ("", None)
