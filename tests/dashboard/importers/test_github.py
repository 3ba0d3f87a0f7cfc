"""Importing lists from a loopback GitHub: in full, again, interrupted, and while they change."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.importers.records import Page
from tests.dashboard.importers.factories import NOW, Shelf, github_importer
from tests.dashboard.importers.github_factories import day, fill, ids
from tests.upstreams.github import GitHubApp, GitHubWorld, Item
from tests.upstreams.server import Server

STREAMS = ("issues", "pulls", "issue_comments", "review_comments")


@pytest.fixture
def world() -> GitHubWorld:
    world = GitHubWorld()
    world.add_repository("acme/one", id=1)
    return world


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def test_channels_are_the_public_repositories(server: Server, world: GitHubWorld) -> None:
    world.add_repository("acme/fork", fork=True)
    world.add_repository("acme/secret", private=True)
    world.add_repository("acme/copy")
    world.add_repository("acme/past", archived=True)
    found = [
        (one.name, one.is_mirror, one.is_archived) for one in github_importer(server, mirrors="copy, x").channels()
    ]
    assert found == [("acme/one", False, False), ("acme/copy", True, False), ("acme/past", False, True)]


def test_all_pages_come_newest_first_and_only_the_last_says_so(server: Server, world: GitHubWorld) -> None:
    fill(world, 250)
    pages = list(github_importer(server).pages("1", "acme/one", "issues", {}, now=NOW))
    assert [(len(page.records), page.is_last, page.requests) for page in pages] == [
        (100, False, 1),
        (100, False, 1),
        (50, True, 1),
    ]
    times = [record.occurred_at for page in pages for record in page.records]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("stream", STREAMS)
def test_second_run_finds_nothing_new_with_one_request(server: Server, world: GitHubWorld, stream: str) -> None:
    repository, ada = world.repositories[1], world.user("ada")
    for number in range(1, 151):
        world.add_pull(repository, number, ada, day(number))
        world.add_issue(repository, 1000 + number, ada, day(number))
        world.add_comment(repository, number, ada, day(number))
        world.add_review_comment(repository, number, ada, day(number))
    shelf = Shelf().read(github_importer(server), stream)
    stored = dict(shelf.records)
    assert len(stored) == 150
    shelf.read(github_importer(server), stream)
    assert shelf.records == stored
    assert shelf.requests == 1
    shelf.read(github_importer(server), stream)
    assert (shelf.records, shelf.requests, server.log[-1].headers.get("if-none-match", "")[:3]) == (stored, 1, 'W/"')


def test_next_run_reads_what_changed_and_stops_there(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 350)
    shelf = Shelf().read(github_importer(server), "issues")
    items[3].update(state="closed", updated_at=day(900))
    fill(world, 1, first=999)
    shelf.read(github_importer(server), "issues")
    assert len(shelf.records) == 351
    assert shelf.records[f"issue:{items[3]['id']}"].state == "closed"
    assert shelf.requests == 1


def test_pulls_know_no_since_and_stop_at_the_watermark(server: Server, world: GitHubWorld) -> None:
    pulls = [world.add_pull(world.repositories[1], n, world.user("ada"), day(n)) for n in range(1, 351)]
    shelf = Shelf().read(github_importer(server), "pulls")
    assert (len(shelf.records), shelf.requests) == (350, 4)
    world.merge(pulls[0], "grace", day(901))
    shelf.read(github_importer(server), "pulls")
    assert shelf.records[f"change:{pulls[0]['id']}"].state == "merged"
    assert shelf.requests == 1


def test_interrupted_first_import_goes_on_where_it_was(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 450)
    shelf = Shelf().read(github_importer(server), "issues", most=2)
    assert (len(shelf.records), shelf.cursor["phase"]) == (200, "backfill")
    seen = len(server.log)
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)
    assert [request.query.get("page") for request in server.log[seen:]] == ["3", "4", "5", None]
    assert shelf.cursor["phase"] == "update"


def test_what_came_during_the_interruption_is_not_lost(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 450)
    shelf = Shelf().read(github_importer(server), "issues", most=2)
    items += fill(world, 30, first=500)
    items[0]["updated_at"] = day(1000)
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


@pytest.mark.parametrize("kills", [1, 2, 3, 5])
def test_killed_after_any_number_of_pages_the_end_is_the_same(server: Server, world: GitHubWorld, kills: int) -> None:
    items = fill(world, 550)
    shelf = Shelf()
    for round_number in range(20):
        shelf.read(github_importer(server), "issues", most=kills)
        items += fill(world, 3, first=1000 + 10 * round_number)
    shelf.read(github_importer(server), "issues")
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


class Drifting(GitHubApp):
    """A GitHub where somebody files an issue and touches the oldest one before every answer."""

    def respond(self, request: Any) -> Any:
        items = self.world.lists["issues"][1]
        fill(self.world, 1, first=2000 + len(items))
        items[len(items) % 20]["updated_at"] = day(4000 + len(items))
        return super().respond(request)


def test_pages_that_drift_lose_nothing(server: Server, world: GitHubWorld) -> None:
    fill(world, 420)
    server.apps[""] = Drifting(world)
    shelf = Shelf().read(github_importer(server), "issues")
    server.apps[""] = GitHubApp(world)
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(world.lists["issues"][1])


class Disordered(GitHubApp):
    """A stand-in that knows no order: oldest first, or as it comes."""

    order = "asc"

    def _page(self, request: Any, items: list[Item]) -> Any:
        mixed = sorted(items, key=lambda item: (item["id"] * 7919) % 101 if self.order == "mixed" else item["id"])
        return super()._page(request, mixed)


@pytest.mark.parametrize("order", ["asc", "mixed"])
@pytest.mark.parametrize("stream", ["issues", "pulls"])
def test_lists_in_any_order_lose_nothing(server: Server, world: GitHubWorld, stream: str, order: str) -> None:
    server.apps[""] = app = Disordered(world)
    app.order = order
    add = world.add_pull if stream == "pulls" else world.add_issue
    items = [add(world.repositories[1], number, world.user("ada"), day(number)) for number in range(1, 331)]
    shelf = Shelf().read(github_importer(server), stream)
    items[7].update(state="closed", updated_at=day(800))
    items.append(add(world.repositories[1], 999, world.user("ada"), day(700)))
    shelf.read(github_importer(server), stream)
    prefix = "change" if stream == "pulls" else "issue"
    assert set(shelf.records) == {f"{prefix}:{item['id']}" for item in items}
    assert shelf.records[f"{prefix}:{items[7]['id']}"].state == "closed"


def test_same_item_twice_in_a_page_is_one_record(server: Server, world: GitHubWorld) -> None:
    (item,) = fill(world, 1)
    world.lists["issues"][1].append(dict(item))
    (page,) = github_importer(server).pages("1", "acme/one", "issues", {}, now=NOW)
    assert [record.external_id for record in page.records] == [f"issue:{item['id']}"]


def test_several_states_with_one_time_are_taken_as_they_are_now(server: Server, world: GitHubWorld) -> None:
    (item,) = fill(world, 1)
    shelf = Shelf().read(github_importer(server), "issues")
    item["state"] = "closed"
    shelf.read(github_importer(server), "issues")
    assert [record.state for record in shelf.records.values()] == ["closed"]


def test_clock_ahead_of_the_service_loses_nothing(server: Server, world: GitHubWorld) -> None:
    """The watermark follows the service's own times, so writing late by our clock is not too late."""
    items = fill(world, 5)
    shelf = Shelf().read(github_importer(server), "issues")
    items += fill(world, 1, first=6)
    assert items[-1]["updated_at"] < f"{NOW:%Y-%m-%d}"
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


def test_cursor_is_plain_json(server: Server, world: GitHubWorld) -> None:
    import json

    fill(world, 150)
    pages: list[Page] = list(github_importer(server).pages("1", "acme/one", "issues", {}, now=NOW))
    assert [json.loads(json.dumps(page.cursor)) for page in pages] == [page.cursor for page in pages]
