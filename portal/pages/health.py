"""Whether the process lives, and whether everything it needs does."""

from collections.abc import Callable
from datetime import timedelta

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.jobs.models import Heartbeat

BEAT_MAX_AGE = timedelta(seconds=90)


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; touches nothing else."""
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations, broker, beat: 200 when all are well, else 503 and which is not."""
    checks = {name: _result(check) for name, check in _CHECKS.items()}
    is_ready = all(result == "ok" for result in checks.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", "checks": checks},
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"},
    )


def _result(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # noqa: BLE001  whatever is wrong with a part, the page must tell; the name holds no secret
        return f"failed: {type(error).__name__}"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "ok" if not plan else f"{len(plan)} not applied"


def _broker() -> str:
    with current_app.connection_for_read(connect_timeout=2) as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
    return "ok"


def _beat() -> str:
    beat = Heartbeat.objects.filter(name="beat").first()
    if beat is None:
        return "never seen"
    age = timezone.now() - beat.seen_at
    return "ok" if age <= BEAT_MAX_AGE else f"last seen {int(age.total_seconds())} s ago"


_CHECKS = {"database": _database, "migrations": _migrations, "broker": _broker, "beat": _beat}
