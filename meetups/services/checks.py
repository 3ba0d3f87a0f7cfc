"""The machine's look at an application: asked for as rows, done in the background, kept as history."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import translation
from django.utils.translation import gettext as _

from meetups.checking import interest, launch, organisers, place, rhythm, room
from meetups.checking.findings import Finding, Outcome
from meetups.models import Application, Criterion, CriterionCheck
from meetups.services import check_facts as facts
from meetups.services.check_people import organiser_facts
from portal.jobs.services import enqueue
from portal.members.models import User

logger = logging.getLogger(__name__)

FRESH = timedelta(days=7)
#: Longer than a task may live, so that two workers never look at once.
LEASE = timedelta(minutes=6)
#: A check that could not be done is tried so often in all, with these waits between.
WAITS = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
MOST_TRIES = len(WAITS) + 1
LONGEST_TEXT = 600

Judge = Callable[[Application, datetime], Finding]
State = CriterionCheck.State


@transaction.atomic
def request_checks(*, application: Application, asked_by: User | None, now: datetime) -> list[CriterionCheck]:
    """Ask for a new look at each of the six criteria; a look that waits already is not asked for twice."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    waiting = {row.criterion: row for row in application.checks.filter(state=State.WAITING)}
    return [_ask(application, criterion, waiting.get(criterion), asked_by, now) for criterion in Criterion.values]


@transaction.atomic
def request_check(*, application: Application, criterion: str, now: datetime) -> CriterionCheck:
    """Ask for a new look at one criterion, by the machine itself: something it rests on has changed."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    waiting = application.checks.filter(state=State.WAITING, criterion=criterion).first()
    return _ask(application, criterion, waiting, None, now)


def _ask(
    application: Application, criterion: str, waiting: CriterionCheck | None, asked_by: User | None, now: datetime
) -> CriterionCheck:
    row = waiting or CriterionCheck(application=application, criterion=criterion)
    row.revision, row.asked_at, row.asked_by = application.revision, now, asked_by
    row.attempt, row.next_try_at = 0, None
    row.save()
    enqueue("meetups.tasks.run_check", row.pk)
    return row


def latest_checks(application: Application) -> dict[str, CriterionCheck]:
    """Criterion -> its newest check that has an outcome, else the one that waits; one query.

    `is_pending` tells that a newer look is on its way (or this one is tried again).
    """
    same = CriterionCheck.objects.filter(application=OuterRef("application"), criterion=OuterRef("criterion"))
    rows = (
        CriterionCheck.objects.filter(application=application)
        .annotate(
            is_judged=ExpressionWrapper(~Q(outcome=""), output_field=BooleanField()),
            is_pending=Exists(same.filter(state__in=[State.WAITING, State.RUNNING])),
        )
        .order_by("criterion", "-is_judged", "-pk")
        .distinct("criterion")
    )
    found = {row.criterion: row for row in rows}
    for row in found.values():
        row.application = application
    return {criterion: found[criterion] for criterion in Criterion.values if criterion in found}


def is_fresh(check: CriterionCheck | None, *, now: datetime) -> bool:
    """Whether a check speaks for the answers as they were sent last, and not longer ago than a week."""
    if check is None or not check.outcome or check.checked_at is None:
        return False
    return check.revision == check.application.revision and timedelta(0) <= now - check.checked_at <= FRESH


def run_check(*, check: CriterionCheck, now: datetime) -> bool:
    """Look at one criterion and write what was found; False when another worker has the row or it is not due.

    Whatever goes wrong ends in a row that is done, waits for its next try, or has failed: never in one that runs on.
    """
    if not check.claim(now=now, lease=LEASE):
        return False
    if check.attempt > MOST_TRIES:
        _write(check, _broken(), now)
        return True
    application = Application.objects.select_related("place", "applicant").get(pk=check.application_id)
    with translation.override(settings.LANGUAGE_CODE):
        try:
            with transaction.atomic():
                finding = _JUDGES[check.criterion](application, now)
        except Exception:
            logger.exception("check %s of application %s broke off", check.criterion, application.pk)
            finding = _broken(now + WAITS[0])
    check.revision = application.revision
    _write(check, finding, now)
    return True


def _broken(retry_at: datetime | None = None) -> Finding:
    return Finding(Outcome.UNKNOWN, _("The check broke off; nothing is known."), retry_at=retry_at)


def _write(check: CriterionCheck, finding: Finding, now: datetime) -> None:
    """Only by the worker that holds the row: one that was thought dead and comes back changes nothing."""
    next_try_at = _next_try(check, finding, now)
    mine = CriterionCheck.objects.filter(pk=check.pk, state=State.RUNNING, attempt=check.attempt)
    values = {
        "state": State.WAITING if next_try_at else State.DONE,
        "lease_until": None,
        "next_try_at": next_try_at,
        "revision": check.revision,
        "outcome": finding.outcome.value,
        "explanation": _plain(finding.explanation, limit=4 * LONGEST_TEXT),
        "evidence": _plain(finding.evidence),
        "checked_at": now,
    }
    with transaction.atomic():
        # A newer look waits already (somebody asked again meanwhile): this row need not be tried once more.
        others = CriterionCheck.objects.filter(application=check.application_id, criterion=check.criterion)
        if next_try_at and others.filter(state=State.WAITING).exclude(pk=check.pk).exists():
            values |= {"state": State.DONE, "next_try_at": None}
        mine.update(**values)
    check.refresh_from_db()


def _next_try(check: CriterionCheck, finding: Finding, now: datetime) -> datetime | None:
    if finding.retry_at is None or check.attempt > len(WAITS):
        return None
    return max(finding.retry_at, now + WAITS[check.attempt - 1])


def _plain(value: Any, *, limit: int = LONGEST_TEXT) -> Any:
    """What PostgreSQL can keep: no NUL, no half of a surrogate pair, no text without an end."""
    if isinstance(value, str):
        text = value.replace("\x00", "").encode("utf-8", "replace").decode()
        return text if len(text) <= limit else f"{text[: limit - 1]}…"
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, limit=limit) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, limit=limit) for inner in value]
    return value


def _place(application: Application, now: datetime) -> Finding:
    if application.is_online:
        return place.check_online(facts.online_place_facts(application))
    return place.check(facts.place_facts(application))


def _room(application: Application, now: datetime) -> Finding:
    if application.is_online:
        return room.check_online(facts.online_room_facts(application))
    return room.check(facts.room_facts(application))


_JUDGES: dict[str, Judge] = {
    Criterion.INTEREST: lambda application, now: interest.check(facts.interest_facts(application, now=now)),
    Criterion.PLACE: _place,
    Criterion.ORGANISERS: lambda application, now: organisers.check(organiser_facts(application, now=now)),
    Criterion.ROOM: _room,
    Criterion.LAUNCH: lambda application, now: launch.check(facts.launch_facts(application, now=now)),
    Criterion.RHYTHM: lambda application, now: rhythm.check(facts.rhythm_facts(application, now=now)),
}
