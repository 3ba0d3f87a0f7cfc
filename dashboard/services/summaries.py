"""Rebuilding the summaries, set-wise in SQL, from raw contributions."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone

from dashboard.models import PageChange, SummaryState, WindowTotals
from dashboard.services import fresh, level_sql, question_sql, summary_sql, valuing_sql
from dashboard.services.staleness import begin_rebuild, changed_members, is_stale, mark_stale
from dashboard.services.summary_span import MONTHS, WINDOWS, midnight, months_before, parameters
from dashboard.services.window_totals import growth, window_totals

__all__ = ["MONTHS", "WINDOWS", "mark_stale", "months_before", "rebuild", "rebuild_if_stale", "rebuild_members"]

#: What changed is counted at most so often.
EVERY = timedelta(minutes=1)
#: So many members' rows are counted anew by themselves.
FEW = 100
_LOCK = 7_301_003
_TEMPORARY = (
    "contributed, rates, valued, member_days, quiet, people, asked, level_facts, organisation_facts, quiet_best"
)


def rebuild(*, today: date) -> None:
    """Compute every summary anew as of the UTC day `today`; readers see the old ones until it commits.

    One rebuild at a time: a second one waits for the first, then runs on what is there by then.
    """
    now, began = timezone.now(), time.monotonic()
    with _alone():
        begin_rebuild(now)
        with connection.cursor() as cursor:
            # After a large import the server has not counted its tables yet: the plan it guesses takes minutes.
            cursor.execute("ANALYZE dashboard_contribution, members_identity, members_member, members_affiliation")
        with transaction.atomic(), connection.cursor() as cursor:
            _build(cursor, parameters(today))
            took = time.monotonic() - began
            SummaryState.objects.filter(pk=1).update(
                built_at=now, seconds=took, members_at=now, rebuilding_since=None, version=F("version") + 1
            )
            PageChange.objects.all().delete()


def rebuild_members(*, members: Sequence[int], now: datetime) -> None:
    """Compute the rows of a few members anew, for the day the summaries stand at: two people after a merge.

    Totals and organisations follow with the next whole rebuild: the changes stay unconsumed until then.
    """
    row = WindowTotals.objects.first()
    if row is None:
        return
    with _alone(), transaction.atomic(), connection.cursor() as cursor:
        values = {**parameters(row.until_on), "members": list(members)}
        _prepare(cursor, values)
        cursor.execute(summary_sql.MONTH_CREDIT, values)
        cursor.execute(summary_sql.CREDITED_WORK, values)
        _judge(cursor, values)
        for days in WINDOWS:
            cursor.execute(summary_sql.MEMBER_WINDOW, _window(values, days))
        fresh.store(cursor, members=members)
        cursor.execute(f"DROP TABLE IF EXISTS {_TEMPORARY}")
        SummaryState.objects.filter(pk=1).update(members_at=now, version=F("version") + 1)


def rebuild_if_stale(now: datetime) -> bool:
    """Rebuild when contributions or members changed since the last time; whether it did.

    Whole rebuilds are at least EVERY apart, and more where they take long. Members who changed meanwhile (at most
    FEW) get their own rows anew at once.
    """
    if is_stale(now, every=EVERY):
        rebuild(today=now.astimezone(UTC).date())
        return True
    changed = changed_members(limit=FEW + 1)
    if changed and len(changed) <= FEW:
        rebuild_members(members=changed, now=now)
        return True
    return False


@contextmanager
def _alone() -> Iterator[None]:
    """One rebuild at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _prepare(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    cursor.execute("SET LOCAL work_mem = '64MB'")  # sorts of a year of contributions stay in memory
    cursor.execute(f"DROP TABLE IF EXISTS {_TEMPORARY}")
    _value(cursor, values)
    fresh.begin(cursor)


def _build(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    _prepare(cursor, values)
    cursor.execute(summary_sql.DAY_COUNT, values)
    cursor.execute(summary_sql.MONTH_CREDIT, values)
    cursor.execute(summary_sql.CREDITED_WORK, values)
    cursor.execute(question_sql.ASKED, values)
    cursor.execute(question_sql.OPEN_QUESTION, values)
    _judge(cursor, values)
    months = growth(cursor, values)
    for days in WINDOWS:
        window = _window(values, days)
        cursor.execute(summary_sql.MEMBER_WINDOW, window)
        cursor.execute(summary_sql.ORGANISATION_WINDOW, window)
        window_totals(cursor, values=window, months=months).save(force_insert=True)
    fresh.store(cursor)
    cursor.execute(f"DROP TABLE {_TEMPORARY}")


def _window(values: dict[str, Any], days: int) -> dict[str, Any]:
    start_on = values["today"] - timedelta(days=days - 1)
    return {**values, "days": days, "start_on": start_on, "end_on": values["today"], "start": midnight(start_on)}


def _value(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """Fill `member_days`, `valued` and `people`."""
    cursor.execute(summary_sql.MEMBER_DAYS, values)
    cursor.execute("ANALYZE member_days")
    cursor.execute(level_sql.QUIET, values)
    cursor.execute("ANALYZE quiet")
    cursor.execute(valuing_sql.CONTRIBUTED, values)
    cursor.execute(valuing_sql.LONG_AGO, values)
    cursor.execute(valuing_sql.RATES)
    cursor.execute("ANALYZE contributed, rates")
    cursor.execute(valuing_sql.VALUED, values)
    cursor.execute("ANALYZE valued")
    cursor.execute(summary_sql.PEOPLE, values)
    cursor.execute("ANALYZE people")


def _judge(cursor: CursorWrapper, values: dict[str, Any]) -> None:
    """Levels of everybody, today and before each window."""
    today, length = values["today"], values["days"]
    cursor.execute(level_sql.TABLES)
    for age in sorted({0, length, *WINDOWS}):
        end_on = today - timedelta(days=age)
        span = {**values, "age": age, "end_on": end_on, "from_on": end_on - timedelta(days=length - 1)}
        cursor.execute(level_sql.MEMBER_FACTS, span)
        cursor.execute(level_sql.ORGANISATION_FACTS, span)
    cursor.execute(level_sql.QUIET_FACTS, values)
    cursor.execute("ANALYZE level_facts, organisation_facts, quiet_best")
    cursor.execute(level_sql.MEMBER_LEVEL, values)
    cursor.execute(level_sql.ORGANISATION_STANDING, values)
