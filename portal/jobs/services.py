"""How a service asks for work without importing a task."""

import logging
from datetime import datetime

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.jobs.models import Heartbeat, Leased

logger = logging.getLogger(__name__)

#: model of leased rows -> name of the task that works on one of them; filled by `leased_by` in apps' `tasks.py`.
_REGISTER: dict[type[Leased], str] = {}


def leased_by(model: type[Leased], task_name: str) -> None:
    """Say that `task_name`, called with a primary key, works on rows of `model`; the reconciler re-sends lost ones."""
    _REGISTER[model] = task_name


def enqueue(task_name: str, *args: int | str) -> None:
    """Send the task by name once the current transaction commits.

    Never raises when the broker is away: the row that asked for the work stays due, and the reconciler sends it again.
    """
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[int | str, ...]) -> None:
    try:
        current_app.send_task(task_name, args=args, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("broker away, %s%r waits for the reconciler: %s", task_name, args, error)


def reconcile(*, now: datetime, limit: int = 500) -> int:
    """Send every due row of every registered model again; returns how many were sent."""
    sent = 0
    for model, task_name in _REGISTER.items():
        for pk in model._default_manager.due(now).order_by("pk").values_list("pk", flat=True)[:limit]:
            _send(task_name, (pk,))
            sent += 1
    return sent


def beat_seen(*, now: datetime) -> None:
    """Note that beat and a worker live; called by the scheduled reconciler."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"seen_at": now})
