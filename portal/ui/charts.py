"""Charts as plain numbers in, geometry out: templates turn the result into SVG and into the table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.dateformat import format as format_date
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from portal.ui import drawn

#: The fixed order of sources: colour n belongs to the same source on every page.
SERIES_NUMBERS: Mapping[str, int] = {
    **{"github": 1, "slack": 2, "discourse": 3, "forum": 3, "meetups": 4, "portal": 4},
    **{"reddit": 5, "stackexchange": 6, "stackoverflow": 6},
}
AXIS_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Series:
    """One source's count for each day, oldest first."""

    name: str
    label: str
    values: Sequence[int]

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True, slots=True)
class Note:
    """A direct label over one day, such as an event."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in the units of its own view box."""

    width: int
    height: int
    plot: float
    top: int
    base: int
    paths: list[tuple[int, str]]
    grid: list[tuple[float, int]]
    ticks: list[tuple[float, str]]
    hits: list[tuple[float, float, str]]
    notes: list[tuple[float, float, str, str]]
    days_per_bar: int

    @property
    def drawn_hits(self) -> SafeString:
        return drawn.hits(self.hits, self.top, self.base - self.top)


@dataclass(frozen=True)
class StackedDays:
    """Counts per day and source, stacked. `summary` is one sentence that says what the chart shows."""

    days: Sequence[date]
    series: Sequence[Series]
    summary: str = ""
    csv_url: str = ""
    title: str = ""
    notes: Sequence[Note] = field(default_factory=tuple)

    @property
    def numbered(self) -> list[tuple[int, Series]]:
        return [(SERIES_NUMBERS.get(series.name, (index % 6) + 1), series) for index, series in enumerate(self.series)]

    @property
    def total(self) -> int:
        return sum(series.total for series in self.series)

    @property
    def rows(self) -> list[tuple[date, list[int], int]]:
        """The table: day, count of each series, sum; newest first."""
        columns = list(zip(*(series.values for series in self.series), strict=True)) or [()] * len(self.days)
        rows = [(day, list(values), sum(values)) for day, values in zip(self.days, columns, strict=True)]
        return rows[::-1]

    @property
    def drawn_rows(self) -> list[tuple[str, SafeString]]:
        return [(format_date(day, "D j M Y"), drawn.cells([*values, total])) for day, values, total in self.rows]

    @cached_property
    def wide(self) -> Drawing:
        return draw(self, width=1140, height=250, max_bars=185)

    @cached_property
    def narrow(self) -> Drawing:
        return draw(self, width=358, height=230, max_bars=46)

    @property
    def narrow_note(self) -> str:
        days = self.narrow.days_per_bar
        if days == 1:
            return ""
        return ngettext("On small screens a bar is %d day.", "On small screens a bar is %d days.", days) % days


def grid_step(highest: int) -> int:
    """The smallest round step that needs at most three grid lines."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if highest // (step * factor) <= 3:
                return step * factor
        step *= 10


def _bundles(chart: StackedDays, size: int) -> list[tuple[date, date, list[int]]]:
    """Days joined into bars of `size` days, aligned to the newest day: (first day, last day, sum per series)."""
    bundles = []
    for end in range(len(chart.days), 0, -size):
        start = max(0, end - size)
        sums = [sum(series.values[start:end]) for series in chart.series]
        bundles.append((chart.days[start], chart.days[end - 1], sums))
    return bundles[::-1]


def _tick_days(days: Sequence[date], most: int) -> list[date]:
    """Firsts of months, or every seventh day in a short window; thinned to `most`."""
    ticks = [day for day in days if day.day == 1] if len(days) > 45 else list(days[::-7])[::-1]
    every = -(-len(ticks) // most) if ticks else 1
    return ticks[::-1][::every][::-1]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where bars and heights lie in one drawing."""

    bundles: list[tuple[date, date, list[int]]]
    size: int
    plot: float
    top: int
    base: int
    highest: int

    @property
    def slot(self) -> float:
        return self.plot / max(1, len(self.bundles))

    @property
    def thick(self) -> float:
        return max(1.0, self.slot - 1)

    @property
    def unit(self) -> float:
        return (self.base - self.top) / self.highest

    def middle(self, days: Sequence[date], day: date) -> tuple[int, float]:
        """The bar that holds a day, and the middle of it."""
        bar = (days.index(day) + len(self.bundles) * self.size - len(days)) // self.size
        return bar, bar * self.slot + self.thick / 2


