"""Asking the machine to look at the six criteria. Rows are work: a task does each, outside any request."""

from datetime import datetime, timedelta

from django.db import transaction

from meetups.models import Application, Criterion, CriterionCheck
from portal.jobs.services import enqueue
from portal.members.models import User

#: A machine check older than this says nothing about today.
FRESH = timedelta(days=7)


@transaction.atomic
def request_checks(*, application: Application, asked_by: User | None, now: datetime) -> list[CriterionCheck]:
    """One row for each criterion; those that wait already are used again."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    waiting = {row.criterion: row for row in application.checks.filter(state=CriterionCheck.State.WAITING)}
    rows = []
    for criterion in Criterion.values:
        row = waiting.get(criterion) or CriterionCheck(application=application, criterion=criterion)
        row.revision, row.asked_at, row.asked_by = application.revision, now, asked_by
        row.save()
        enqueue("meetups.tasks.run_check", row.pk)
        rows.append(row)
    return rows


def latest_checks(application: Application) -> dict[str, CriterionCheck]:
    """Criterion -> its newest check that has an outcome: one query."""
    rows = application.checks.exclude(outcome="").order_by("criterion", "-pk").distinct("criterion")
    found = {row.criterion: row for row in rows}
    for row in found.values():
        row.application = application
    return found


def is_fresh(check: CriterionCheck | None, *, now: datetime) -> bool:
    """Whether a check speaks for the answers as they were sent last, and not longer ago than a week."""
    if check is None or not check.outcome or check.checked_at is None:
        return False
    return check.revision == check.application.revision and now - check.checked_at <= FRESH
