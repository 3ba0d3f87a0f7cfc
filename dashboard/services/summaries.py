"""Rebuilding the summaries, set-wise in SQL, from raw contributions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from dashboard import kinds
from dashboard.models import (
    CreditedWork,
    DayCount,
    MemberWindow,
    MonthCredit,
    OrganisationWindow,
    SummaryState,
    Weight,
    WindowTotals,
)
from dashboard.services import summary_sql, valuing_sql
from dashboard.services.identities import DELETED_PREFIX
from dashboard.services.staleness import begin_rebuild, is_stale, mark_stale
from dashboard.services.window_totals import window_totals
from dashboard.weights import REVIEW_KINDS, STATE_SELF, STATE_SELF_ACCEPTED

__all__ = ["MONTHS", "WINDOWS", "mark_stale", "rebuild", "rebuild_if_stale"]

WINDOWS = (30, 90, 365)
MONTHS = 13  # whole months of credit before the current one
SUMMARIES = (DayCount, MemberWindow, OrganisationWindow, MonthCredit, CreditedWork, WindowTotals)
_LOCK = 7_301_003


def rebuild(*, today: date) -> None:
    """Compute every summary anew as of the UTC day `today`; readers see the old ones until it commits.

    One rebuild at a time: a second one waits for the first, then runs on what is there by then.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        begin_rebuild(now)
        with connection.cursor() as cursor:
            # After a large import the server has not counted its tables yet: the plan it guesses takes minutes.
            cursor.execute("ANALYZE dashboard_contribution, members_identity, members_member, members_affiliation")
        with transaction.atomic(), connection.cursor() as cursor:
            _build(cursor, today)
            SummaryState.objects.filter(pk=1).update(built_at=now, rebuilding_since=None)
            cursor.execute("UPDATE dashboard_summarystate SET version = version + 1 WHERE id = 1")
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def rebuild_if_stale(now: datetime) -> bool:
    """Rebuild when contributions or members changed since the last time; whether it did."""
    if not is_stale(now):
        return False
    rebuild(today=now.astimezone(UTC).date())
    return True


def _build(cursor: CursorWrapper, today: date) -> None:
    values = parameters(today)
    cursor.execute("SET LOCAL work_mem = '64MB'")  # sorts of a year of contributions stay in memory
    cursor.execute("DROP TABLE IF EXISTS contributed, rates, valued, member_days, people")
    cursor.execute(valuing_sql.CONTRIBUTED, values)
    cursor.execute(valuing_sql.RATES)
    cursor.execute("ANALYZE contributed, rates")
    cursor.execute(valuing_sql.VALUED, values)
    cursor.execute("ANALYZE valued")
    cursor.execute(summary_sql.MEMBER_DAYS, values)
    cursor.execute(summary_sql.PEOPLE, values)
    cursor.execute("ANALYZE member_days, people")
    for model in SUMMARIES:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608 - a table's own name
    cursor.execute(summary_sql.DAY_COUNT, values)
    cursor.execute(summary_sql.MONTH_CREDIT, values)
    cursor.execute(summary_sql.CREDITED_WORK, values)
    for days in WINDOWS:
        start_on = today - timedelta(days=days - 1)
        window = {**values, "days": days, "start_on": start_on, "start": _midnight(start_on)}
        cursor.execute(summary_sql.MEMBER_WINDOW, window)
        cursor.execute(summary_sql.ORGANISATION_WINDOW, window)
        window_totals(cursor, days=days, today=today).save(force_insert=True)
    cursor.execute("DROP TABLE contributed, rates, valued, member_days, people")


def parameters(today: date, *, horizon_on: date | None = None, tomorrow: date | None = None) -> dict[str, Any]:
    """What the SQL that values contributions asks for; another stretch of days where one is given."""
    weights = Weight.objects.exclude(version__from_on=None)
    by_rule = dict.fromkeys(Weight.Counts.values, frozenset[str]())
    for kind, counts in weights.values_list("kind", "counts").distinct():
        by_rule[counts] |= {kind}
    horizon_on = horizon_on or months_before(today, MONTHS)
    return {
        "today": today,
        "tomorrow": _midnight(tomorrow or today + timedelta(days=1)),
        "horizon_on": horizon_on,
        "horizon": _midnight(horizon_on),
        "two_years": _midnight(today - timedelta(days=2 * max(WINDOWS) - 1)),
        "deleted": f"{DELETED_PREFIX}%",
        "root_kinds": sorted(kinds.ROOT_KINDS),
        "rooted_kinds": [kinds.ANSWER, *REVIEW_KINDS],
        "review_kinds": list(REVIEW_KINDS),
        "answer": kinds.ANSWER,
        "accepted": kinds.STATE_ACCEPTED,
        "self": STATE_SELF,
        "self_accepted": STATE_SELF_ACCEPTED,
        "thread_kinds": sorted(by_rule[Weight.Counts.FIRST_PER_THREAD]),
        "capped_kinds": sorted(set(weights.exclude(monthly_cap=None).values_list("kind", flat=True))),
        "chat_kinds": sorted(by_rule[Weight.Counts.FIRST_PER_CHANNEL_DAY]),
    }


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before the one of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
