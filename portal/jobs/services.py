"""How a service asks for work without importing a task."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from portal.jobs.models import Heartbeat, Leased

logger = logging.getLogger(__name__)

#: After a broker that did not answer, this process leaves it alone for so long: a page with ten letters waits once.
AWAY_SECONDS = 10.0
#: What the reconciler sends is sent again soon: copies that nobody took up meanwhile are dropped.
RESENT_SECONDS = 120.0
_away_until = 0.0


@dataclass(frozen=True, slots=True)
class _Work:
    task_name: str
    has_lock: bool


#: model of leased rows -> the task that works on one of them; filled by `leased_by` in apps' `tasks.py`.
_REGISTER: dict[type[Leased], _Work] = {}


def leased_by(model: type[Leased], task_name: str, *, has_lock: bool = False) -> None:
    """Say that `task_name`, called with a primary key, works on rows of `model`; the reconciler re-sends lost ones.

    `has_lock` says that the task itself leaves a row alone that somebody alive works on: then running rows are sent
    again before their lease ends, so that a dead worker is not waited for.
    """
    _REGISTER[model] = _Work(task_name, has_lock)


def enqueue(task_name: str, *args: int | str) -> None:
    """Send the task by name once the current transaction commits.

    Never raises when the broker is away: the row that asked for the work stays due, and the reconciler sends it again.
    """
    transaction.on_commit(lambda: _send(task_name, args), robust=True)


def _send(task_name: str, args: tuple[int | str, ...], *, expires: float | None = None) -> None:
    global _away_until
    if time.monotonic() < _away_until:
        return
    try:
        current_app.send_task(task_name, args=args, retry=False, expires=expires)
    except (OperationalError, RedisError, OSError) as error:
        _away_until = time.monotonic() + AWAY_SECONDS
        logger.warning("broker away, %s%r waits for the reconciler: %s", task_name, args, error)


def reconcile(*, now: datetime, limit: int = 500) -> int:
    """Send every due row of every registered model again; returns how many were sent."""
    sent = 0
    for model, work in _REGISTER.items():
        rows = model._default_manager.due(now)
        if work.has_lock:
            rows |= model._default_manager.filter(state=Leased.State.RUNNING)
        for pk in rows.order_by("pk").values_list("pk", flat=True)[:limit]:
            _send(work.task_name, (pk,), expires=RESENT_SECONDS)
            sent += 1
    return sent


def beat_seen(*, now: datetime) -> None:
    """Note that beat and a worker live; called by the scheduled reconciler."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"seen_at": now})
