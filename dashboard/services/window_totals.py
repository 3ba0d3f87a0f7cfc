"""The totals of a window, the same of the window before, and both in equal parts for the small bars."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from dashboard.models import DayCount, WindowTotals
from dashboard.services import summary_sql

AWAY_DAYS = 90  # a person is "back" after so many days without anything
#: Days in a part and number of parts: whole weeks where the window has them.
PARTS = {30: (3, 10), 90: (7, 13), 365: (28, 13)}
_PART_NAMES = ("people", "organisations", "new", "returning")


def window_totals(cursor: CursorWrapper, *, days: int, today: date) -> WindowTotals:
    """The row of a window, not yet saved; reads `valued`, `member_days` and DayCount inside the rebuild."""
    start_on = today - timedelta(days=days - 1)
    before_on, before_end_on = start_on - timedelta(days=days), start_on - timedelta(days=1)
    now = _heads(cursor, start_on, today)
    before = _heads(cursor, before_on, before_end_on)
    span = {"start_on": start_on, "end_on": today, "before_on": before_on, "before_end_on": before_end_on}
    cursor.execute(summary_sql.RETAINED, span)
    now["retained"] = cursor.fetchone()[0]
    cursor.execute(summary_sql.VOLUNTEERS, span)
    now["volunteer_credit"], now["credit"], now["volunteers"] = (int(value) for value in cursor.fetchone())
    now["parts"] = _parts(cursor, days, today)
    return WindowTotals(days=days, until_on=today, totals=now, before=before)


def _heads(cursor: CursorWrapper, start_on: date, end_on: date) -> dict[str, Any]:
    cursor.execute(summary_sql.HEADS, {"start_on": start_on, "end_on": end_on, "away": AWAY_DAYS})
    people, organisations, new, returning = cursor.fetchone()
    contributions = DayCount.objects.filter(day__range=(start_on, end_on)).aggregate(n=Sum("n"))["n"] or 0
    return {
        "contributions": contributions,
        "people": people,
        "new": new,
        "returning": returning,
        "organisations": organisations,
    }


def _parts(cursor: CursorWrapper, days: int, today: date) -> dict[str, list[int]]:
    step, number = PARTS[days]
    start_on = today - timedelta(days=step * number - 1)
    parts = {name: [0] * number for name in ("contributions", *_PART_NAMES)}
    cursor.execute(summary_sql.HEADS_BY_PART, {"start_on": start_on, "end_on": today, "step": step, "away": AWAY_DAYS})
    for part, *values in cursor.fetchall():
        for name, value in zip(_PART_NAMES, values, strict=True):
            parts[name][part] = value
    by_day = DayCount.objects.filter(day__range=(start_on, today)).values_list("day").annotate(n=Sum("n"))
    for day, n in by_day:
        parts["contributions"][(day - start_on).days // step] += n
    return parts
