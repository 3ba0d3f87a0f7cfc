"""How an import is told in a terminal and in the log: how fast, how long still, one line at the end."""

import io
import logging
import re
from datetime import timedelta
from unittest.mock import Mock

import pytest

from dashboard.management import progress
from dashboard.services import runs
from dashboard.services.pages import Progress
from portal.clients.errors import TransientError
from tests.dashboard.factories import NOW, RunFactory, SourceFactory
from tests.dashboard.fake_importer import FakeImporter
from tests.dashboard.test_runs import two_streams

RUN_LINE = re.compile(
    r"import source=code service=github run=\d+ state=(\w+) new=(\d+) updated=0 skipped=0 rejected=0 requests=(\d+) "
    r"seconds=\d+\.\d turns=(\d) error='(.*)'"
)


def test_plain_lines_tell_speed_and_time_left(monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0.0)
    out = io.StringIO()
    monkeypatch.setattr(progress.time, "monotonic", iter([0.0, 0.0, *[100.0] * 9]).__next__)
    with progress.ImportDisplay("code", out) as display:
        display.show(Progress("a/b issues", 1, 4, 3000, 500, 500, 0))
    assert "code: 1 of 4 streams, 4,000 items, 40/s, about 5 minutes left, a/b issues" in out.getvalue()


@pytest.mark.django_db
def test_log_has_one_line_for_each_run(caplog):
    run = RunFactory(source=SourceFactory(name="code"))
    slow = TransientError("Slow.", retry_at=NOW + timedelta(minutes=1))
    away = FakeImporter({})
    away.channels = Mock(side_effect=slow)
    with caplog.at_level(logging.INFO, logger="dashboard.services.runs"):
        runs.run_import(run, now=NOW, create=away)
        assert (run.state, caplog.messages) == ("waiting", [])
        runs.run_import(run, now=NOW + timedelta(minutes=2), create=FakeImporter(two_streams()))
    (line,) = caplog.messages
    assert RUN_LINE.fullmatch(line).groups() == ("done", "10", "5", "2", "")
