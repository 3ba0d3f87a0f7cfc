"""Discussions and direct pushes by GraphQL, against a loopback GitHub."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.clients import github_queries
from tests.dashboard.importers.factories import NOW, Shelf, github_importer
from tests.dashboard.importers.github_factories import day
from tests.upstreams.github import GitHubApp, GitHubWorld, Item
from tests.upstreams.server import Server


@pytest.fixture
def world() -> GitHubWorld:
    world = GitHubWorld()
    world.add_repository("acme/one", id=1, has_discussions=True)
    world.token = "word"
    return world


@pytest.fixture
def repository(world: GitHubWorld) -> Item:
    return world.repositories[1]


@pytest.fixture
def server(world: GitHubWorld) -> Iterator[Server]:
    with Server({"": GitHubApp(world)}) as running:
        yield running


def read(server: Server, stream: str, shelf: Shelf | None = None) -> Shelf:
    importer = github_importer(server, "word")
    list(importer.channels())
    return (shelf or Shelf()).read(importer, stream)


def test_discussion_comes_with_comments_replies_and_the_answer(
    server: Server, world: GitHubWorld, repository: Item
) -> None:
    talk = world.add_discussion(repository, 9, "ada", day(1), title="How?")
    comment = world.add_discussion_comment(talk, "grace", day(2))
    reply = world.add_discussion_comment(talk, "ada", day(3), below=comment)
    world.accept(talk, comment, day(4))
    shelf = read(server, "discussions")
    shown = {key: (one.thread, one.title, one.state, one.credited_at) for key, one in shelf.records.items()}
    assert shown == {
        f"discussion:{talk['databaseId']}": ("1#9", "How?", "", None),
        f"discussion_reply:{comment['databaseId']}": (
            "1#9", "", "accepted", NOW - timedelta(days=70) + timedelta(hours=4),
        ),
        f"discussion_reply:{reply['databaseId']}": ("1#9", "", "", None),
    }  # fmt: skip
    assert world.costs == [4]


def test_answer_that_is_taken_back_loses_its_credit(server: Server, world: GitHubWorld, repository: Item) -> None:
    talk = world.add_discussion(repository, 9, "ada", day(1))
    comment = world.add_discussion_comment(talk, "grace", day(2))
    world.accept(talk, comment, day(4))
    shelf = read(server, "discussions")
    comment["isAnswer"] = False
    talk.update(answerChosenAt=None)
    found = read(server, "discussions", shelf).records[f"discussion_reply:{comment['databaseId']}"]
    assert (found.state, found.credited_at) == ("", None)


def test_long_discussion_is_read_to_its_last_reply(server: Server, world: GitHubWorld, repository: Item) -> None:
    talk = world.add_discussion(repository, 9, "ada", day(1))
    comments = [world.add_discussion_comment(talk, "grace", day(2)) for _ in range(75)]
    for at, comment in enumerate(comments):
        for _ in range(130 if at in (3, 70) else 1):
            world.add_discussion_comment(talk, "linus", day(3), below=comment)
    shelf = read(server, "discussions")
    assert len(shelf.records) == 1 + 75 + 73 + 2 * 130
    assert world.costs == [4, 1, 1, 1, 1, 1, 1]


def test_comment_taken_back_is_left_out_though_its_replies_stay(
    server: Server, world: GitHubWorld, repository: Item
) -> None:
    talk = world.add_discussion(repository, 9, "ada", day(1))
    comment = world.add_discussion_comment(talk, "grace", day(2))
    reply = world.add_discussion_comment(talk, "ada", day(3), below=comment)
    comment["deletedAt"] = day(4)
    shelf = read(server, "discussions")
    assert set(shelf.records) == {f"discussion:{talk['databaseId']}", f"discussion_reply:{reply['databaseId']}"}


def test_poison_discussion_is_a_dead_letter_and_the_page_goes_on(
    server: Server, world: GitHubWorld, repository: Item
) -> None:
    talks = [world.add_discussion(repository, number, "ada", day(number)) for number in (1, 2, 3)]
    comment = world.add_discussion_comment(talks[2], "grace", day(5))
    talks[1]["createdAt"] = comment["createdAt"] = None
    shelf = read(server, "discussions")
    assert set(shelf.records) == {f"discussion:{talks[at]['databaseId']}" for at in (0, 2)}
    assert shelf.rejected == {
        f"discussion:{talks[1]['databaseId']}": "“createdAt” is missing or no time",
        f"discussion_reply:{comment['databaseId']}": "“createdAt” is missing or no time",
    }


# Commits


def test_only_commits_without_a_pull_request_come(server: Server, world: GitHubWorld, repository: Item) -> None:
    commits = [world.add_commit(repository, "ada", day(number), pulls=number % 3 == 0) for number in range(1, 251)]
    shelf = read(server, "commits")
    direct = {f"commit:{one['oid']}" for one in commits if not one["pulls"]}
    assert (set(shelf.records), world.costs) == (direct, [1, 1, 1])


def test_nothing_is_asked_while_nothing_was_pushed(server: Server, world: GitHubWorld, repository: Item) -> None:
    for number in range(1, 1501, 10):
        world.add_commit(repository, "ada", day(number))
    shelf = read(server, "commits")
    assert (len(shelf.records), shelf.requests) == (150, 2)
    assert read(server, "commits", shelf).requests == 0
    commit = world.add_commit(repository, "grace", day(1501))
    read(server, "commits", shelf)
    assert (len(shelf.records), shelf.requests) == (151, 1)
    assert shelf.records[f"commit:{commit['oid']}"].account.username == "grace"


def test_commit_pushed_weeks_after_it_was_made_is_found(server: Server, world: GitHubWorld, repository: Item) -> None:
    for number in (1, 900, 1500):
        world.add_commit(repository, "ada", day(number))
    shelf = read(server, "commits")
    late = world.add_commit(repository, "grace", day(1000))
    assert f"commit:{late['oid']}" in read(server, "commits", shelf).records


def test_commit_that_turns_out_to_belong_to_a_change_goes(server: Server, world: GitHubWorld, repository: Item) -> None:
    commit = world.add_commit(repository, "ada", day(1500))
    shelf = read(server, "commits")
    commit["pulls"].append({})
    world.add_commit(repository, "ada", day(1501))
    pages = list(github_importer(server, "word").pages("1", "acme/one", "commits", shelf.cursor, now=NOW))
    assert [page.gone for page in pages] == [(f"commit:{commit['oid']}",)]


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"user": None, "email": "49+helper[bot]@users.noreply.github.com"}, ("49", "helper[bot]", True)),
        ({"user": None, "email": "7+ada@users.noreply.github.com"}, ("7", "ada", False)),
        ({"user": None, "email": "ada@example.org"}, None),
        ({"user": None, "email": "7+ada@users.noreply.github.com.example.org"}, None),
        (None, None),
    ],
)
def test_author_without_an_account_is_told_by_a_nameless_address_only(
    server: Server, world: GitHubWorld, repository: Item, author: Item | None, expected: tuple[str, str, bool] | None
) -> None:
    world.add_commit(repository, None, day(1))["author"] = author
    (found,) = read(server, "commits").records.values()
    account = found.account
    assert (account and (account.uid, account.username, account.is_bot)) == expected


def test_repository_without_a_commit_is_no_error(server: Server, world: GitHubWorld) -> None:
    shelf = read(server, "commits")
    assert (shelf.records, shelf.pages, shelf.requests) == ({}, 1, 1)


def test_no_query_asks_for_texts() -> None:
    texts = [value for name, value in vars(github_queries).items() if name.isupper() and isinstance(value, str)]
    assert len(texts) >= 7
    assert not any("body" in text.lower() for text in texts)