def _segments(scale: _Scale, count: int) -> list[str]:
    """One path for each series; segments are a unit shorter than their number, which parts them."""
    paths: list[list[str]] = [[] for _ in range(count)]
    for index, (_first, _last, values) in enumerate(scale.bundles):
        y = float(scale.base)
        for number, value in enumerate(values):
            tall = value * scale.unit
            if value:
                shown = tall - 1 if tall > 2 else tall
                corner = f"M{index * scale.slot:.1f} {y - shown:.1f}"
                paths[number].append(f"{corner}h{scale.thick:.1f}v{shown:.1f}h-{scale.thick:.1f}z")
            y -= tall
    return ["".join(parts) for parts in paths]


def _placed_notes(chart: StackedDays, scale: _Scale) -> list[tuple[float, float, str, str]]:
    placed = []
    for note in chart.notes:
        if note.day in chart.days:
            bar, x = scale.middle(chart.days, note.day)
            crown = scale.base - sum(scale.bundles[bar][2]) * scale.unit
            anchor = "start" if x < scale.plot * 0.3 else "end" if x > scale.plot * 0.7 else "middle"
            placed.append((round(x, 1), round(crown - 4, 1), note.text, anchor))
    return placed


def draw(chart: StackedDays, *, width: int, height: int, max_bars: int) -> Drawing:
    """Place the bars: one path for each series, a one-unit gap between segments and bars, axis on the right."""
    size = max(1, -(-len(chart.days) // max_bars))
    bundles = _bundles(chart, size)
    highest = max((sum(values) for _, _, values in bundles), default=0) or 1
    scale = _Scale(bundles, size, float(width - AXIS_WIDTH), 28 if chart.notes else 8, height - 30, highest)
    step = grid_step(highest)
    segments = _segments(scale, len(chart.series))
    ticks = [(scale.middle(chart.days, day)[1], format_date(day, "j M")) for day in _tick_days(chart.days, 6)]
    return Drawing(
        width=width,
        height=height,
        plot=scale.plot,
        top=scale.top,
        base=scale.base,
        paths=[(number, path) for (number, _), path in zip(chart.numbered, segments, strict=True) if path],
        grid=[(round(scale.base - step * n * scale.unit, 1), step * n) for n in range(1, highest // step + 1)],
        ticks=[(round(x, 1), label) for x, label in ticks],
        hits=[
            (round(index * scale.slot, 1), round(scale.slot, 1), f"{_span(first, last)}: {sum(values)}")
            for index, (first, last, values) in enumerate(bundles)
        ],
        notes=_placed_notes(chart, scale),
        days_per_bar=size,
    )


def _span(first: date, last: date) -> str:
    if first == last:
        return format_date(first, "D j M Y")
    return f"{format_date(first, 'j M')} – {format_date(last, 'j M Y')}"


def spark_bars(values: Sequence[int], *, height: int = 24) -> list[tuple[float, float, float, bool]]:
    """(x, y, height, is empty) for bars 5 wide in steps of 7; an empty week is a flat tick."""
    highest = max(values, default=0) or 1
    bars: list[tuple[float, float, float, bool]] = []
    for index, value in enumerate(values):
        tall = max(2.0, round(value / highest * height, 1)) if value else 1.5
        bars.append((index * 7, round(height - tall, 1), tall, not value))
    return bars


def rank_points(ranks: Sequence[int | None], *, width: int = 92, height: int = 28) -> list[tuple[float, float]]:
    """Points of a rank line, first rank on top; months without a rank are left out."""
    known = [rank for rank in ranks if rank is not None]
    if not known:
        return []
    best, worst = min(known), max(known)
    step = (width - 8) / max(1, len(ranks) - 1)
    points = []
    for index, rank in enumerate(ranks):
        if rank is not None:
            part = (rank - best) / (worst - best) if worst > best else 0.5
            points.append((round(4 + index * step, 1), round(4 + part * (height - 8), 1)))
    return points


def stacked_parts(values: Sequence[float], scale: float | None = None) -> list[tuple[float, float]]:
    """(x, width) of each part on a bar 1000 units long; `scale` is the sum that fills the bar."""
    whole = float(scale or sum(values) or 1)
    placed, x = [], 0.0
    for value in values:
        wide = max(0.0, value / whole * 1000)
        placed.append((round(x, 1), round(max(wide - 6, 2) if wide else 0, 1)))
        x += wide
    return placed
