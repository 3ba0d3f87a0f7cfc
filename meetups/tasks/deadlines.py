"""The clock of applications."""

import logging

from celery import shared_task
from django.utils import timezone

from meetups.services import deadlines as clock

logger = logging.getLogger(__name__)


@shared_task(name="meetups.tasks.deadlines")
def deadlines() -> None:
    """Every day: what is due is done, row by row; harmless when it runs twice, late or after a gap."""
    now, done = timezone.now(), 0
    for verb, pk in clock.due(now):
        try:
            done += verb(pk=pk, now=now)
        except Exception:
            logger.exception("deadlines: %s of application %s failed; the others go on", verb.__name__, pk)
    logger.info("deadlines: %s done", done)
