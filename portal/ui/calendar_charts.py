"""Two more charts as plain numbers in, geometry out: hours of the week, and months side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.ui import drawn
from portal.ui.charts import AXIS_WIDTH, grid_step

Words = str | Promise
#: A cell's shade is one of so many steps; nothing at all has a look of its own.
STEPS: Final = 5
CELL, LEFT, TOP, FOOT = 44, 84, 4, 46


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour of the week; `step` 0 is nothing, 1 to STEPS more and more."""

    x: int
    y: int
    step: int
    title: str


@dataclass(frozen=True)
class Heat:
    """Counts by day of the week, from Monday, and hour."""

    values: Sequence[Sequence[int]]
    cells: list[Cell]
    summary: str

    @property
    def total(self) -> int:
        return sum(map(sum, self.values))

    @property
    def width(self) -> int:
        return LEFT + 24 * CELL

    @property
    def height(self) -> int:
        return TOP + 7 * CELL + FOOT

    @property
    def days(self) -> list[tuple[int, Words]]:
        """(y, short name) of each row."""
        return [(TOP + day * CELL + 31, WEEKDAYS_ABBR[day]) for day in range(7)]

    @property
    def hours(self) -> list[tuple[int, str]]:
        """(x, label) below the columns, every third hour."""
        return [(LEFT + hour * CELL, f"{hour:02}:00") for hour in range(0, 24, 6)]

    @property
    def rows(self) -> list[tuple[Words, Sequence[int], int]]:
        """The table: day, count of each hour, sum."""
        return [(WEEKDAYS[day], hours, sum(hours)) for day, hours in enumerate(self.values)]

    @property
    def by_hour(self) -> list[tuple[str, SafeString]]:
        """The table turned: an hour, and its count on each day."""
        columns = zip(*self.values, strict=True)
        return [(f"{hour:02}:00", drawn.cells(column)) for hour, column in enumerate(columns)]

    @property
    def drawn_cells(self) -> SafeString:
        return drawn.squares(((one.x, one.y, one.step, one.title) for one in self.cells), CELL - 3)


def heat_of(values: Sequence[Sequence[int]]) -> Heat:
    """Seven rows of 24 numbers; the fullest hour has the last step."""
    most = max((max(hours) for hours in values), default=0)
    cells = [
        Cell(
            x=LEFT + hour * CELL,
            y=TOP + day * CELL,
            step=-(-n * STEPS // most) if n else 0,
            title=f"{WEEKDAYS[day]}, {hour:02}:00–{hour + 1:02}:00: {n}",
        )
        for day, hours in enumerate(values)
        for hour, n in enumerate(hours)
    ]
    return Heat(values, cells, _heat_summary(values, most))


def _heat_summary(values: Sequence[Sequence[int]], most: int) -> str:
    if not most:
        return _("Nothing happened in these days.")
    day = max(range(7), key=lambda number: sum(values[number]))
    hours = [sum(column) for column in zip(*values, strict=True)]
    first = max(range(24), key=lambda hour: sum(hours[(hour + number) % 24] for number in range(3)))
    return _("Busiest on %(day)s, and between %(first)s:00 and %(last)s:00 UTC on all days together.") % {
        "day": WEEKDAYS[day],
        "first": f"{first:02}",
        "last": f"{(first + 3) % 24:02}",
    }


@dataclass(frozen=True, slots=True)
class MonthBar:
    """One month: where it stands, the bars of its parts from the ground up, and what it says."""

    x: float
    parts: list[tuple[int, float, float]]
    title: str
    label: str


@dataclass(frozen=True)
class Months:
    """Counts by month and part, stacked; the last month is not over yet."""

    months: Sequence[date]
    parts: Sequence[tuple[Words, Sequence[int]]]
    summary: str
    width: int = 540
    height: int = 240

    @property
    def plot(self) -> float:
        return float(self.width - AXIS_WIDTH)

    @property
    def base(self) -> int:
        return self.height - 30

    @property
    def sums(self) -> list[int]:
        return [sum(values) for values in zip(*(counts for _label, counts in self.parts), strict=True)]

    @property
    def most(self) -> int:
        return max(self.sums, default=0) or 1

    @property
    def unit(self) -> float:
        return (self.base - 8) / self.most

    @property
    def slot(self) -> float:
        return self.plot / max(1, len(self.months))

    @property
    def thick(self) -> float:
        return round(max(2.0, self.slot - 3), 1)

    @property
    def grid(self) -> list[tuple[float, int]]:
        step = grid_step(self.most)
        return [(round(self.base - step * n * self.unit, 1), step * n) for n in range(1, self.most // step + 1)]

    @property
    def bars(self) -> list[MonthBar]:
        return [self._bar(index) for index in range(len(self.months))]

    def _bar(self, index: int) -> MonthBar:
        month, y = self.months[index], float(self.base)
        parts = []
        for number, (_label, counts) in enumerate(self.parts, 1):
            tall = counts[index] * self.unit
            if counts[index]:
                shown = tall - 1 if tall > 2 else tall
                parts.append((number, round(y - shown, 1), round(shown, 1)))
            y -= tall
        said = ", ".join(f"{label} {counts[index]:,}" for label, counts in self.parts)
        is_told = (len(self.months) - 1 - index) % 6 == 0
        label = format_date(month, "M Y") if is_told else ""
        return MonthBar(round(index * self.slot, 1), parts, f"{format_date(month, 'F Y')}: {said}", label)

    @property
    def legend(self) -> list[tuple[int, Words]]:
        return [(number, label) for number, (label, _counts) in enumerate(self.parts, 1)]

    @property
    def rows(self) -> list[tuple[date, list[int], int]]:
        """The table, newest first."""
        columns = list(zip(*(counts for _label, counts in self.parts), strict=True))
        return [(month, list(values), sum(values)) for month, values in zip(self.months, columns, strict=True)][::-1]


def months_of(months: Sequence[date], parts: Sequence[tuple[Words, Sequence[int]]], summary: str) -> Months:
    """One bar a month, its parts stacked from the ground up."""
    return Months(months, parts, summary)
