"""How a stream is read: the cursor that is stored is the one the page came with."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from dashboard.importers.records import Cursor, Page
from dashboard.models import Contribution, Stream
from dashboard.services import runs
from tests.dashboard.factories import NOW, RunFactory, record
from tests.dashboard.fake_importer import FakeImporter

pytestmark = pytest.mark.django_db


class Sharing(FakeImporter):
    """Goes on changing the list that its last cursor, and the stored one it was given, hold."""

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        done = cursor.setdefault("done", [])
        while len(done) < 4:
            number = len(done)
            done.append(number)
            yield Page((record(f"a:{number}"),), (), {"done": done}, is_last=number == 3)


def test_cursor_that_shares_a_list_with_the_importer_ends_no_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.services.streams.PAGES_IN_TURN", 2)
    run = runs.run_import(RunFactory(), now=NOW, create=Sharing({"1": {"issues": []}}))
    stream = Stream.objects.get()
    assert (run.state, stream.cursor, stream.is_backfilled) == ("done", {"done": [0, 1, 2, 3]}, True)
    assert sorted(Contribution.objects.values_list("external_id", flat=True)) == ["a:0", "a:1", "a:2", "a:3"]
