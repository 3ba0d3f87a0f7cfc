"""Lists of a loopback GitHub that break, lead astray or hold nonsense: what came before is kept, the rest comes."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.clients.errors import BadPayload, ClientError, ForbiddenAddress, PermanentError
from tests.dashboard.importers.factories import Shelf, github_importer
from tests.dashboard.importers.github_factories import fill, ids
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server


@pytest.fixture
def world() -> GitHubWorld:
    world = GitHubWorld()
    world.add_repository("acme/one", id=1)
    return world


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def test_poison_item_is_a_dead_letter_and_the_page_goes_on(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 3)
    del items[1]["created_at"]
    shelf = Shelf().read(github_importer(server), "issues")
    assert set(shelf.records) == ids([items[0], items[2]])
    assert shelf.rejected == {f"issue:{items[1]['id']}": "“created_at” is missing or no time"}


@pytest.mark.parametrize(("times", "missing"), [(1, 0), (2, 100)])
def test_empty_page_in_the_middle_is_asked_again_and_does_not_end_the_list(
    server: Server, world: GitHubWorld, times: int, missing: int
) -> None:
    items = fill(world, 350)
    server.break_next("page=2", faults.empty_list(), times=times)
    shelf = Shelf().read(github_importer(server), "issues")
    assert (shelf.pages, shelf.requests) == (4, 5)
    assert len(ids(items) - set(shelf.records)) == missing


@pytest.mark.parametrize(("pattern", "target"), [("page=2", "page=2"), ("page=3", "page=2")], ids=["to itself", "back"])
def test_links_in_a_circle_are_stopped_and_started_anew(
    server: Server, world: GitHubWorld, pattern: str, target: str
) -> None:
    items = fill(world, 450)
    query = f"sort=updated&direction=desc&per_page=100&state=all&{target}"
    link = f'<{server.url()}/repos/acme/one/issues?{query}>; rel="next"'
    server.break_next(pattern, faults.relabelled({"Link": link}), times=9)
    shelf = Shelf()
    with pytest.raises(BadPayload) as raised:
        shelf.read(github_importer(server), "issues")
    assert raised.value.sentence == (
        "GitHub's pages lead in a circle: reading was stopped and starts anew with the next run."
    )
    assert len(server.log) <= 4
    assert shelf.cursor["phase"] == "backfill"
    server.faults.clear()
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


def test_next_link_to_another_host_is_refused_after_the_page_is_safe(server: Server, world: GitHubWorld) -> None:
    fill(world, 250)
    link = {"Link": '<http://169.254.169.254/latest?page=2>; rel="next"'}
    server.break_next("issues", faults.relabelled(link))
    shelf = Shelf()
    with pytest.raises(ForbiddenAddress):
        shelf.read(github_importer(server), "issues")
    assert len(shelf.records) == 100


def test_stored_link_of_another_address_starts_the_pass_anew(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 250)
    shelf = Shelf().read(github_importer(server), "issues", most=1)
    shelf.cursor["next"] = "https://old-address.example/repos/acme/one/issues?page=2"
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


@pytest.mark.parametrize("status", [404, 410, 422])
def test_stored_link_that_was_forgotten_starts_the_pass_anew(server: Server, world: GitHubWorld, status: int) -> None:
    items = fill(world, 250)
    shelf = Shelf().read(github_importer(server), "issues", most=1)
    server.break_next("page=2", faults.status(status))
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)


@pytest.mark.parametrize("cursor", [{"version": 99}, {"version": 1, "next": 7, "watermark": "soon", "etag": []}])
def test_strange_cursors_start_from_the_beginning(server: Server, world: GitHubWorld, cursor: dict[str, Any]) -> None:
    items = fill(world, 5)
    shelf = Shelf()
    shelf.cursor = cursor
    assert set(shelf.read(github_importer(server), "issues").records) == ids(items)


FAULTS = {
    "rate limit": faults.status(429, Retry_After="900"),
    "secondary limit": faults.status(403, b'{"message": "secondary rate limit"}'),
    "revoked token": faults.status(401),
    "html": faults.html(),
    "deep": faults.body(b"[" * 100_000),
    "down": faults.status(503, Retry_After="900"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_failure_in_mid_list_keeps_the_pages_before_it(server: Server, world: GitHubWorld, name: str) -> None:
    items = fill(world, 350)
    server.break_next("page=3", FAULTS[name])
    shelf = Shelf()
    with pytest.raises(ClientError):
        shelf.read(github_importer(server), "issues")
    assert len(shelf.records) == 200
    seen = len(server.log)
    shelf.read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)
    assert [request.query.get("page") for request in server.log[seen:]] == ["3", "4", None]


@pytest.mark.parametrize("send", [faults.reset(), faults.cut_off(), faults.truncated_json(), faults.status(502)])
def test_passing_failures_in_mid_list_are_not_noticed(server: Server, world: GitHubWorld, send: Any) -> None:
    items = fill(world, 350)
    server.break_next("page=2", send, times=2)
    assert set(Shelf().read(github_importer(server), "issues").records) == ids(items)


def test_renamed_repository_goes_on_under_the_same_key(server: Server, world: GitHubWorld) -> None:
    items = fill(world, 250)
    world.rename(world.repositories[1], "acme/renamed")
    shelf = Shelf().read(github_importer(server), "issues")
    assert set(shelf.records) == ids(items)
    assert {record.thread.partition("#")[0] for record in shelf.records.values()} == {"1"}


def test_repository_that_is_gone_stops_with_a_sentence(server: Server, world: GitHubWorld) -> None:
    world.repositories.clear()
    with pytest.raises(PermanentError) as raised:
        Shelf().read(github_importer(server), "issues")
    assert raised.value.status == 404
