"""Changes by GraphQL: who merged, how large, every review, and what is left without a token."""

from collections.abc import Iterator

import pytest

from portal.clients.errors import BadPayload, RateLimited
from tests.dashboard.importers.factories import NOW, Shelf, github_importer
from tests.dashboard.importers.github_factories import day
from tests.upstreams import faults
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server


@pytest.fixture
def world() -> GitHubWorld:
    world = GitHubWorld()
    world.add_repository("acme/one", id=1)
    world.token = "word"
    return world


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def read(server: Server, shelf: Shelf | None = None, token: str = "word") -> Shelf:
    return (shelf or Shelf()).read(github_importer(server, token), "pulls")


def test_merged_changes_know_who_merged_them_and_how_large_they_are(server: Server, world: GitHubWorld) -> None:
    repository, ada = world.repositories[1], world.user("ada")
    pulls = [world.add_pull(repository, number, ada, day(number), id=2**32 + number) for number in range(1, 8)]
    world.merge(pulls[0], "ada", day(50))
    world.merge(pulls[1], "ada", day(51), reviewers=("grace",))
    world.merge(pulls[2], "grace", day(52), lines=2)
    world.merge(pulls[3], "grace", day(53))
    pulls[4].update(state="closed", closed_at=day(54), updated_at=day(54))
    world.merge(pulls[6], "queue", day(55))
    world.fact(pulls[6])["mergedBy"] = world.actor("queue[bot]", type="Bot")
    shelf = read(server)
    states = [shelf.records[f"change:{pull['id']}"].state for pull in pulls]
    assert states == ["merged_by_self", "merged", "merged_trivial", "merged", "closed", "open", "merged_by_self"]
    assert [one.thread for one in shelf.records.values() if one.kind == "review"] == ["1#2"]
    assert (shelf.requests, world.costs) == (1, [2])


def test_both_ways_of_reading_give_the_same_record(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 7, world.user("helper[bot]", type="Bot"), day(1))
    pull["labels"] = [{"name": "Enhancement"}]
    with_token, without = read(server), Shelf()
    world.token = ""
    read(server, without, token="")
    assert with_token.records == without.records
    assert with_token.records[f"change:{pull['id']}"].account.username == "helper[bot]"


def test_history_costs_a_point_for_fifty_changes(server: Server, world: GitHubWorld) -> None:
    for number in range(1, 121):
        pull = world.add_pull(world.repositories[1], number, world.user("ada"), day(number))
        world.review(pull, "grace", day(number))
    shelf = read(server)
    assert len(shelf.records) == 240
    assert (shelf.pages, world.costs) == (2, [2, 2])
    read(server, shelf)
    assert (shelf.requests, world.costs[2:]) == (1, [1])


