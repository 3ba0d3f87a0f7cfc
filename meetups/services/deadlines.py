"""What the clock does to applications: reminders, lapsing, the end of a hold, promises the team has not kept.

Each verb looks at one application under its lock and does what is due now, or nothing. So it does not matter whether
the clock runs twice, late, or after a gap of days.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from meetups import deadlines
from meetups.models import Application
from meetups.services import applications, deadline_letters

State = Application.State
Settle = Callable[..., bool]
#: States in which the team has the next word.
TEAM_ACTS = [State.SUBMITTED, State.IN_REVIEW]


def due(now: datetime) -> list[tuple[Settle, int]]:
    """(verb, key) of every application that something may be due for, oldest first."""
    return [
        (verb, key) for verb, rows in _due(now) for key in rows.order_by("pk").values_list("pk", flat=True).iterator()
    ]


def _due(now: datetime) -> list[tuple[Settle, QuerySet[Application]]]:
    first = now - timedelta(days=min(deadlines.REMINDERS))
    today = now.astimezone(UTC).date()
    idle = Q(state=State.DRAFT, changed_at__lte=first) | Q(state=State.CHANGES_REQUESTED, state_since__lte=first)
    return [
        (lapse_or_remind, Application.objects.filter(idle)),
        (end_hold, Application.objects.filter(state=State.ON_HOLD, review_by_on__lte=today)),
        (tell_overdue, Application.objects.filter(state__in=TEAM_ACTS, answer_by_on__lt=today)),
    ]


def _lock(pk: int) -> Application | None:
    rows = Application.objects.select_for_update(of=("self",)).select_related("place", "assignee")
    return rows.filter(pk=pk).first()


@transaction.atomic
def lapse_or_remind(*, pk: int, now: datetime) -> bool:
    """Lapse an application that lay too long; else remind its organisers, once, of the newest reminder that is due."""
    application = _lock(pk)
    if application is None:
        return False
    state, since = application.state, application.idle_since
    if deadlines.has_lapsed(state, idle_since=since, now=now):
        applications.move(application=application, to=State.LAPSED, actor=None, now=now, expected=state)
        return True
    days = deadlines.reminder_due(state, idle_since=since, now=now)
    return bool(days and deadline_letters.reminder(application, days=days))


@transaction.atomic
def end_hold(*, pk: int, now: datetime) -> bool:
    """On the day the team set itself (a day of UTC), an application that was put aside is in review again."""
    application = _lock(pk)
    if application is None or application.state != State.ON_HOLD or application.review_by_on is None:
        return False
    if application.review_by_on > now.astimezone(UTC).date():
        return False
    moved = applications.move(application=application, to=State.IN_REVIEW, actor=None, now=now, expected=State.ON_HOLD)
    event = moved.history.order_by("-pk").values_list("pk", flat=True)[0]
    deadline_letters.hold_over(application, event=event)
    return True


@transaction.atomic
def tell_overdue(*, pk: int, now: datetime) -> bool:
    """Write to the team, once for each revision, when the day of the promised answer is past."""
    application = _lock(pk)
    if application is None or application.state not in TEAM_ACTS or application.answer_by_on is None:
        return False
    if application.answer_by_on >= now.astimezone(UTC).date():
        return False
    return deadline_letters.overdue(application)
