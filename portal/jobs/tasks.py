"""The reconciler: sends again what the broker or a worker lost."""

from celery import shared_task
from django.utils import timezone

from portal.jobs import services


@shared_task(name="portal.jobs.tasks.reconcile")
def reconcile() -> None:
    """Every 30 s from beat; harmless when it runs twice."""
    now = timezone.now()
    services.beat_seen(now=now)
    services.reconcile(now=now)
