"""The dates of monthly slots."""

import logging

from celery import shared_task
from django.utils import timezone

from meetups.models import Series
from meetups.services import series as slots

logger = logging.getLogger(__name__)


@shared_task(name="meetups.tasks.expand_series")
def expand_series() -> None:
    """Every night: each living slot has its next dates; harmless when it runs twice."""
    now, made = timezone.now(), 0
    for key in slots.series_to_expand():
        one = Series.objects.select_related("group").filter(pk=key).first()
        if one is None:
            continue
        try:
            made += slots.expand_series(series=one, now=now)
        except Exception:
            logger.exception("expand_series: series %s got no dates; the others go on", key)
    logger.info("expand_series: %s new dates", made)
