"""Whether the stored summaries say what a recount of raw contributions says; each difference is a sentence."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from math import isclose
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from dashboard import levels
from dashboard.models import (
    CreditedWork,
    DayCount,
    MemberLevel,
    MemberWindow,
    MonthCredit,
    OpenQuestion,
    OrganisationStanding,
    OrganisationWindow,
    WindowTotals,
)
from dashboard.services.recount import Recount
from dashboard.services.staleness import is_stale
from dashboard.services.summaries import rebuild
from dashboard.services.summary_span import WINDOWS

SHOWN = 20


def disagreements(*, today: date, limit: int = SHOWN) -> list[str]:
    """The first differences between the summaries and a recount as of a UTC day; empty when they agree."""
    return list(islice(_differences(Recount(today)), limit))


def check_stored(*, now: datetime) -> list[str]:
    """Differences of what pages read at this moment; what has changed since the last rebuild is counted first.

    Both are read in one snapshot, so that an import that runs meanwhile is in neither.
    """
    if is_stale(now):
        rebuild(today=now.astimezone(UTC).date())
    with transaction.atomic():
        if not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        row = WindowTotals.objects.first()
        return disagreements(today=row.until_on if row else now.astimezone(UTC).date())


def _differences(recount: Recount) -> Iterator[str]:
    yield from _days_and_months(recount)
    yield from compare("level of a member", _stored(MemberLevel, "member_id"), recount.member_levels)
    yield from compare(
        "level of an organisation", _stored(OrganisationStanding, "organisation_id"), _standings(recount)
    )
    open_questions = set(OpenQuestion.objects.values_list("pk", flat=True))
    if open_questions != recount.open_questions():
        yield f"open questions: {sorted(open_questions ^ recount.open_questions())[:10]} are in only one of the two"
    for days in WINDOWS:
        members = _stored(MemberWindow, "member_id", days=days)
        yield from compare(f"{days} days of a member", members, recount.member_windows[days])
        organisations = _stored(OrganisationWindow, "organisation_id", days=days)
        yield from compare(f"{days} days of an organisation", organisations, recount.organisation_windows(days))
        yield from _totals(recount, days)


def _days_and_months(recount: Recount) -> Iterator[str]:
    stored = {(row.day, row.channel_id, row.kind): row.n for row in DayCount.objects.iterator()}
    yield from compare("contributions of a day", stored, recount.day_counts)
    months = {
        (m.month, m.member_id, m.organisation_id, m.kind, m.state, m.credit_each): [m.n, m.recognition, m.credit]
        for m in MonthCredit.objects.iterator()
    }
    yield from compare("credit of a month", months, recount.months)
    works = {
        work.pk: (work.month, work.organisation_id, work.member_id, work.state, work.credit)
        for work in CreditedWork.objects.iterator()
    }
    yield from compare("credited work", works, recount.works)


def _totals(recount: Recount, days: int) -> Iterator[str]:
    row = WindowTotals.objects.filter(days=days).first()
    if row is None or row.until_on != recount.today:
        yield f"{days} days: counted until {row.until_on if row else 'never'}, not {recount.today}"
        return
    yield from compare(f"totals of {days} days", _of(row.totals, recount.totals(days)), recount.totals(days))
    before = recount.numbers(days, days)
    yield from compare(f"totals before {days} days", _of(row.before, before), before)


def _of(stored: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: stored.get(name) for name in wanted}


def _standings(recount: Recount) -> dict[int, dict[str, Any]]:
    rule = recount.rule
    found = {}
    belonging = {a.organisation_id for own in recount.valuer.affiliations.values() for a in own}
    for pk in belonging:
        facts = recount.organisation_facts(pk, 0)
        found[pk] = {
            "level": levels.organisation_level_of(facts, rule),
            "before": levels.organisation_level_of(recount.organisation_facts(pk, rule.days), rule),
            "people": facts.people,
            "contributors": facts.contributors,
            "months": facts.months,
            "credit": facts.credit,
        }
    return found


def _stored(model: type[Model], key: str, **where: Any) -> dict[int, dict[str, Any]]:
    """Rows of a summary by the key of whom they speak of."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in {"id", "days", key}]
    rows = model._default_manager.filter(**where).values_list(key, *names)
    return {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows.iterator()}


def compare(what: str, stored: Mapping[Any, Any], recounted: Mapping[Any, Any]) -> Iterator[str]:
    """A sentence for each key on which the two differ."""
    for key in recounted.keys() | stored.keys():
        one, other = stored.get(key), recounted.get(key)
        if _same(one, other):
            continue
        if isinstance(one, dict) and isinstance(other, dict):
            parts = [name for name in other if not _same(one.get(name), other[name])]
            yield f"{what} {key}: " + ", ".join(f"{name} {one.get(name)}, recounted {other[name]}" for name in parts)
        else:
            yield f"{what} {key}: {one}, recounted {other}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return isclose(one, other, abs_tol=1e-6)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return one == other
