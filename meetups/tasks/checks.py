"""The machine's look at one criterion of an application."""

import logging

from celery import shared_task
from django.utils import timezone

from meetups.models import CriterionCheck
from meetups.services import checks
from portal.jobs.services import leased_by

logger = logging.getLogger(__name__)
leased_by(CriterionCheck, "meetups.tasks.run_check")


@shared_task(name="meetups.tasks.run_check")
def run_check(check_id: int) -> None:
    """Do one check; a row that is gone, done, not due or in other hands is left alone."""
    check = CriterionCheck.objects.filter(pk=check_id).first()
    if check is not None and checks.run_check(check=check, now=timezone.now()):
        logger.info("check %s of application %s: %s", check.criterion, check.application_id, check.outcome)
