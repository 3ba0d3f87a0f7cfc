"""The looks at communities elsewhere."""

import logging

from celery import shared_task
from django.utils import timezone

from meetups.models import LinkCheck
from meetups.services import link_checks
from portal.jobs.services import leased_by

logger = logging.getLogger(__name__)
leased_by(LinkCheck, link_checks.TASK)


@shared_task(name="meetups.tasks.check_link")
def check_link(check_id: int) -> None:
    """One look; a row that is gone, not due or being looked at is left alone."""
    check = LinkCheck.objects.filter(pk=check_id).first()
    if check is not None:
        link_checks.check_link(check=check, now=timezone.now())


@shared_task(name="meetups.tasks.queue_link_checks")
def queue_link_checks() -> None:
    """Every night: each community elsewhere has its weekly look; harmless when it runs twice."""
    logger.info("queue_link_checks: %s new", link_checks.queue_missing(now=timezone.now()))
