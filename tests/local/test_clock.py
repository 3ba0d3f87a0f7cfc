"""The clock of the bundle: Celery's beat without the weight of the apps."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from celery.beat import ScheduleEntry
from celery.schedules import crontab, schedule

from portal.celery import app
from portal.local.clock import make_due
from portal.local.state import ROOT
from tests.local.conftest import environment


def test_intervals_are_due_at_once_and_hours_are_not() -> None:
    now = datetime.now(UTC)
    often = ScheduleEntry(
        name="often", task="a", schedule=schedule(timedelta(minutes=5), app=app), last_run_at=now, app=app
    )
    nightly = ScheduleEntry(
        name="nightly", task="b", schedule=crontab(hour=(now.hour + 12) % 24, app=app), last_run_at=now, app=app
    )
    make_due([often, nightly])
    assert often.is_due().is_due is True
    assert nightly.is_due().is_due is False


def test_clock_loads_no_app(var: Path) -> None:
    """Its schedule names tasks only; the memory of a loaded Django is saved."""
    code = (
        "import sys; from celery.beat import Service; Service.start = lambda self: print(sorted("
        "name for name in sys.modules if name in ('django.contrib.admin', 'portal.members', 'dashboard.tasks')));"
        f"from portal.local import clock; clock.main({str(var / 'schedule')!r})"
    )
    var.mkdir()
    given = environment(var, DATABASE_URL="postgres://portal@127.0.0.1:9/none", REDIS_URL="redis://127.0.0.1:9/0")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=given, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
