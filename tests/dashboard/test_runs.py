"""Import runs: one at a time, resumed where they stopped, and honest about what failed."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dashboard.importers import InvalidSource
from dashboard.models import Contribution, ImportRun, Source, Stream
from dashboard.services import runs
from dashboard.services.locks import stream_lock
from portal.clients.errors import AuthError, ForbiddenAddress, PermanentError, RateLimited, TransientError
from portal.jobs import services as jobs
from tests.dashboard.factories import NOW, RunFactory, SourceFactory, StreamFactory, record
from tests.dashboard.fake_importer import FakeImporter

pytestmark = pytest.mark.django_db


def pages(name: str, *sizes: int):
    """Pages of so many records each."""
    return [[record(f"{name}:{page}-{n}", who=f"{n}") for n in range(size)] for page, size in enumerate(sizes)]


def two_streams():
    return {"1": {"issues": pages("a", 2, 2, 1)}, "2": {"issues": pages("b", 3, 2)}}


def work(run, importer, *, now=NOW, **options):
    return runs.run_import(run, now=now, create=importer, **options)


def truth():
    rows = Contribution.objects.order_by("external_id").values_list(
        "external_id", "channel__key", "identity__uid", "title"
    )
    return list(rows), list(
        Stream.objects.order_by("channel__key").values_list("channel__key", "cursor", "is_backfilled")
    )


def raise_at(place, error):
    def before(*at):
        if at == place:
            raise error

    return before


def test_run_imports_everything_and_counts_it():
    run = work(RunFactory(), FakeImporter(two_streams()))
    assert (run.state, run.n_new, run.n_updated, run.n_skipped, run.n_requests) == ("done", 10, 0, 0, 5)
    assert (run.error, run.lease_until, run.started_at) == (
        "",
        None,
        NOW.replace(microsecond=run.started_at.microsecond),
    )
    source = Source.objects.get()
    assert (source.last_good_at, source.last_error) == (run.finished_at, "")
    assert Stream.objects.filter(is_backfilled=True, last_good_at__isnull=False).count() == 2


def test_run_twice_changes_nothing():
    source = SourceFactory()
    work(RunFactory(source=source), FakeImporter(two_streams()))
    before = truth()[0]
    run = work(RunFactory(source=source), FakeImporter(two_streams()), now=NOW + timedelta(hours=1))
    assert (run.n_new, run.n_updated, run.n_skipped) == (0, 0, 10)
    assert truth()[0] == before


@pytest.mark.parametrize("place", [("1", "issues", 0), ("1", "issues", 2), ("2", "issues", 1)])
def test_run_killed_in_the_middle_and_resumed_equals_an_unbroken_one(place):
    class Killed(BaseException):
        pass

    source, run = SourceFactory(), None
    run = RunFactory(source=source)
    with pytest.raises(Killed):
        work(run, FakeImporter(two_streams(), raise_at(place, Killed())))
    run.refresh_from_db()
    assert run.state == ImportRun.State.RUNNING
    assert not ImportRun.objects.due(NOW + timedelta(seconds=60)).exists()
    later = NOW + timedelta(seconds=1)  # the lock of a dead worker is free at once, its lease is not waited for
    resumed = FakeImporter(two_streams())
    run = work(run, resumed, now=later)
    assert (run.state, run.n_new, run.n_skipped) == ("done", 10, 0)
    assert resumed.read[0] == place if place != ("1", "issues", 0) else True
    broken = truth()
    Contribution.objects.all().delete()
    Stream.objects.all().delete()
    source.channels.all().delete()
    work(RunFactory(source=source), FakeImporter(two_streams()))
    assert truth() == broken


def test_run_goes_on_by_itself_when_its_time_is_up(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(jobs, "_send", lambda name, args: sent.append((name, args)))
    run = RunFactory()
    importer = FakeImporter(two_streams())
    with django_capture_on_commit_callbacks(execute=True):
        run = work(run, importer, budget=timedelta(0))
    assert (run.state, run.next_try_at, run.n_new) == ("waiting", None, 2)
    assert sent == [("dashboard.tasks.run_import", (run.pk,))]
    for _ in range(6):
        run = work(run, importer, budget=timedelta(0))
    assert (run.state, run.n_new) == ("done", 10)
    assert sorted(set(importer.read)) == sorted(importer.read)


def test_run_serves_every_stream_in_turn(monkeypatch):
    monkeypatch.setattr("dashboard.services.streams.PAGES_IN_TURN", 1)
    importer = FakeImporter(two_streams())
    work(RunFactory(), importer)
    assert [channel for channel, _stream, _number in importer.read] == ["1", "2", "1", "2", "1"]


def test_run_waits_in_the_database_when_the_source_asks_for_patience():
    later = NOW + timedelta(minutes=20)
    patience = RateLimited("GitHub asks to wait until 12:20.", retry_at=later)
    run = RunFactory()
    began = time.monotonic()
    run = work(run, FakeImporter(two_streams(), raise_at(("1", "issues", 1), patience)))
    assert time.monotonic() - began < 2
    assert (run.state, run.next_try_at, run.error, run.n_new) == ("waiting", later, patience.sentence, 2)
    assert not ImportRun.objects.due(NOW + timedelta(minutes=19)).exists()
    assert Source.objects.get().last_error == ""
    run = work(run, FakeImporter(two_streams()), now=NOW + timedelta(minutes=21))
    assert (run.state, run.n_new, run.error) == ("done", 10, "")


def test_failing_stream_is_switched_off_with_a_sentence_and_the_others_go_on():
    gone = PermanentError("The repository is gone (410).", status=410)
    source = SourceFactory()
    run = work(RunFactory(source=source), FakeImporter(two_streams(), raise_at(("1", "issues", 0), gone)))
    assert (run.state, run.n_new) == ("done", 5)
    assert run.error == "1 of 2 streams could not be read. channel 1 issues: The repository is gone (410)."
    streams = dict(Stream.objects.values_list("channel__key", "is_enabled"))
    assert streams == {"1": False, "2": True}
    source.refresh_from_db()
    assert (source.last_error, source.last_good_at) == (run.error, run.finished_at)


def test_passing_failure_postpones_its_stream():
    later = NOW + timedelta(minutes=5)
    lost = TransientError("The connection was lost.", retry_at=later)
    run = work(RunFactory(), FakeImporter(two_streams(), raise_at(("2", "issues", 1), lost)))
    stream = Stream.objects.get(channel__key="2")
    assert (run.state, stream.is_enabled, stream.next_try_at, stream.last_error) == ("done", True, later, lost.sentence)
    assert stream.cursor == {"next": 1, "round": 0}


def test_stream_that_leads_to_a_forbidden_address_stops_nobody_else():
    astray = ForbiddenAddress("The service pointed to 127.0.0.1:8313: the link was not followed.")
    run = work(RunFactory(), FakeImporter(two_streams(), raise_at(("1", "issues", 0), astray)))
    assert (run.state, run.n_new) == ("done", 5)
    assert dict(Stream.objects.values_list("channel__key", "is_enabled")) == {"1": False, "2": True}


def test_token_file_that_cannot_be_read_fails_the_run_with_a_sentence(monkeypatch, tmp_path):
    source = SourceFactory(name="code")
    monkeypatch.setenv("SOURCE_CODE_TOKEN_FILE", str(tmp_path / "none"))
    run = work(RunFactory(source=source), FakeImporter(two_streams()))
    assert run.state == "failed"
    assert run.error.startswith("SOURCE_CODE_TOKEN_FILE points at ")


def test_wrong_token_fails_the_run_and_leaves_the_streams_alone():
    refused = AuthError("GitHub refused the token (401).", status=401)
    run = work(RunFactory(), FakeImporter(two_streams(), raise_at(("1", "issues", 0), refused)))
    assert (run.state, run.error) == ("failed", refused.sentence)
    assert Stream.objects.filter(is_enabled=True, last_error="").count() == 2
    assert Source.objects.get().last_error == refused.sentence


def test_mistake_in_an_importer_stops_its_stream_only():
    run = work(RunFactory(), FakeImporter(two_streams(), raise_at(("1", "issues", 0), KeyError("user"))))
    assert (run.state, run.n_new) == ("done", 5)
    assert Stream.objects.get(channel__key="1").last_error == "An unexpected error (KeyError) stopped it."


def test_source_that_cannot_be_imported_fails_with_its_sentence():
    def refuse(config):
        raise InvalidSource("GitHub needs the option “org”.")

    run = work(RunFactory(), refuse)
    assert (run.state, run.error) == ("failed", "GitHub needs the option “org”.")


def test_importer_is_told_its_token_and_closed(monkeypatch):
    monkeypatch.setenv("SOURCE_MY_FORUM_TOKEN", "secret")
    importer = FakeImporter({})
    work(RunFactory(source__name="my-forum"), importer)
    assert (importer.config.token, importer.is_closed) == ("secret", True)
    assert "secret" not in repr(importer.config)


def test_worker_that_lost_its_lease_writes_nothing_more():
    run = RunFactory()

    def taken_over(channel, stream, number):
        if number == 1:
            ImportRun.objects.filter(pk=run.pk).update(attempt=99)

    work(run, FakeImporter({"1": {"issues": pages("a", 2, 2)}}, taken_over))
    run.refresh_from_db()
    assert (run.state, run.n_new, Contribution.objects.count()) == ("running", 2, 2)


def test_page_is_not_stored_when_the_cursor_moved_meanwhile():
    def moved(channel, stream, number):
        if number == 1:
            Stream.objects.update(cursor={"next": 7})

    work(RunFactory(), FakeImporter({"1": {"issues": pages("a", 2, 2)}}, moved))
    assert (Contribution.objects.count(), Stream.objects.get().cursor) == (2, {"next": 7})


def test_ask_for_run_gives_the_open_one(django_capture_on_commit_callbacks, monkeypatch):
    sent = []
    monkeypatch.setattr(jobs, "_send", lambda name, args: sent.append((name, args)))
    source = SourceFactory()
    with django_capture_on_commit_callbacks(execute=True):
        first = runs.ask_for_run(source=source)
        assert runs.ask_for_run(source=source) == first
    assert sent == [("dashboard.tasks.run_import", (first.pk,))]
    first.state = ImportRun.State.DONE
    first.save()
    assert runs.ask_for_run(source=source) != first


def test_ask_for_run_refuses_a_source_that_is_switched_off():
    with pytest.raises(ValidationError):
        runs.ask_for_run(source=SourceFactory(is_enabled=False))
    assert not ImportRun.objects.exists()


def test_queue_imports_asks_for_those_whose_time_has_come(settings):
    settings.IMPORT_EVERY = timedelta(minutes=60)
    due, recent, running, off, demo = (SourceFactory(name=name) for name in ("due", "recent", "running", "off", "demo"))
    Source.objects.filter(pk=off.pk).update(is_enabled=False)
    Source.objects.filter(pk=demo.pk).update(is_demo=True)
    RunFactory(source=due, state="done", created_at=NOW - timedelta(minutes=61))
    RunFactory(source=recent, state="done", created_at=NOW - timedelta(minutes=59))
    RunFactory(source=running, state="running", created_at=NOW - timedelta(minutes=90))
    assert runs.queue_imports(now=NOW) == 1
    assert runs.queue_imports(now=NOW) == 0
    assert ImportRun.objects.get(state="waiting").source == due


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_source_at_once_store_everything_once():
    """The same run sent twice, by two workers: one works, the other leaves it alone."""
    run = RunFactory()
    barrier, results = threading.Barrier(2), []

    def worker():
        mine = ImportRun.objects.get(pk=run.pk)
        barrier.wait()
        slow = FakeImporter(two_streams(), lambda *at: time.sleep(0.02))
        results.append((work(mine, slow), len(slow.read)))
        connection.close()

    threads = [threading.Thread(target=worker) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run.refresh_from_db()
    assert sorted(read for _run, read in results) == [0, 5]
    assert (run.state, run.n_new, run.n_skipped, Contribution.objects.count()) == ("done", 10, 0, 10)


@pytest.mark.django_db(transaction=True)
def test_two_sources_of_one_site_share_their_people_without_a_clash():
    sources = [SourceFactory(base_url="https://one.example.org") for _ in range(2)]
    barrier = threading.Barrier(2)
    errors = []

    def worker(source):
        barrier.wait()
        try:
            work(RunFactory(source=source), FakeImporter(two_streams()))
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        connection.close()

    threads = [threading.Thread(target=worker, args=[source]) for source in sources]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Contribution.objects.count() == 20
    assert Contribution.objects.values("identity__member").distinct().count() == 3


@pytest.mark.django_db(transaction=True)
def test_stream_lock_is_freed_when_its_connection_dies():
    stream = StreamFactory()
    other = connection.Database.connect(**connection.get_connection_params(), autocommit=True)
    other.execute("SELECT pg_try_advisory_lock(7301004, %s)", [stream.pk])
    with stream_lock(stream.pk) as is_ours:
        assert not is_ours
    pid = other.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    deadline = time.monotonic() + 5
    is_ours = False
    while not is_ours and time.monotonic() < deadline:
        with stream_lock(stream.pk) as is_ours:
            pass
        time.sleep(0.05)
    assert is_ours
    other.close()


@pytest.mark.django_db(transaction=True)
def test_run_that_somebody_alive_works_on_is_left_alone_and_that_of_a_dead_one_taken_over():
    run = RunFactory(state=ImportRun.State.RUNNING, attempt=1, lease_until=NOW + timedelta(minutes=2))
    holder = connection.Database.connect(**connection.get_connection_params(), autocommit=True)
    holder.execute("SELECT pg_try_advisory_lock(7301006, %s)", [run.pk])
    work(run, FakeImporter(two_streams()))
    run.refresh_from_db()
    assert (run.state, run.attempt, run.n_new) == ("running", 1, 0)
    holder.close()
    deadline = time.monotonic() + 5
    while run.is_open and time.monotonic() < deadline:
        work(run, FakeImporter(two_streams()))
        run.refresh_from_db()
    assert (run.state, run.attempt, run.n_new) == ("done", 2, 10)


@pytest.mark.django_db(transaction=True)
def test_busy_stream_is_tried_again_soon():
    source = SourceFactory()
    work(RunFactory(source=source), FakeImporter(two_streams()))
    busy = Stream.objects.get(channel__key="1")
    held, done = threading.Event(), threading.Event()

    def holder():
        with stream_lock(busy.pk):
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=holder)
    thread.start()
    held.wait(10)
    later = NOW + timedelta(hours=1)
    run = work(RunFactory(source=source), FakeImporter(two_streams()), now=later)
    done.set()
    thread.join()
    assert (run.state, run.n_skipped) == ("waiting", 5)
    assert later < run.next_try_at < later + timedelta(minutes=1)
