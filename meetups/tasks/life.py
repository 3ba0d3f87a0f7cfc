"""The daily look at groups: who fell silent, who is left alone, which questions wait, which needs are over."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone

from meetups.models import Group
from meetups.services import life, member_letters, needs, organiser_requests, organisers

logger = logging.getLogger(__name__)


@shared_task(name="meetups.tasks.group_life")
def group_life() -> None:
    """Announce and take the steps that are due; harmless when it runs twice, late or after a gap."""
    now = timezone.now()
    counts = {name: _each(name, work, now) for name, work in WORK.items()}
    logger.info("group_life: %s", ", ".join(f"{count} {name}" for name, count in counts.items()))


def _each(name: str, work: Callable[[datetime], Iterable[Callable[[], Any]]], now: datetime) -> int:
    """Do one kind of work row by row: what breaks off is logged and stops neither the other rows nor other kinds."""
    done = 0
    try:
        steps = list(work(now))
    except Exception:
        logger.exception("group_life: %s could not be read; the rest goes on", name)
        return 0
    for step in steps:
        try:
            done += _count(step())
        except Exception:
            logger.exception("group_life: one of %s was left as it is; the others go on", name)
    return done


def _count(result: object) -> int:
    """A number of rows is itself; a step that did something else than refuse is one."""
    return result if type(result) is int else int(result is not False)


def _silent(now: datetime) -> Iterable[Callable[[], Any]]:
    for key in life.falling_asleep(now):
        yield partial(life.look_after, group=Group(pk=key), now=now)


def _alone(now: datetime) -> Iterable[Callable[[], Any]]:
    for key, seat in organisers.lacking_organisers():
        yield partial(organisers.open_successor_search, group=Group(pk=key), revision=seat)


def _waiting(now: datetime) -> Iterable[Callable[[], Any]]:
    for request in organiser_requests.for_team(now).select_related("group", "member"):
        yield partial(organiser_requests.tell_team, request=request)


def _invitations(now: datetime) -> Iterable[Callable[[], Any]]:
    yield partial(organisers.forget_old_invitations, now=now)


def _news(now: datetime) -> Iterable[Callable[[], Any]]:
    for key in member_letters.groups_with_held_news(now):
        yield partial(member_letters.tell_held_news, group=Group(pk=key), now=now)


def _needs(now: datetime) -> Iterable[Callable[[], Any]]:
    yield partial(needs.close_past_needs, now=now)


#: In this order; each kind of work gives its steps, one a row.
WORK: dict[str, Callable[[datetime], Iterable[Callable[[], Any]]]] = {
    "silent groups": _silent,
    "searches": _alone,
    "questions for the team": _waiting,
    "old invitations": _invitations,
    "needs over": _needs,
    "dates told of later": _news,
}
