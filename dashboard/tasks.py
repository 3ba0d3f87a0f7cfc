"""When the dashboard works: imports as they are asked for, summaries when something changed and at midnight."""

from datetime import UTC

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from dashboard.models import Alert, ConnectionTest, ImportRun, Report, UpdateMailing, UpdatePost
from dashboard.services import (
    alert_posts,
    alerts,
    connection_tests,
    reports,
    runs,
    summaries,
    update_letters,
    update_posts,
    updates,
)
from portal.jobs.services import enqueue, leased_by
from portal.members.services.matching import match_if_changed

#: Seconds: a rebuild of many millions of contributions takes minutes.
LONGEST = 3600

leased_by(ImportRun, "dashboard.tasks.run_import", has_lock=True)
leased_by(Alert, alerts.TASK)
leased_by(UpdatePost, updates.POST_TASK)
leased_by(UpdateMailing, updates.MAIL_TASK)
leased_by(ConnectionTest, connection_tests.TASK)


@shared_task(name="dashboard.tasks.run_import")
def run_import(run_id: int) -> None:
    """Work on one run; a run that is gone, finished or in other hands is left alone. The last of several rebuilds."""
    run = ImportRun.objects.select_related("source").filter(pk=run_id).first()
    if run is None:
        return
    runs.run_import(run, now=timezone.now(), budget=settings.IMPORT_BUDGET)
    if not ImportRun.objects.due(timezone.now()).exists():
        match_if_changed(now=timezone.now())
        rebuild_if_stale.delay()


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


@shared_task(name="dashboard.tasks.rebuild_summaries", time_limit=LONGEST, soft_time_limit=LONGEST)
def rebuild_summaries() -> None:
    """At midnight UTC: every window moves on by a day."""
    summaries.rebuild(today=timezone.now().astimezone(UTC).date())


@shared_task(name="dashboard.tasks.rebuild_if_stale", time_limit=LONGEST, soft_time_limit=LONGEST)
def rebuild_if_stale() -> None:
    """Once a minute: what imports, merges and affiliations changed."""
    summaries.rebuild_if_stale(timezone.now())


@shared_task(name="dashboard.tasks.freeze_reports")
def freeze_reports() -> None:
    """On the first days of a month: the reports that are due, and the draft of the monthly update."""
    reports.freeze_due(now=timezone.now())
    for report in Report.objects.filter(kind=Report.Kind.MONTH, update=None).order_by("-start_on")[:1]:
        updates.draft(report=report)


@shared_task(name="dashboard.tasks.post_update")
def post_update(post_id: int) -> None:
    """One try of one channel; a row that is gone, done or in other hands is left alone."""
    post = UpdatePost.objects.select_related("update_of__report").filter(pk=post_id).first()
    if post is not None:
        update_posts.post_update(post=post, now=timezone.now())


@shared_task(name="dashboard.tasks.mail_update")
def mail_update(mailing_id: int) -> None:
    mailing = UpdateMailing.objects.select_related("update_of__report").filter(pk=mailing_id).first()
    if mailing is not None:
        update_letters.mail_update(mailing=mailing, now=timezone.now())


@shared_task(name="dashboard.tasks.find_alerts")
def find_alerts() -> None:
    """Every hour; each cause is told once."""
    alerts.find(now=timezone.now())
    for key in alerts.to_be_posted():
        enqueue(alerts.TASK, key)


@shared_task(name="dashboard.tasks.post_alert")
def post_alert(alert_id: int) -> None:
    alert = Alert.objects.select_related("member", "contribution", "source").filter(pk=alert_id).first()
    if alert is not None:
        alert_posts.post_alert(alert=alert, now=timezone.now())
