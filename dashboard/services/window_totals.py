"""The totals of a window, the same of the window before, and both in equal parts for the small bars."""

from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.models import Sum

from dashboard.concentration import effective_number, fewest_for_half, largest_share
from dashboard.levels import Level
from dashboard.models import DayCount, MemberWindow, OrganisationWindow, WindowTotals
from dashboard.services import level_sql, question_sql, summary_sql
from dashboard.services.summary_span import GROWTH_MONTHS, months_before

#: Days in a part and number of parts: whole weeks where the window has them.
PARTS = {30: (3, 10), 90: (7, 13), 365: (28, 13)}
_PART_NAMES = ("people", "organisations", "new", "returning")


def window_totals(cursor: CursorWrapper, *, values: dict[str, Any], months: list[dict[str, Any]]) -> WindowTotals:
    """The row of a window, not yet saved; reads the temporary tables, DayCount and the windows inside the rebuild.

    `totals` and `before` hold the same numbers of this window and of the one before; `totals` alone has `parts`,
    `heat` (7 rows from Monday of 24 hours, UTC), `growth` (the same months in each), `levels` and the concentration.
    """
    days, today = values["days"], values["today"]
    start_on = values["start_on"]
    before_end_on = start_on - timedelta(days=1)
    before_on = start_on - timedelta(days=days)
    now = _numbers(cursor, values, start_on, today)
    before = _numbers(cursor, values, before_on, before_end_on)
    now["retained"] = _retained(cursor, before_on, before_end_on, start_on, today)
    now["retention"] = _share(now["retained"], before["people"])
    cursor.execute(summary_sql.VOLUNTEERS, values)
    now["volunteer_credit"], now["credit"], now["volunteers"] = (int(value) for value in cursor.fetchone())
    now["parts"] = _parts(cursor, values)
    now["heat"] = _heat(cursor, values)
    now["growth"] = months
    now.update(_levels(cursor, values))
    now.update(_concentration(days))
    return WindowTotals(days=days, until_on=today, totals=now, before=before)


def _numbers(cursor: CursorWrapper, values: dict[str, Any], start_on: date, end_on: date) -> dict[str, Any]:
    span = {**values, "start_on": start_on, "end_on": end_on}
    cursor.execute(summary_sql.HEADS, span)
    people, new, returning, organisations = cursor.fetchone()
    cursor.execute(question_sql.ANSWERS, span)
    response, responses, questions, unanswered = cursor.fetchone()
    contributions = DayCount.objects.filter(day__range=(start_on, end_on)).aggregate(n=Sum("n"))["n"] or 0
    return {
        "contributions": contributions,
        "people": people,
        "new": new,
        "returning": returning,
        "organisations": organisations,
        "response_seconds": None if response is None else float(response),
        "responses": responses,
        "questions": questions,
        "unanswered": unanswered,
    }


def _retained(cursor: CursorWrapper, before_on: date, before_end_on: date, start_on: date, end_on: date) -> int:
    span = {"start_on": start_on, "end_on": end_on, "before_on": before_on, "before_end_on": before_end_on}
    cursor.execute(summary_sql.RETAINED, span)
    return cursor.fetchone()[0]


def _share(part: int, whole: int) -> int | None:
    """Whole per cent; None of nothing."""
    return round(part / whole * 100) if whole else None


def _parts(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, list[int]]:
    step, number = PARTS[values["days"]]
    today = values["today"]
    start_on = today - timedelta(days=step * number - 1)
    parts = {name: [0] * number for name in ("contributions", *_PART_NAMES)}
    cursor.execute(summary_sql.HEADS_BY_PART, {**values, "start_on": start_on, "end_on": today, "step": step})
    for part, *found in cursor.fetchall():
        for name, value in zip(_PART_NAMES, found, strict=True):
            parts[name][part] = value
    by_day = DayCount.objects.filter(day__range=(start_on, today)).values_list("day").annotate(n=Sum("n"))
    for day, n in by_day:
        parts["contributions"][(day - start_on).days // step] += n
    return parts


def _heat(cursor: CursorWrapper, values: dict[str, Any]) -> list[list[int]]:
    heat = [[0] * 24 for _day in range(7)]
    cursor.execute(summary_sql.HEAT, values)
    for day, hour, n in cursor.fetchall():
        heat[day][hour] = n
    return heat


def growth(cursor: CursorWrapper, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Each month's contributions, active and new people, and everybody who had ever been here by its end; the oldest
    month first."""
    today = values["today"]
    cursor.execute(summary_sql.GROWTH, values)
    people = {month: (active, new) for month, active, new in cursor.fetchall()}
    counts: dict[date, int] = {}
    for day, n in DayCount.objects.filter(day__gte=values["growth_on"]).values_list("day").annotate(n=Sum("n")):
        counts[day.replace(day=1)] = counts.get(day.replace(day=1), 0) + n
    cursor.execute(summary_sql.EVERYBODY)
    ever = cursor.fetchone()[0]
    months = []
    for number in range(GROWTH_MONTHS):
        month = months_before(today, number)
        active, new = people.get(month, (0, 0))
        row = {"month": month.isoformat(), "contributions": counts.get(month, 0), "people": active, "new": new}
        months.append({**row, "ever": ever})
        ever -= new
    return months[::-1]


def _levels(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, Any]:
    """`levels`: people of each level now; `levels_before`: on the day before the window; `moves`: [from, to, people],
    where from is null for who had never been here."""
    cursor.execute(level_sql.MOVES, values)
    moves = sorted(cursor.fetchall(), key=lambda move: (move[0] is None, move[0] or 0, move[1]))
    now, before = (dict.fromkeys((level.key for level in Level), 0) for _ in range(2))
    for was, is_now, n in moves:
        now[Level(is_now).key] += n
        if was is not None:
            before[Level(was).key] += n
    named = [[None if was is None else Level(was).key, Level(is_now).key, n] for was, is_now, n in moves]
    return {"levels": now, "levels_before": before, "moves": named}


def _concentration(days: int) -> dict[str, Any]:
    """How much hangs on few; chat counts once per person, channel and day."""
    people = list(MemberWindow.objects.filter(days=days, n__gt=0).values_list("counted", flat=True))
    organisations = list(OrganisationWindow.objects.filter(days=days, n__gt=0).values_list("counted", flat=True))
    return {
        "absence_factor": fewest_for_half(people),
        "elephant_factor": fewest_for_half(organisations),
        "diversity": effective_number(organisations),
        "largest_organisation_share": largest_share(organisations),
        "counted": sum(people),
        "counted_by_organisations": sum(organisations),
    }
