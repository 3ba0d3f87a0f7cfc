"""Asking the machine to look at the six criteria. Rows are work: a task does each, outside any request."""

from datetime import datetime

from django.db import transaction

from meetups.models import Application, Criterion, CriterionCheck
from portal.jobs.services import enqueue
from portal.members.models import User


@transaction.atomic
def request_checks(*, application: Application, asked_by: User | None, now: datetime) -> list[CriterionCheck]:
    """One row for each criterion; those that wait already are used again."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    rows = []
    for criterion in Criterion:
        row, _made = CriterionCheck.objects.get_or_create(
            application=application,
            criterion=criterion,
            state=CriterionCheck.State.WAITING,
            defaults={"revision": application.revision, "asked_at": now, "asked_by": asked_by},
        )
        enqueue("meetups.tasks.run_check", row.pk)
        rows.append(row)
    return rows
