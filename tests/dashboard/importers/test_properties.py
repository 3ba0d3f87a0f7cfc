"""Any JSON at all: normalising gives a record, a dead letter or nothing, and what it gives can be stored."""

import copy
from contextlib import suppress
from datetime import UTC, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import kinds
from dashboard.importers import (
    discourse_items,
    files,
    github_changes,
    github_commits,
    github_discussions,
    github_items,
    github_scan,
    reddit_items,
    slack_items,
    stackexchange_items,
)
from dashboard.importers.cleaning import BadItem
from dashboard.importers.discourse_items import Category, Forum
from dashboard.importers.github_repositories import repository
from dashboard.importers.records import Account, Record, Rejected
from dashboard.importers.reddit_items import Gone
from dashboard.importers.slack_items import Room
from dashboard.importers.slack_scan import Scan, thread_state
from dashboard.importers.stackexchange_items import Thread
from tests.dashboard.importers.factories import NOW, issue, merged_pull, post, review
from tests.thoroughness import examples

TEXT = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(
    ["\x00", "\ud800", "\u202e", "x" * 500, "ghost"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
COMMENT = {"issue_url": "https://a.example/issues/7", "pull_request_url": "https://a.example/pulls/7"}
MESSAGE = {
    "type": "message", "user": "U00000001", "text": "hello", "subtype": None,
    "ts": "1772359200.000200", "thread_ts": "1772359100.000100", "reply_count": 2, "latest_reply": "1772359400.000000",
    "edited": {"user": "U00000001", "ts": "1772359300.000000"},
}  # fmt: skip
ROW = {"external_id": "a:1", "kind": "comment", "occurred_at": "2026-03-01T10:00:00Z", "uid": "7", "likes": 3}
FORUM = Forum("https://forum.example", {7: Category(7, "A", "a", None, False)}, frozenset({7}))


def mutated(base: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The payload with some fields replaced by any JSON and some left out."""
    names = sorted(base)
    replaced = st.dictionaries(st.sampled_from(names), JSON, max_size=3)
    dropped = st.sets(st.sampled_from(names), max_size=2)

    def build(changes: dict[str, Any], gone: set[str]) -> dict[str, Any]:
        return {name: value for name, value in {**copy.deepcopy(base), **changes}.items() if name not in gone}

    return st.builds(build, replaced, dropped)


def assert_storable(found: Any) -> None:
    assert found is None or isinstance(found, Record | Rejected)
    if isinstance(found, Record):
        assert found.kind in kinds.KINDS
        assert found.occurred_at.tzinfo is UTC
        assert found.occurred_at <= NOW + timedelta(days=1)
        assert 0 <= found.likes < 2**31
    texts = [found.external_id] if found else []
    if isinstance(found, Record):
        account = [found.account.uid, found.account.username, found.account.name] if found.account else []
        texts += [found.title, found.url, found.thread, found.state, found.channel_key, *account]
    if isinstance(found, Rejected):
        texts += [found.reason, found.payload]
    for text in texts:
        assert text == text.encode("utf-8").decode("utf-8")
        assert "\x00" not in text
    assert all(len(text) <= 10_000 for text in texts)


@settings(max_examples=examples(300), deadline=None)
@given(
    item=JSON | mutated(issue()) | mutated({**merged_pull(), **COMMENT}),
    stream=st.sampled_from(github_items.LISTS),
    known=st.dictionaries(st.just("PR_1"), JSON),
)
def test_github_normalise_takes_any_json(item: Any, stream: str, known: dict[str, Any]) -> None:
    assert_storable(github_items.normalise(stream, item, repository_id="1", now=NOW, facts=known))


@settings(max_examples=examples(200), deadline=None)
@given(item=JSON | mutated(merged_pull()), nodes=JSON | st.lists(JSON | mutated(review()), max_size=3))
def test_reviews_take_any_json(item: Any, nodes: Any) -> None:
    for found in github_items.reviews(item, {"PR_1": {"reviews": {"nodes": nodes}}}, repository_id="1", now=NOW):
        assert_storable(found)


ACTOR = {"__typename": "User", "login": "ada", "databaseId": 5, "url": "https://github.com/ada"}
TIMES = {"createdAt": "2026-03-01T10:00:00Z", "updatedAt": "2026-03-02T10:00:00Z"}
NODE = {
    **TIMES, "id": "N_1", "databaseId": 7, "fullDatabaseId": "7", "number": 3, "title": "How?", "url": "https://a.example/",
    "state": "MERGED", "mergedAt": "2026-03-03T10:00:00Z", "closedAt": None, "additions": 3, "deletions": 0,
    "author": ACTOR, "mergedBy": ACTOR, "labels": {"nodes": [{"name": "typo"}]}, "reviews": {"nodes": []},
    "answerChosenAt": None, "isAnswer": True, "deletedAt": None,
    "oid": "a" * 40, "messageHeadline": "Tidy", "committedDate": "2026-03-01T10:00:00Z",
    "associatedPullRequests": {"totalCount": 0},
}  # fmt: skip
NODES = st.lists(JSON | mutated(NODE), max_size=3)


@settings(max_examples=examples(300), deadline=None)
@given(node=JSON | mutated(NODE), more=NODES)
def test_github_nodes_take_any_json(node: Any, more: list[Any]) -> None:
    found = github_changes.normalise(node, more, repository_id="1", now=NOW)
    found += github_discussions.normalise(node, more, repository_id="1", now=NOW)
    found += github_commits.direct([node, *more], now=NOW)[0]
    for one in found:
        assert_storable(one)
    github_scan.updated_at(node)


@settings(max_examples=examples(300), deadline=None)
@given(item=JSON | mutated(post()))
def test_discourse_normalise_takes_any_json(item: Any) -> None:
    assert_storable(discourse_items.normalise(item, forum=FORUM, now=NOW))


@settings(max_examples=examples(100), deadline=None)
@given(items=st.lists(JSON | mutated(post()), max_size=4), option=TEXT)
def test_channels_take_any_json(items: list[Any], option: str) -> None:
    found = discourse_items.categories(items)
    assert discourse_items.support_ids(found, option) <= set(found)
    for item in items:
        repository(item, frozenset())


@settings(max_examples=examples(100), deadline=None)
@given(mutated(post()))
def test_normalising_twice_gives_the_same(item: dict[str, Any]) -> None:
    first = discourse_items.normalise(copy.deepcopy(item), forum=FORUM, now=NOW)
    assert first == discourse_items.normalise(item, forum=FORUM, now=NOW)


ANSWER = {
    "answer_id": 7,
    "question_id": 1,
    "comment_id": 9,
    "post_id": 7,
    "creation_date": 1_772_000_000,
    "last_edit_date": 1_772_000_100,
    "owner": {"user_id": 5, "display_name": "Ada &amp; Co", "user_type": "registered"},
    "is_accepted": True,
    "score": 3,
    "title": "How?",
    "link": "https://stackoverflow.com/q/1",
}
SUBMISSION = {
    "id": "1abc",
    "author": "ada",
    "author_fullname": "t2_ada",
    "created_utc": 1_772_000_000.0,
    "edited": False,
    "link_id": "t3_1abc",
    "parent_id": "t1_1abc",
    "permalink": "/r/acme/comments/1abc/x/",
    "title": "How?",
    "body": "text",
    "score": 3,
    "children": ["1abd"],
    "replies": "",
}
THING = st.fixed_dictionaries({"kind": st.sampled_from(["t1", "t3", "more", "t5"]), "data": JSON | mutated(SUBMISSION)})


@settings(max_examples=examples(300), deadline=None)
@given(item=JSON | mutated(ANSWER), kind=st.sampled_from(sorted(stackexchange_items.ID_FIELDS)), site=TEXT)
def test_stackexchange_normalise_takes_any_json(item: Any, kind: str, site: str) -> None:
    found = stackexchange_items.normalise(
        kind, item, site=site, threads={1: Thread(1, "A"), 7: Thread(1, "A")}, now=NOW
    )
    assert_storable(found)
    assert found is not None


@settings(max_examples=examples(300), deadline=None)
@given(thing=JSON | THING)
def test_reddit_normalise_takes_any_json(thing: Any) -> None:
    found = reddit_items.normalise(thing, now=NOW)
    if not isinstance(found, Gone):
        assert_storable(found)
    reddit_items.stub(thing)
    reddit_items.created(thing)
    assert isinstance(reddit_items.fullname(thing), str)


@settings(max_examples=examples(200), deadline=None)
@given(things=st.lists(JSON | THING, max_size=5), nested=st.lists(JSON | THING, max_size=3))
def test_reddit_lists_take_any_json(things: list[Any], nested: list[Any]) -> None:
    tree = [*things, {"kind": "t1", "data": {**SUBMISSION, "replies": {"data": {"children": nested}}}}]
    row = list(reddit_items.flattened(tree))
    assert len(row) >= len(tree) + len(nested)
    found = reddit_items.found_in(row, now=NOW)
    ids = [*(one.external_id for one in found.records), *(one.external_id for one in found.rejected), *found.gone]
    assert len(ids) == len(set(ids))


@settings(max_examples=examples(300), deadline=None)
@given(item=JSON | mutated(MESSAGE), site=st.sampled_from(["", "https://acme.slack.com"]))
def test_slack_normalise_takes_any_json(item: Any, site: str) -> None:
    assert_storable(slack_items.normalise(item, room=Room("C00000001", site), now=NOW))
    if isinstance(item, dict):
        assert [type(one) for one in thread_state(item, slack_items.stamp(NOW))] == [str, str]


@settings(max_examples=examples(200), deadline=None)
@given(item=JSON | mutated({"id": "U1", "name": "ada", "is_bot": False, "profile": {"display_name": "Ada"}}))
def test_slack_people_and_channels_take_any_json(item: Any) -> None:
    found = slack_items.person(item)
    assert found is None or isinstance(found, Account)
    slack_items.place(item)


@settings(max_examples=examples(200), deadline=None)
@given(item=JSON | mutated(ROW))
def test_rows_of_files_take_any_json(item: Any) -> None:
    with suppress(BadItem):
        assert_storable(files.normalise(item, now=NOW))


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(10**9, 10**10 - 1), st.integers(0, 999_999))
def test_slack_time_stamps_come_back_exactly(seconds: int, micros: int) -> None:
    ts = f"{seconds}.{micros:06}"
    assert slack_items.stamp(slack_items.moment(ts)) == ts


def test_slack_cursor_comes_back_as_it_was() -> None:
    scan = Scan().opened(NOW)
    assert Scan.from_cursor(scan.as_cursor()) == scan
    assert Scan.from_cursor({"version": 0, "is_open": True}) == Scan()
