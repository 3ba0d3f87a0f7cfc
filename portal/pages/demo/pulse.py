"""When things happen in the demo, and who is around to do them."""

import math
import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from portal.pages.demo.people import HISTORY_DAYS, Person

_WEEKDAYS = (1.13, 1.23, 1.23, 1.16, 1.01, 0.65, 0.59)
#: How lively an hour is where the person lives: mornings, a dip at noon, evenings after dinner.
_HOURS = (1, 1, 0, 0, 0, 1, 2, 5, 11, 16, 17, 15, 9, 13, 16, 16, 14, 11, 7, 6, 8, 9, 6, 3)
_START = 0.86
_REMEMBERED = 120


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the demo: `today` is the first without activity; `busy_days` are those of camps."""

    today: date
    busy_days: frozenset[date] = frozenset()

    @property
    def first_day(self) -> date:
        return self.today - timedelta(days=HISTORY_DAYS)

    @property
    def end(self) -> datetime:
        """Nothing has happened from here on."""
        return datetime.combine(self.today, time(), tzinfo=UTC)

    def days(self) -> Sequence[date]:
        return [self.first_day + timedelta(days=number) for number in range(HISTORY_DAYS)]

    def liveliness(self, day: date) -> float:
        """About 1 on a usual day of today: growth, week, holidays."""
        growth = _START + (1 - _START) * (day - self.first_day).days / HISTORY_DAYS
        holidays = 0.75 if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2) else 1.0
        summer = 0.93 if day.month == 8 else 1.0
        return growth * holidays * summer * _WEEKDAYS[day.weekday()]

    def excitement(self, day: date) -> float:
        """Chat and newcomers swell around a camp."""
        near = min((abs((day - busy).days) for busy in self.busy_days), default=99)
        return 2.3 if near == 0 else 1.5 if near <= 2 else 1.0


def several(rng: random.Random, mean: float) -> int:
    """A whole number around `mean`, steadier than chance alone would have it."""
    wanted = max(0.0, rng.gauss(mean, 0.45 * math.sqrt(mean)))
    whole = int(wanted)
    return whole + (rng.random() < wanted - whole)


def lag(rng: random.Random, *, median_hours: float, spread: float = 1.1) -> timedelta:
    """Waiting times: most are short, a few very long."""
    return timedelta(hours=min(median_hours * math.exp(rng.gauss(0, spread)), 24 * 40))


class Crowd:
    """The people of one place of the community, to draw from by day."""

    def __init__(self, rng: random.Random, people: Sequence[Person], taste: str, offsets: Mapping[int, float]) -> None:
        self._rng = rng
        self._offsets = offsets
        self._all = list(people)
        self._regulars = [
            (person, person.weight * max(person.tastes[taste], 0.01)) for person in people if person.tastes[taste] > 0
        ]
        self._days: dict[date, tuple[list[Person], list[float]]] = {}

    def _here(self, day: date) -> tuple[list[Person], list[float]]:
        """Who is around that day, and their heaped weights; the last days asked for are remembered."""
        if day not in self._days:
            found = [(person, weight) for person, weight in self._regulars if person.is_here(day)]
            found = found or [(person, 1.0) for person in self._all]
            if len(self._days) > _REMEMBERED:
                del self._days[next(iter(self._days))]
            heap = list(accumulate(weight for _person, weight in found))
            self._days[day] = [person for person, _weight in found], heap
        return self._days[day]

    def pick(self, day: date, *, other_than: Person | None = None) -> Person:
        """Somebody who is around that day, the busy more often; never `other_than`."""
        here, heap = self._here(day)
        for _attempt in range(6):
            chosen = here[bisect(heap, self._rng.random() * heap[-1], hi=len(here) - 1)]
            if chosen is not other_than:
                return chosen
        return next(person for person in self._all if person is not other_than and person.is_here(day))

    def moment(self, day: date, person: Person) -> datetime:
        """A time of that day (UTC) that is a likely hour where the person lives."""
        hour = self._rng.choices(range(24), _HOURS)[0]
        seconds = self._rng.randrange(3600)
        offset = self._offsets.get(person.town.geoname_id, 0.0)
        minutes = (hour * 60 - offset * 60) % (24 * 60)
        return datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minutes, seconds=seconds)
