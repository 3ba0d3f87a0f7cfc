"""What is left of the calls of a source: kept for the pages, whatever becomes of Redis."""

from datetime import timedelta

import pytest

from dashboard.models import Contribution, DeadLetter, ImportRun, Source, SourceQuota, Stream
from dashboard.services import quota, runs
from portal.clients.gate import OpenGate, Pace, Paces, Quota
from tests.dashboard.factories import NOW, ChannelFactory, RunFactory, SourceFactory, StreamFactory
from tests.dashboard.test_runs import FakeImporter, pages, raise_at
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server

pytestmark = pytest.mark.django_db
SLOW = Paces(Pace(0.1, 1))


def shown(source: Source) -> list[tuple[str, int, int | None]]:
    return [(one.name, one.left, one.most) for one in quota.quota_left(source)]


@pytest.fixture
def server(settings):
    world = GitHubWorld()
    repository = world.add_repository("acme/one")
    for number in range(1, 151):
        world.add_issue(repository, number, world.user(f"login-{number % 7}"), f"2026-11-01T10:00:{number % 60:02}Z")
    with Server({"": GitHubApp(world)}) as running:
        settings.ALLOWED_PRIVATE_HOSTS = (running.host,)
        yield running


def import_from(server: Server, source: Source | None = None) -> ImportRun:
    source = source or SourceFactory(base_url=server.url(), options={"org": "acme"})
    return runs.run_import(RunFactory(source=source), now=NOW)


def test_import_keeps_what_the_service_says_is_left(server):
    run = import_from(server)
    left = 5000 - len(server.log)
    assert (run.state, shown(run.source)) == ("done", [("core", left, 5000)])
    assert SourceQuota.objects.get().seen_at > NOW


def test_run_that_has_to_wait_keeps_it_too(server):
    server.break_next("issues", faults.status(403, x_ratelimit_remaining="0", x_ratelimit_limit="60"))
    run = import_from(server)
    assert (run.state, shown(run.source)) == ("waiting", [("core", 0, 60)])


def test_scarcest_allowance_comes_first_and_a_new_one_is_told_apart():
    source, gate = SourceFactory(), OpenGate()
    later = NOW + timedelta(minutes=20)
    for one in (Quota("core", 4000, 5000, later), Quota("graphql", 50, 5000), Quota("odd", 10**40, None)):
        gate.note(one)
    quota.keep_quotas(source=source, gate=gate, now=NOW)
    assert shown(source) == [("graphql", 50, 5000), ("core", 4000, 5000), ("odd", 2**31 - 1, None)]
    core = SourceQuota.objects.get(name="core")
    assert (core.is_reset(NOW), core.is_reset(later)) == (False, True)


def test_sources_with_one_credential_share_a_gate_and_others_do_not():
    one, two = SourceFactory.create_batch(2, base_url="https://api.github.com")
    first, second = quota.gate_for(one, "ghp_word"), quota.gate_for(two, "ghp_word\n")
    stranger = quota.gate_for(two, "ghp_other")
    assert first.enter("", SLOW) is None
    assert second.enter("", SLOW) is not None
    assert stranger.enter("", SLOW) is None


def test_own_server_is_not_held_to_the_pace_of_the_public_one(settings):
    settings.ALLOWED_PRIVATE_HOSTS = ("forum.local:80",)
    own = quota.gate_for(SourceFactory(service="discourse", base_url="http://forum.local"), "")
    public = quota.gate_for(SourceFactory(service="discourse", base_url="https://forum.example.org"), "")
    assert [own.enter("", SLOW) is None for _ in range(3)] == [True] * 3
    assert [public.enter("", SLOW) is None for _ in range(3)] == [True, False, False]


def test_import_goes_on_without_redis(server, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    run = import_from(server)
    assert (run.state, run.n_new, run.error) == ("done", 150, "")


def test_import_waits_with_a_sentence_while_another_source_calls(server, monkeypatch):
    monkeypatch.setattr("portal.clients.turns.PATIENCE_SECONDS", 0.1)
    source = SourceFactory(base_url=server.url(), options={"org": "acme"})
    other = quota.gate_for(SourceFactory(base_url=server.url()), "")
    assert other.enter("", SLOW) is None
    run = import_from(server, source)
    assert (run.state, server.log) == ("waiting", [])
    assert run.error.startswith("Another import is asking the service with the same credential: this one goes on")
    other.leave()
    run = runs.run_import(run, now=run.next_try_at)
    assert (run.state, run.error, Contribution.objects.count()) == ("done", "", 150)


def test_dead_letters_of_a_file_are_no_stream_of_the_service():
    source = SourceFactory()
    letters = StreamFactory(channel=ChannelFactory(source=source, key="file"), name="file", is_enabled=False)
    DeadLetter.objects.create(stream=letters, reason="Line 3 is no record.")
    seen = []
    lost = raise_at(("1", "issues", 0), ValueError("broken"))
    importer = FakeImporter({"1": {"issues": pages("a", 2)}}, lost)
    run = runs.run_import(RunFactory(source=source), now=NOW, create=importer, progress=seen.append)
    assert (run.state, run.error) == (
        "failed",
        "1 of 1 streams could not be read. channel 1 issues: An unexpected error (ValueError) stopped it.",
    )
    assert [one.n_streams for one in seen] == [1]
    assert Stream.objects.count() == 2
