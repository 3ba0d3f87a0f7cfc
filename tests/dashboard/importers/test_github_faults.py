"""Every way an answer of GitHub can go wrong: after it the database equals what is at GitHub."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.models import DeadLetter, Source, Stream
from dashboard.services import runs
from tests.dashboard.factories import RunFactory, SourceFactory
from tests.dashboard.importers.factories import NOW
from tests.dashboard.importers.github_factories import crowd, day, importer, stored, truth, work, work_to_the_end
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Reply, Request, Server

pytestmark = pytest.mark.django_db

PLACES = {"comments": "/one/issues/comments", "graphql": "/graphql"}
EVERY_PLACE = {
    **PLACES,
    "issues": "/one/issues\\?",
    "code comments": "/one/pulls/comments",
    "repositories": "/orgs/acme/repos",
}


@pytest.fixture
def world() -> GitHubWorld:
    return crowd(7)


@pytest.fixture
def server(world: GitHubWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr("portal.clients.github.PER_PAGE", 5)
    monkeypatch.setattr("dashboard.importers.github_feeds.ChangeFeed.size", 5)
    monkeypatch.setattr("dashboard.importers.github_feeds.ChangeFeed.old_size", 5)
    monkeypatch.setattr("dashboard.importers.github_feeds.DiscussionFeed.size", 5)
    monkeypatch.setattr("dashboard.importers.github_feeds.CommitFeed.size", 5)
    with Server({"": GitHubApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return SourceFactory(base_url=server.url(), options={"org": "acme"})


def finish(source: Source, server: Server) -> None:
    """The fault passes, a person switches on again what a refusal switched off, and two imports are made."""
    server.faults.clear()
    Stream.objects.update(is_enabled=True)
    for hours in (3, 6):
        work_to_the_end(source, server, now=NOW + timedelta(hours=hours))


SENDS = {
    "429 and a time": faults.status(429, Retry_After="40"),
    "429 and nothing": faults.status(429),
    "403 and a time": faults.status(403, Retry_After="40"),
    "403 and nothing": faults.status(403),
    "secondary limit": faults.status(403, b'{"message": "You have exceeded a secondary rate limit"}'),
    "401": faults.status(401),
    "404": faults.status(404),
    "410": faults.status(410),
    "500": faults.status(500),
    "502 page": faults.status(502, faults.PAGE, Content_Type="text/html"),
    "503 and a time": faults.status(503, Retry_After="2"),
    "page with 200": faults.html(),
    "wrong type": faults.body(b"{}", Content_Type="text/plain"),
    "half of it": faults.truncated_json(),
    "cut off": faults.cut_off(),
    "reset": faults.reset(),
    "bomb": faults.bomb(60),
    "drip": faults.drip(0.05),
    "another thing": faults.data({"message": "hello"}),
    "nothing": faults.data(None),
    "points used up": faults.data({"errors": [{"type": "RATE_LIMITED"}]}),
    "too much": faults.data({"data": {"repository": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED"}]}),
    "not found": faults.data({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND"}]}),
    "forbidden": faults.data({"data": {"repository": None}, "errors": [{"type": "FORBIDDEN"}]}),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", SENDS)
@pytest.mark.parametrize("place", PLACES)
def test_broken_answer_in_mid_import_loses_nothing(
    world: GitHubWorld, server: Server, source: Source, place: str, name: str
) -> None:
    server.break_next(PLACES[place], SENDS[name], skip=1)
    work(source, server)
    assert not server.faults[0].times
    finish(source, server)
    assert stored(source) == truth(world)
    assert source.runs.latest("pk").error == ""


@pytest.mark.thorough
@pytest.mark.parametrize("place", EVERY_PLACE)
def test_place_that_is_down_for_a_while_is_waited_for(
    world: GitHubWorld, server: Server, source: Source, place: str
) -> None:
    server.break_next(EVERY_PLACE[place], faults.status(500), times=999)
    run = work(source, server)
    assert "has a problem of its own" in (run.error or Stream.objects.exclude(last_error="")[0].last_error)
    finish(source, server)
    assert stored(source) == truth(world)


class Odd(GitHubApp):
    """Changes lists on their way."""

    def respond(self, request: Request) -> Reply:
        reply = super().respond(request)
        found: Any = reply.data
        for step in ("data", "repository", ("pullRequests", "discussions"), "nodes"):
            names = step if isinstance(step, tuple) else (step,)
            inner = next((found[name] for name in names if isinstance(found, dict) and name in found), None)
            found = found if inner is None else inner
        if isinstance(found, list):
            found[:] = self.change(list(found))
        return reply


CHANGES = {
    "twice in a page": lambda items: [one for item in items for one in (item, item)],
    "out of order": lambda items: [*items[2:], *items[:2]],
    "junk between": lambda items: [None, *items, None],
}


@pytest.mark.parametrize("name", CHANGES)
def test_odd_pages_lose_nothing_and_double_nothing(
    world: GitHubWorld, server: Server, source: Source, name: str
) -> None:
    server.apps[""] = type("Changed", (Odd,), {"change": staticmethod(CHANGES[name])})(world)
    for hours in (0, 1):
        assert work(source, server, now=NOW + timedelta(hours=hours)).state == "done"
    assert stored(source) == truth(world)


class Busy(GitHubApp):
    """Somebody opens an issue and a change, and touches old ones, before every answer."""

    def respond(self, request: Request) -> Reply:
        at = len(self.world.lists["issues"][1])
        if at < 50:
            one, user = self.world.repositories[1], self.world.user("linus")
            self.world.add_issue(one, 1000 + at, user, day(1000 + at))
            pull = self.world.add_pull(one, 2000 + at, user, day(1000 + at))
            self.world.review(pull, "ada", day(1001 + at))
            old = self.world.lists["pulls"][1][at % 7]
            self.world.review(old, "grace", day(1001 + at))
        return super().respond(request)


def test_page_drift_while_reading_loses_nothing(world: GitHubWorld, server: Server, source: Source) -> None:
    server.apps[""] = Busy(world)
    work(source, server)
    server.apps[""] = GitHubApp(world)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


class Killed(BaseException):
    """The worker is gone from one moment to the next."""


@pytest.mark.thorough
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_killed_after_any_page_the_end_is_the_same(
    world: GitHubWorld, server: Server, source: Source, seed: int
) -> None:
    run = RunFactory(source=source)
    for life in range(40):
        pages = 0

        def die(_: Any) -> None:
            nonlocal pages
            pages += 1
            if pages > (life * 7 + seed) % 4 + 2:  # noqa: B023
                raise Killed

        try:
            runs.run_import(
                run,
                now=NOW + timedelta(minutes=5 * life),
                create=lambda _: importer(server, source),
                budget=None,
                progress=die,
            )
            break
        except Killed:
            run.refresh_from_db()
    assert run.state == "done"
    assert life >= 3
    assert stored(source) == truth(world)


def test_token_revoked_in_mid_run_stops_it_and_a_new_one_goes_on(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    server.break_next("/graphql", faults.status(401, b'{"message": "Bad credentials"}'), skip=3, times=99)
    run = work(source, server)
    assert (run.state, run.error[:26]) == ("failed", "The service refuses the to")
    server.faults.clear()
    assert work(source, server, now=NOW + timedelta(hours=1)).error == ""
    assert stored(source) == truth(world)


def test_token_without_a_right_stops_its_streams_only_and_says_what_to_give(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    data = {"repository": {"databaseId": 1, "pullRequests": None}}
    server.break_next("/graphql", faults.data({"data": data, "errors": [{"type": "FORBIDDEN", "message": "?"}]}))
    run = work(source, server)
    assert run.state == "done"
    (stream,) = Stream.objects.filter(is_enabled=False)
    assert (stream.name, stream.last_error) == (
        "pulls",
        "GitHub does not let this token read pullRequests: give it read access to the contents, issues, pull requests "
        "and discussions of the organisation's public repositories.",
    )
    finish(source, server)
    assert stored(source) == truth(world)


def test_item_that_lacks_something_is_a_dead_letter_and_the_page_goes_on(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    issue, pull = world.lists["issues"][1][0], world.lists["pulls"][1][4]
    times = issue["created_at"], pull["created_at"]
    issue["created_at"] = pull["created_at"] = None
    run = work(source, server)
    assert (run.state, run.n_rejected) == ("done", 2)
    letters = dict(DeadLetter.objects.values_list("external_id", "reason"))
    assert letters == {
        f"issue:{issue['id']}": "“created_at” is missing or no time",
        f"change:{pull['id']}": "“created_at” is missing or no time",
    }
    issue["created_at"], pull["created_at"] = times
    assert set(truth(world)) - set(stored(source)) == set(letters)
    issue["updated_at"] = pull["updated_at"] = day(1600)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_odd_text_and_renamed_people_do_no_harm(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    titles = ["a\x00b", "lone \ud83d end", "\u202eright to left", "🎉" * 3, "x" * 100_000]
    for at, title in enumerate(titles):
        issue = [one for one in world.lists["issues"][1] if "pull_request" not in one][at]
        issue.update(title=title, updated_at=day(1600))
        world.discussions[1][at].update(title=title)
    for lists in world.lists.values():
        for item in (one for items in lists.values() for one in items if one["user"]["login"] == "ada"):
            item["user"]["login"] = "countess"
    assert work(source, server, now=NOW + timedelta(hours=1)).error == ""
    rows = source.contributions.filter(channel__key="1", kind__in=("issue", "discussion")).order_by("occurred_at")
    found = [title for title in rows.values_list("title", flat=True) if not title.startswith(("Issue", "Discussion"))]
    assert sorted(set(found)) == sorted({"a b", "lone end", "right to left", "🎉" * 3, "x" * 299 + "…"})
    assert {key: row[:5] for key, row in stored(source).items()} == {key: row[:5] for key, row in truth(world).items()}


def test_clock_that_runs_ahead_is_no_reason_to_lose_an_item(world: GitHubWorld, server: Server, source: Source) -> None:
    world.lists["issues"][1][0]["updated_at"] = world.lists["pulls"][1][0]["updated_at"] = "2031-01-01T00:00:00Z"
    work(source, server)
    world.add_issue(world.repositories[1], 900, world.user("ada"), f"{NOW - timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}")
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_second_import_changes_nothing(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    first = stored(source)
    run = work(source, server, now=NOW + timedelta(hours=1))
    assert (run.n_new, run.n_updated, run.n_rejected) == (0, 0, 0)
    assert stored(source) == first == truth(world)
