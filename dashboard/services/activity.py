# ruff: noqa: S608 - put together from constants; all else is a parameter
"""What happened when and where: days by source and kind, hours of the week, places; from day counts where they know."""

from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from dashboard import importers, words
from dashboard.models import Channel, DayCount
from dashboard.scope import Scope
from dashboard.services.scoped import fetch, matching
from portal.ui.charts import Series, StackedDays

#: Kinds that have a colour of their own; the rest is "everything else".
MOST_KINDS: Final = 5

#: `?type=`: what sort of place.
PLACE_TYPES: Final = ("repository", "channel", "category", "subreddit", "tag")

DayLabel = tuple[date, str, int]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A repository, channel or category with what happened there."""

    pk: int
    name: str
    label: str
    type: str
    series: int
    url: str
    n: int


def is_counted_by_day(scope: Scope) -> bool:
    """Whether the day counts answer without a raw row: they know source, channel and kind."""
    return not (scope.organisation or scope.chooses_people)


def start_of(scope: Scope, until_on: date) -> date:
    return until_on - timedelta(days=scope.days - 1)


def day_counts(scope: Scope, first: date, last: date) -> QuerySet[DayCount]:
    """Rows of day counts, by source, channel and kind."""
    rows = DayCount.objects.filter(day__range=(first, last))
    if scope.sources:
        rows = rows.filter(channel__source__name__in=scope.sources)
    if scope.channel:
        rows = rows.filter(channel=scope.channel)
    return rows.filter(kind=scope.kind) if scope.kind else rows


def contributions(scope: Scope, until_on: date) -> int:
    """How many there are in the scope."""
    if is_counted_by_day(scope):
        return day_counts(scope, start_of(scope, until_on), until_on).aggregate(n=Sum("n"))["n"] or 0
    match = matching(scope, until_on)
    return fetch(f"SELECT count(*) {match.rows}", match.params)[0][0]


def days_by(scope: Scope, until_on: date, part: str) -> list[DayLabel]:
    """(day, service or kind, contributions), oldest first; `part` is "service" or "kind"."""
    if not is_counted_by_day(scope):
        match = matching(scope, until_on)
        column = "s.service" if part == "service" else "x.kind"
        sql = f"""
            WITH {match.scoped} SELECT x.day, {column}, count(*) FROM scoped x
            JOIN dashboard_channel h ON h.id = x.channel_id JOIN dashboard_source s ON s.id = h.source_id
            GROUP BY 1, 2 ORDER BY 1, 2"""
        return [(day, name, n) for day, name, n in fetch(sql, match.params)]
    names = {"service": F("channel__source__service"), "kind": F("kind")}
    rows = day_counts(scope, start_of(scope, until_on), until_on).values("day", part_name=names[part])
    return list(rows.annotate(total=Sum("n")).order_by("day", "part_name").values_list("day", "part_name", "total"))


def chart(scope: Scope, until_on: date, part: str, rows: list[DayLabel], csv_url: str = "") -> StackedDays:
    """Contributions per day, stacked by service, or by the commonest kinds and everything else."""
    first = start_of(scope, until_on)
    days = [first + timedelta(days=number) for number in range(scope.days)]
    series = _services(days, rows) if part == "service" else _kinds(days, rows)
    return StackedDays(days=days, series=series, summary=_summary(series), csv_url=csv_url)


def _services(days: list[date], rows: list[DayLabel]) -> list[Series]:
    by = _grouped(rows)
    order = sorted(by, key=lambda name: importers.SERVICES[name].series if name in importers.SERVICES else 9)
    return [Series(name, words.service_label(name), [by[name].get(day, 0) for day in days]) for name in order]


def _kinds(days: list[date], rows: list[DayLabel]) -> list[Series]:
    by = _grouped(rows)
    order = sorted(by, key=lambda name: (-sum(by[name].values()), name))
    first, rest = (order, []) if len(order) <= MOST_KINDS + 1 else (order[:MOST_KINDS], order[MOST_KINDS:])
    series = [Series(f"kind-{name}", str(words.line(name)), [by[name].get(day, 0) for day in days]) for name in first]
    if rest:
        others = [sum(by[name].get(day, 0) for name in rest) for day in days]
        series.append(Series("kind-others", _("Everything else"), others))
    return series


def _grouped(rows: list[DayLabel]) -> dict[str, dict[date, int]]:
    by: dict[str, dict[date, int]] = {}
    for day, name, n in rows:
        by.setdefault(name, {})[day] = n
    return by


def _summary(series: list[Series]) -> str:
    """One sentence that says what the chart shows."""
    total = sum(one.total for one in series)
    if not total:
        return _("Nothing happened in these days.")
    sums = [sum(values) for values in zip(*(one.values for one in series), strict=True)]
    usual = _("%(n)s contributions on a usual day.") % {"n": f"{round(median(sums)):,}"}
    shares = sorted(((round(one.total / total * 100), one.label) for one in series), reverse=True)[:3]
    first, *others = [(share, label) for share, label in shares if share]
    if not others:
        return usual
    sentence = _("%(label)s: %(share)s of every 100") % {"label": first[1], "share": first[0]}
    return f"{usual} " + ", ".join([sentence, *(f"{label} {share}" for share, label in others)]) + "."


def places(scope: Scope, until_on: date, *, place_type: str = "", limit: int | None = None) -> list[PlaceRow]:
    """Places by what happened there, busiest first."""
    if is_counted_by_day(scope):
        rows = day_counts(scope, start_of(scope, until_on), until_on).values("channel").annotate(total=Sum("n"))
        found = dict(rows.values_list("channel", "total"))
    else:
        match = matching(scope, until_on)
        found = dict(fetch(f"SELECT c.channel_id, count(*) {match.rows} GROUP BY 1", match.params))
    return place_rows(found, place_type=place_type, limit=limit)


def place_rows(found: dict[int, int], *, place_type: str = "", limit: int | None = None) -> list[PlaceRow]:
    """Channels with their numbers as lines, busiest first."""
    channels = Channel.objects.filter(pk__in=found).select_related("source")
    if place_type:
        channels = channels.filter(kind=place_type)
    rows = sorted((place_row(channel, found[channel.pk]) for channel in channels), key=lambda row: (-row.n, row.name))
    return rows[:limit]


def place_row(channel: Channel, n: int) -> PlaceRow:
    """A channel as a line."""
    service = channel.source.service
    series = importers.SERVICES[service].series if service in importers.SERVICES else 6
    label = words.service_label(service)
    return PlaceRow(channel.pk, channel.name, label, channel.kind, series, channel.url, n)
