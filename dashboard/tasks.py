"""When the dashboard works: imports as they are asked for, summaries when something changed and at midnight."""

from datetime import UTC

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dashboard.models import ConnectionTest, ImportRun
from dashboard.services import connection_tests, runs, summaries
from portal.jobs.services import leased_by

leased_by(ImportRun, "dashboard.tasks.run_import", has_lock=True)
leased_by(ConnectionTest, connection_tests.TASK)


@shared_task(name="dashboard.tasks.run_import")
def run_import(run_id: int) -> None:
    """Work on one run; a run that is gone, finished or in other hands is left alone. The last of several rebuilds."""
    run = ImportRun.objects.select_related("source").filter(pk=run_id).first()
    if run is None:
        return
    runs.run_import(run, now=timezone.now(), budget=settings.IMPORT_BUDGET)
    if not ImportRun.objects.due(timezone.now()).exists():
        summaries.rebuild_if_stale(timezone.now())


@shared_task(name=connection_tests.TASK, soft_time_limit=60, time_limit=90)
def test_connection(test_id: int) -> None:
    """Look whether a source can be read; never for longer than a minute."""
    test = ConnectionTest.objects.select_related("source").filter(pk=test_id).first()
    if test is not None:
        connection_tests.run_test(test, now=timezone.now())


@shared_task(name="dashboard.tasks.queue_imports")
def queue_imports() -> None:
    """Every few minutes from beat; harmless when it runs twice."""
    runs.queue_imports(now=timezone.now())


@shared_task(name="dashboard.tasks.rebuild_summaries")
def rebuild_summaries() -> None:
    """At midnight UTC: every window moves on by a day."""
    summaries.rebuild(today=timezone.now().astimezone(UTC).date())


@shared_task(name="dashboard.tasks.rebuild_if_stale")
def rebuild_if_stale() -> None:
    """Once a minute: what imports, merges and affiliations changed."""
    summaries.rebuild_if_stale(timezone.now())
