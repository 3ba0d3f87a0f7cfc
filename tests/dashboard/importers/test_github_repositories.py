"""Which repositories are read: found anew at each run, keyed by number, and what becomes of those that go."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from dashboard.importers.github_repositories import repository
from dashboard.importers.records import ChannelRecord
from dashboard.models import Channel, Contribution, Source, Stream
from tests.dashboard.factories import SourceFactory
from tests.dashboard.importers.factories import NOW, github_importer
from tests.dashboard.importers.github_factories import crowd, day, stored, truth, work
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server

LISTS = ("issues", "pulls", "issue_comments", "review_comments")
STREAMS = (*LISTS, "discussions", "commits", "sweep")


@pytest.fixture
def world() -> GitHubWorld:
    return crowd(4, 3)


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return SourceFactory(base_url=server.url(), options={"org": "acme"})


def test_repository_becomes_a_channel() -> None:
    item = {"id": 99, "full_name": "acme/one", "html_url": "https://github.com/acme/one", "archived": True}
    assert repository(item, frozenset()) == ChannelRecord(
        "99", "acme/one", "repository", "https://github.com/acme/one", is_archived=True, streams=STREAMS
    )
    without = repository({**item, "has_issues": False, "has_discussions": False}, frozenset())
    assert without is not None
    assert without.streams == ("pulls", "issue_comments", "review_comments", "commits", "sweep")


@pytest.mark.parametrize(
    ("changes", "mirrors"),
    [
        ({"mirror_url": "git://a.example/one"}, frozenset()),
        ({}, frozenset({"one"})),
        ({}, frozenset({"acme/one"})),
    ],
)
def test_mirrors_are_named_and_not_read(changes: dict[str, Any], mirrors: frozenset[str]) -> None:
    found = repository({"id": 99, "full_name": "Acme/One", **changes}, mirrors)
    assert found is not None
    assert (found.is_mirror, found.streams) == (True, ())


@pytest.mark.parametrize(
    "item",
    [{"id": 9, "full_name": "a/b", "fork": True}, {"id": 9, "full_name": "a/b", "private": True}, {"id": 9}, None],
)
def test_forks_and_private_repositories_are_no_channels(item: Any) -> None:
    assert repository(item, frozenset()) is None


def test_without_a_token_only_what_rest_tells_is_read(server: Server, world: GitHubWorld) -> None:
    world.token = ""
    assert {one.streams for one in github_importer(server).channels()} == {(*LISTS, "sweep")}
    assert {one.streams for one in github_importer(server, "word").channels()} == {STREAMS}


def test_probe_says_what_is_read_and_what_is_left(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/fork", fork=True)
    assert github_importer(server, "word").probe() == [
        "acme: 2 repositories are read, 1 forks, mirrors or private ones are left out.",
        "4999 of 5000 calls and 4997 of 5000 points of GraphQL are left in this hour.",
    ]


def test_probe_says_what_the_token_may_not_and_how_to_get_one(server: Server, world: GitHubWorld) -> None:
    data = {"repository": {"databaseId": 1, "discussions": None}}
    server.break_next("graphql", faults.data({"data": data, "errors": [{"type": "FORBIDDEN"}]}), skip=1)
    assert github_importer(server, "word").probe()[0].startswith("GitHub does not let this token read discussions")
    world.token, world.remaining = "", 60
    unnamed, how, *_, left = github_importer(server).probe()
    assert (unnamed[:20], how[:27]) == ("GitHub tells reviews", "Make a fine-grained token a")
    assert left == "59 of 60 calls are left in this hour."


def test_probe_of_a_wrong_name_and_a_wrong_token_says_so(server: Server, world: GitHubWorld) -> None:
    assert github_importer(server, "other").probe()[0].startswith("The service refuses the token (status 401)")
    server.break_next("repos", faults.status(404), times=2)
    assert github_importer(server, "word").probe()[1].startswith("Is “acme” the name of the organisation")


@pytest.mark.django_db
def test_new_and_renamed_repositories_are_found_at_each_run(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    world.rename(world.repositories[1], "acme/first")
    world.add_issue(world.repositories[1], 900, world.user("ada"), day(900))
    third = world.add_repository("acme/three")
    world.add_issue(third, 1, world.user("grace"), day(3))
    world.add_repository("acme/secret", private=True)
    run = work(source, server, now=NOW + timedelta(hours=1))
    assert (run.state, run.error) == ("done", "")
    assert stored(source) == truth(world)
    names = Channel.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["acme/first", "acme/three", "acme/two"]


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["deleted", "private"])
def test_repository_that_is_shown_no_longer_takes_its_rows_along(
    world: GitHubWorld, server: Server, source: Source, how: str
) -> None:
    work(source, server)
    before = truth(world)
    two = world.repositories[2]
    if how == "deleted":
        del world.repositories[2]
    else:
        two["private"] = True
    later = NOW + timedelta(hours=1)
    assert work(source, server, now=later).error == ""
    assert stored(source) == truth(world) == {key: row for key, row in before.items() if row[1] == "1"}
    assert set(Contribution.objects.exclude(deleted_at=None).values_list("title", flat=True)) == {""}
    seen = len(server.log)
    assert work(source, server, now=NOW + timedelta(hours=2)).error == ""
    assert [one.path for one in server.log[seen:] if "two" in one.path] == []
    world.repositories[2] = {**two, "private": False}
    work(source, server, now=NOW + timedelta(hours=3))
    assert stored(source) == before
    assert Channel.objects.exclude(gone_at=None).count() == 0


@pytest.mark.django_db
def test_repository_that_moved_elsewhere_is_read_no_more_and_its_rows_stay(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    work(source, server)
    before = truth(world)
    moved = world.repositories[2]
    world.hidden.add(2)
    world.rename(moved, "other/two")
    world.add_issue(moved, 900, world.user("ada"), day(900))
    run = work(source, server, now=NOW + timedelta(hours=1))
    assert run.error == ""
    assert stored(source) == before
    assert list(Channel.objects.exclude(gone_at=None).values_list("name", flat=True)) == ["other/two"]


@pytest.mark.django_db
def test_another_repository_under_an_old_name_is_another_channel(
    world: GitHubWorld, server: Server, source: Source
) -> None:
    work(source, server)
    world.rename(world.repositories[2], "acme/second")
    fresh = world.add_repository("acme/two", id=77)
    world.add_issue(fresh, 1, world.user("linus"), day(5))
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)
    assert dict(Channel.objects.values_list("key", "name"))["77"] == "acme/two"


@pytest.mark.django_db
def test_list_that_misses_a_repository_deletes_nothing(world: GitHubWorld, server: Server, source: Source) -> None:
    work(source, server)
    world.hidden.add(2)
    world.add_issue(world.repositories[2], 900, world.user("ada"), day(900))
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)
    assert Stream.objects.filter(is_enabled=False).count() == 0
