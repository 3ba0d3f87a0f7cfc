"""When the dashboard works: imports as they are asked for, summaries when something changed and at midnight."""

from datetime import UTC

from celery import shared_task
from django.utils import timezone

from dashboard.models import ImportRun
from dashboard.services import runs, summaries
from portal.jobs.services import leased_by
from portal.members.services.matching import match_if_changed

leased_by(ImportRun, "dashboard.tasks.run_import", has_lock=True)


@shared_task(name="dashboard.tasks.run_import")
def run_import(run_id: int) -> None:
    """Work on one run; a run that is gone, finished or in other hands is left alone. The last of several rebuilds."""
    run = ImportRun.objects.select_related("source").filter(pk=run_id).first()
    if run is None:
        return
    runs.run_import(run, now=timezone.now())
    if not ImportRun.objects.due(timezone.now()).exists():
        match_if_changed(now=timezone.now())
        summaries.rebuild_if_stale(timezone.now())


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
