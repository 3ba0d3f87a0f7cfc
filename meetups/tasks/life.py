"""The daily look at groups: who fell silent, who is left alone, which questions wait."""

import logging

from celery import shared_task
from django.utils import timezone

from meetups.models import Group
from meetups.services import life, needs, organiser_requests, organisers

logger = logging.getLogger(__name__)


@shared_task(name="meetups.tasks.group_life")
def group_life() -> None:
    """Announce and take the steps that are due; harmless when it runs twice, late or after a gap."""
    now, done = timezone.now(), 0
    for key in life.falling_asleep(now):
        try:
            life.look_after(group=Group(pk=key), now=now)
            done += 1
        except Exception:
            logger.exception("group_life: group %s was left as it is; the others go on", key)
    searches = organisers.open_successor_searches(now=now)
    waiting = organiser_requests.tell_team_of_waiting(now=now)
    forgotten = organisers.forget_old_invitations(now=now)
    over = needs.close_past_needs(now=now)
    logger.info(
        "group_life: %s groups, %s searches, %s questions for the team, %s old invitations, %s needs over",
        done, searches, waiting, forgotten, over,
    )  # fmt: skip
