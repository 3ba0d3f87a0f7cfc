"""Items nobody understood: let go once they come well, kept while they do not."""

from datetime import timedelta

import pytest

from dashboard.importers.records import Page, Rejected
from dashboard.models import Contribution, DeadLetter, Stream
from dashboard.services import dead_letters, runs
from tests.dashboard.factories import NOW, RunFactory, SourceFactory, record
from tests.dashboard.fake_importer import FakeImporter

pytestmark = pytest.mark.django_db


class Refusing(FakeImporter):
    """Makes no record of the ids in `refused`."""

    def __init__(self, worlds, refused):
        super().__init__(worlds)
        self.refused = refused

    def pages(self, *args, **options):
        for page in super().pages(*args, **options):
            good = tuple(one for one in page.records if one.external_id not in self.refused)
            bad = tuple(
                Rejected(one.external_id, "no date", "{}") for one in page.records if one.external_id in self.refused
            )
            yield Page(good, bad, page.cursor, page.is_last, page.requests)


def world(*names):
    return {"1": {"issues": [[record(f"issue:{name}")] for name in names]}}


def read(source, importer, hours):
    run = runs.run_import(RunFactory(source=source), now=NOW + timedelta(hours=hours), create=importer)
    assert run.state == "done"
    return run


def letters():
    return list(DeadLetter.objects.order_by("external_id").values_list("external_id", flat=True))


def test_letter_goes_when_its_item_comes_well():
    source = SourceFactory()
    read(source, Refusing(world("a", "b", "c"), {"issue:a", "issue:c"}), 0)
    assert letters() == ["issue:a", "issue:c"]
    read(source, Refusing(world("a", "b", "c"), {"issue:c"}), 1)
    assert letters() == ["issue:c"]
    assert Contribution.objects.count() == 2
    assert Stream.objects.get().n_items == 2


def test_reading_again_from_the_beginning_keeps_what_is_still_refused_and_drops_what_is_gone():
    source = SourceFactory()
    read(source, Refusing(world("a", "b", "c"), {"issue:a", "issue:b"}), 0)
    stream = Stream.objects.get()
    Stream.objects.update(cursor={"next": 2}, is_enabled=False, last_error="Gone.")
    done = dead_letters.read_again(streams=[stream.pk], asked_by=None, now=NOW + timedelta(hours=1))
    assert (done.n_streams, done.problems) == (1, [])
    run = source.runs.get(state="waiting")
    importer = Refusing(world("a", "c"), {"issue:a"})
    runs.run_import(run, now=NOW + timedelta(hours=2), create=importer)
    assert importer.read[0] == ("1", "issues", 0)
    assert letters() == ["issue:a"]
    stream.refresh_from_db()
    assert (stream.reread_since, stream.is_enabled, stream.last_error) == (None, True, "")


def test_reading_again_of_a_source_that_is_off_says_so():
    source = SourceFactory()
    read(source, FakeImporter(world("a")), 0)
    source.is_enabled = False
    source.save()
    done = dead_letters.read_again(streams=[Stream.objects.get().pk], asked_by=None, now=NOW)
    assert (done.n_streams, len(done.problems), source.runs.filter(state="waiting").count()) == (1, 1, 0)