def test_more_reviews_than_a_page_holds_are_all_read(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    for number in range(2, 262):
        world.review(pull, f"reviewer-{number % 5}", day(number))
    shelf = read(server)
    assert len([one for one in shelf.records.values() if one.kind == "review"]) == 260
    assert (len(server.log), world.costs) == (4, [2, 1, 1, 1])


def test_late_review_by_another_turns_a_self_merge_into_a_merge(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    world.merge(pull, "ada", day(2))
    shelf = read(server)
    assert shelf.records[f"change:{pull['id']}"].state == "merged_by_self"
    world.review(pull, "grace", day(600), "COMMENTED")
    read(server, shelf)
    assert shelf.records[f"change:{pull['id']}"].state == "merged"


def test_reviews_still_being_written_wait(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    node = world.review(pull, "grace", None, "PENDING")
    shelf = read(server)
    assert [one.kind for one in shelf.records.values()] == ["change"]
    node.update(state="APPROVED", submittedAt=day(9), updatedAt=day(9))
    pull["updated_at"] = day(9)
    assert set(read(server, shelf).records) == {f"change:{pull['id']}", f"review:{node['databaseId']}"}


def test_without_a_token_a_note_says_what_is_missing(server: Server, world: GitHubWorld) -> None:
    world.token = ""
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    shelf = read(server, token="")
    assert set(shelf.records) == {f"change:{pull['id']}"}
    assert server.calls("graphql") == []
    assert shelf.cursor["note"] == (
        "GitHub tells reviews, who merged a change and how large it is, discussions, and commits that belong to no "
        "change only to a token: give this source one, and they are read too."
    )


def test_token_given_later_reads_what_was_missing_and_taken_away_leaves_it(server: Server, world: GitHubWorld) -> None:
    world.token = ""
    pulls = [world.add_pull(world.repositories[1], n, world.user("ada"), day(n)) for n in range(1, 151)]
    world.merge(pulls[3], "ada", day(200), reviewers=("grace",))
    shelf = read(server, token="")
    assert {one.kind for one in shelf.records.values()} == {"change"}
    read(server, shelf, token="word")
    stored = dict(shelf.records)
    assert len(stored) == 151
    assert "note" not in shelf.cursor
    read(server, shelf, token="")
    assert (shelf.records, shelf.requests) == (stored, 1)


def test_server_without_graphql_gives_what_rest_knows(server: Server, world: GitHubWorld) -> None:
    world.has_graphql = False
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    shelf = read(server)
    assert set(shelf.records) == {f"change:{pull['id']}"}
    assert shelf.cursor["note"].startswith("This server has no GraphQL")
    (page,) = github_importer(server, "word").pages("1", "acme/one", "discussions", {}, now=NOW)
    assert (page.is_last, page.records, page.cursor["note"][:26]) == (True, (), "This server has no GraphQL")


def test_interrupted_reading_goes_on_and_then_reads_what_came_meanwhile(server: Server, world: GitHubWorld) -> None:
    repository, ada = world.repositories[1], world.user("ada")
    pulls = [world.add_pull(repository, number, ada, day(number)) for number in range(1, 221)]
    shelf = Shelf().read(github_importer(server, "word"), "pulls", most=2)
    assert len(shelf.records) == 200
    pulls.append(world.add_pull(repository, 500, ada, day(500)))
    world.merge(pulls[0], "grace", day(501))
    read(server, shelf)
    assert set(shelf.records) == {f"change:{pull['id']}" for pull in pulls}
    assert shelf.records[f"change:{pulls[0]['id']}"].state == "merged"
    assert shelf.cursor["phase"] == "update"


def test_forgotten_place_starts_the_pass_anew(server: Server, world: GitHubWorld) -> None:
    pulls = [world.add_pull(world.repositories[1], n, world.user("ada"), day(n)) for n in range(1, 121)]
    shelf = Shelf().read(github_importer(server, "word"), "pulls", most=1)
    shelf.cursor["next"] = "not a place"
    assert len(read(server, shelf).records) == len(pulls)


def test_page_waits_for_a_limited_graphql(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    world.merge(pull, "ada", day(50))
    world.points = 0
    shelf = Shelf()
    with pytest.raises(RateLimited) as raised:
        read(server, shelf)
    assert (shelf.records, f"{raised.value.retry_at:%H:%M}") == ({}, "13:00")
    world.points = 5000
    assert [record.state for record in read(server, shelf).records.values()] == ["merged_by_self"]


def test_repository_that_took_over_the_name_is_not_read(server: Server, world: GitHubWorld) -> None:
    world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    with pytest.raises(BadPayload) as raised:
        Shelf().read(github_importer(server, "word"), "pulls", key="77")
    assert raised.value.sentence.startswith("Another repository has this name by now")


def test_broken_graphql_loses_no_review(server: Server, world: GitHubWorld) -> None:
    pull = world.add_pull(world.repositories[1], 1, world.user("ada"), day(1))
    world.merge(pull, "ada", day(50), reviewers=("grace",))
    server.break_next("graphql", faults.html(), times=9)
    shelf = Shelf()
    with pytest.raises(BadPayload):
        read(server, shelf)
    server.faults.clear()
    assert [one.state for one in read(server, shelf).records.values()] == ["merged", ""]
