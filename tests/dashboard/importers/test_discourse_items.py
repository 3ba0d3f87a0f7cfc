"""What a forum's posts and categories mean."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.importers import discourse_items
from dashboard.importers.discourse_items import Category, Forum, normalise, support_ids
from dashboard.importers.records import Account, ChannelRecord, Record, Rejected
from tests.dashboard.importers.factories import NOW, post

URL = "https://forum.example"
GENERAL = Category(7, "General", "general", None, is_restricted=False)
SUPPORT = Category(8, "Support", "support", None, is_restricted=False)
INSTALL = Category(9, "Install", "install", 8, is_restricted=False)
STAFF = Category(10, "Staff", "staff", None, is_restricted=True)
KNOWN = {one.id: one for one in (GENERAL, SUPPORT, INSTALL, STAFF)}


def read(item: Any, *, is_open: bool = True) -> Record | Rejected | None:
    return normalise(item, forum=Forum(URL, KNOWN, frozenset({8, 9}), is_open), now=NOW)


def record(item: Any) -> Record:
    found = read(item)
    assert isinstance(found, Record)
    return found


def test_post_becomes_a_record() -> None:
    assert read(post()) == Record(
        external_id="post:12",
        kind="post",
        occurred_at=datetime(2026, 3, 1, 10, 0, 0, 123_000, tzinfo=UTC),
        account=Account("5", "ada", "Ada", False, "https://forum.example/u/ada"),
        thread="topic:4",
        title="How to install?",
        url="https://forum.example/t/how-to-install/4/2",
        source_updated_at=datetime(2026, 3, 2, 10, 0, 0, 123_000, tzinfo=UTC),
        likes=3,
        channel_key="7",
    )


@pytest.mark.parametrize(
    ("changes", "kind", "state"),
    [
        ({"post_number": 1}, "topic", ""),
        ({"post_number": 2}, "post", ""),
        ({"post_number": 1, "category_id": 8}, "question", ""),
        ({"post_number": 2, "category_id": 8}, "answer", ""),
        ({"post_number": 2, "category_id": 9}, "answer", ""),
        ({"post_number": 2, "category_id": 8, "accepted_answer": True}, "answer", "accepted"),
        ({"post_number": 2, "accepted_answer": True}, "post", "accepted"),
        ({"post_number": 1, "topic_accepted_answer": True}, "topic", ""),
        ({"post_number": 2, "topic_accepted_answer": True}, "post", ""),
        ({"post_number": 1, "accepted_answer": True}, "topic", ""),
        ({"post_number": 2, "category_id": None}, "post", ""),
    ],
)
def test_kind_follows_category_and_place_alone(changes: dict[str, Any], kind: str, state: str) -> None:
    found = record(post(**changes))
    assert (found.kind, found.state, found.credited_at) == (kind, state, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"hidden": True},
        {"user_deleted": True},
        {"deleted_at": "2026-03-02T10:00:00Z"},
        {"post_type": 3},
        {"post_type": 4},
        {"topic_archetype": "private_message"},
        {"category_id": 10},
    ],
)
def test_what_is_not_for_everybody_is_left_out(changes: dict[str, Any]) -> None:
    assert read(post(**changes)) is None


def test_with_a_key_only_what_is_known_to_be_public_is_read() -> None:
    found = read(post(category_id=7), is_open=False)
    assert isinstance(found, Record)
    assert read(post(category_id=77), is_open=False) is None
    assert read(post(category_id=None), is_open=False) is None
    assert record(post(category_id=77)).channel_key == ""


@pytest.mark.parametrize(
    ("changes", "account"),
    [
        (
            {"user_id": -1, "username": "system", "name": "system"},
            Account("-1", "system", "system", True, f"{URL}/u/system"),
        ),
        (
            {"user_id": -2, "username": "discobot", "name": None},
            Account("-2", "discobot", "", True, f"{URL}/u/discobot"),
        ),
        ({"username": "two words"}, Account("5", "two words", "Ada", False, "")),
        ({"username": None, "name": None}, Account("5", "", "", False, "")),
        ({"user_id": None}, None),
    ],
)
def test_authors_are_people_bots_or_unknown(changes: dict[str, Any], account: Account | None) -> None:
    assert record(post(**changes)).account == account


@pytest.mark.parametrize(
    ("summary", "likes"),
    [
        ([{"id": 2, "count": 3}], 3),
        ([{"id": 2}], 0),
        ([{"id": 2, "count": -4}], 0),
        ([{"id": 2, "count": 10**15}], 2**31 - 1),
        ([{"id": 3, "count": 3}], 0),
        ([None, 7], 0),
        (None, 0),
        ({}, 0),
    ],
)
def test_likes_are_counted_from_the_summary(summary: Any, likes: int) -> None:
    assert record(post(actions_summary=summary)).likes == likes


def test_times_of_older_forums_are_read() -> None:
    assert record(post(created_at="2026-02-04T15:26:26.278-05:00")).occurred_at == datetime(
        2026, 2, 4, 20, 26, 26, 278_000, tzinfo=UTC
    )


@pytest.mark.parametrize("slug", [None, "", "../../evil", "a b", '"><script>'])
def test_slugs_that_could_leave_the_path_are_dropped(slug: Any) -> None:
    assert record(post(topic_slug=slug)).url == "https://forum.example/t/-/4/2"


@pytest.mark.parametrize(
    ("item", "external_id", "reason"),
    [
        (post(id=None), "post:unknown-", "“id” is missing or no positive whole number"),
        (post(topic_id=None), "post:12", "“topic_id” is missing or no positive whole number"),
        (post(post_number=0), "post:12", "“post_number” is missing or no positive whole number"),
        (post(created_at=5), "post:12", "“created_at” is missing or no time"),
        ({k: v for k, v in post().items() if k != "user_id"}, "post:12", "“user_id” is missing"),
        (post(user_id="ada"), "post:12", "“user_id” is no whole number"),
        ([], "post:unknown-", "the post is no object"),
    ],
)
def test_posts_without_what_a_record_needs_name_the_field(item: Any, external_id: str, reason: str) -> None:
    found = read(item)
    assert isinstance(found, Rejected)
    assert found.external_id.startswith(external_id)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("option", "expected"),
    [("", {8, 9}), ("general", {7}), ("General, 8", {7, 8, 9}), ("9", {9}), (" , ", {8, 9}), ("nothing", set())],
)
def test_support_categories_are_listed_or_told_by_their_slug(option: str, expected: set[int]) -> None:
    assert support_ids(KNOWN, option) == expected


def test_categories_are_read_from_any_list() -> None:
    items = [
        {"id": 8, "name": "Help\x00!", "slug": "help", "read_restricted": True, "parent_category_id": 7},
        {},
        None,
        5,
    ]
    assert discourse_items.categories(items) == {8: Category(8, "Help !", "help", 7, is_restricted=True)}


def test_category_becomes_a_channel_without_streams() -> None:
    assert discourse_items.category_channel(INSTALL, URL) == ChannelRecord(
        "9", "Install", "category", "https://forum.example/c/install/9"
    )
