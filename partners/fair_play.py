"""What looks odd in a month's credited work, for people to judge: bursts, one person above 80 %, twin titles. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

BURST: Final = "burst"
ONE_PERSON: Final = "one_person"
TITLES: Final = "titles"

#: So many works worth a point in a day by one person are a burst.
BURST_FROM: Final = 8
#: One person above this share is looked at, where there is enough to share.
SHARE: Final = 0.8
SHARE_FROM: Final = 20
#: So many works with titles this alike.
TWINS_FROM: Final = 4
ALIKE: Final = 0.9
_COMPARED = 300


@dataclass(frozen=True, slots=True)
class Item:
    """A credited work of an organisation's person; `number` is the contribution."""

    number: int
    member: int
    credit: int
    on: date
    title: str = ""


@dataclass(frozen=True, slots=True)
class Oddity:
    """What to look at, and the contributions that show it. `subject` tells it from others of its kind in the month."""

    kind: str
    subject: str
    count: int
    contributions: tuple[int, ...]


def oddities(items: Iterable[Item]) -> list[Oddity]:
    """Those of one organisation and month; the order of the items changes nothing."""
    items = sorted(items, key=lambda item: item.number)
    return [*_bursts(items), *_one_person(items), *_twins(items)]


def _bursts(items: list[Item]) -> list[Oddity]:
    days: dict[tuple[date, int], list[int]] = defaultdict(list)
    for item in items:
        if item.credit == 1:
            days[item.on, item.member].append(item.number)
    return [
        Oddity(BURST, f"{day:%Y-%m-%d}:{member}", len(numbers), tuple(numbers))
        for (day, member), numbers in sorted(days.items())
        if len(numbers) >= BURST_FROM
    ]


def _one_person(items: list[Item]) -> list[Oddity]:
    points: Counter[int] = Counter()
    for item in items:
        points[item.member] += item.credit
    whole = points.total()
    if whole < SHARE_FROM:
        return []
    return [
        Oddity(
            ONE_PERSON, str(member), round(credit / whole * 100), tuple(i.number for i in items if i.member == member)
        )
        for member, credit in points.items()
        if credit > SHARE * whole
    ]


def _twins(items: list[Item]) -> list[Oddity]:
    """Titles alike to the first of their heap, numbers in them left out; each work is in one heap."""
    heaps: list[tuple[str, list[int]]] = []
    for item in items[:_COMPARED]:
        title = re.sub(r"[\W\d_]+", " ", item.title.casefold()).strip()
        if len(title) < 8:
            continue
        for first, numbers in heaps:
            if SequenceMatcher(None, first, title, autojunk=False).quick_ratio() >= ALIKE and (
                SequenceMatcher(None, first, title, autojunk=False).ratio() >= ALIKE
            ):
                numbers.append(item.number)
                break
        else:
            heaps.append((title, [item.number]))
    return [
        Oddity(TITLES, title[:180], len(numbers), tuple(numbers))
        for title, numbers in heaps
        if len(numbers) >= TWINS_FROM
    ]
