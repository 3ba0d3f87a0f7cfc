"""Which topic an address names: every form the forum writes, and what is refused without asking anybody."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetups.checking.threads import (
    NoTopic,
    Poster,
    ancestry,
    is_below,
    posters_of,
    root_path_of,
    topic_id_of,
)

FORUM = "https://forum.example.org"
FIELDS = ("id", "user_id", "username", "name", "post_type", "hidden", "parent_category_id", "slug")


@pytest.mark.parametrize(
    "path",
    [
        "/t/a-group-in-leipzig/41",
        "/t/a-group-in-leipzig/41/",
        "/t/41",
        "/t/41/3",
        "/t/a-group-in-leipzig/41/3",
        "/t/a-group-in-leipzig/41/last",
        "/t/-/41",
        "/t/%D0%BC%D0%B5%D1%82/41",
        "/t/группа/41",
        "/t/a-group-in-leipzig/41?u=ada&page=2",
        "/t/a-group-in-leipzig/41#post_3",
        "/t/41.json",
        "/t/a-group-in-leipzig/41.json",
        "/t/a-group-in-leipzig/41.json?track_visit=true",
        "/t/a-group-in-leipzig/41.rss",
        "/t/2026-in-leipzig/41",
        "/t/a-new-name-of-the-same-thread/41",
    ],
)
def test_topic_is_known_by_its_number(path: str) -> None:
    assert topic_id_of(f"{FORUM}{path}", FORUM) == 41


@pytest.mark.parametrize("forum", ["https://example.org/forum", "https://example.org/forum/"])
def test_topic_of_a_forum_in_a_folder(forum: str) -> None:
    assert topic_id_of("https://example.org/forum/t/a-group/41/2", forum) == 41
    for path in ("/t/a-group/41", "/forums/t/a-group/41", "/forum"):
        with pytest.raises(NoTopic):
            topic_id_of(f"https://example.org{path}", forum)


@pytest.mark.parametrize(
    "url",
    [" https://forum.example.org/t/x/41 ", "https://FORUM.example.org./t/x/41", "https://forum.example.org:443/t/x/41"],
)
def test_host_is_compared_in_one_form(url: str) -> None:
    assert topic_id_of(url, FORUM) == 41


@pytest.mark.parametrize(
    "url",
    [
        "https://forum.example.com/t/x/41",
        "https://forum.example.org.evil.example/t/x/41",
        "https://evil.example/forum.example.org/t/x/41",
        "https://forum.example.org@evil.example/t/x/41",
        "https://evil.example#@forum.example.org/t/x/41",
        "https://evil.example\\@forum.example.org/t/x/41",
        "https://user:word@forum.example.org/t/x/41",
        "http://forum.example.org/t/x/41",
        "https://forum.example.org:8443/t/x/41",
        "ftp://forum.example.org/t/x/41",
        "javascript:alert(1)//forum.example.org/t/x/41",
        "file:///t/x/41",
        "//forum.example.org/t/x/41",
        "forum.example.org/t/x/41",
        "https://forum.example.org:99999/t/x/41",
        "https://[forum.example.org/t/x/41",
        "https://127.0.0.1/t/x/41",
        "https://forum.example.org/t/x/4\x001",
        "https://forum.example.org/t/x/41\nHost: evil.example",
        "https://forum.example.org",
        "https://forum.example.org/",
        "https://forum.example.org/t",
        "https://forum.example.org/t/",
        "https://forum.example.org/t/a-group",
        "https://forum.example.org/t/a-group/none",
        "https://forum.example.org/t/a-group/41/reply",
        "https://forum.example.org/t/a-group/41/3/4",
        "https://forum.example.org/t/../41",
        "https://forum.example.org/t/%2e%2e/41",
        "https://forum.example.org/t//41",
        "https://forum.example.org/t/x/0",
        "https://forum.example.org/t/x/-41",
        "https://forum.example.org/t/x/9999999999",
        "https://forum.example.org/t/x/" + "9" * 5000,
        "https://forum.example.org/t/x/٤١",
        "https://forum.example.org/p/41",
        "https://forum.example.org/c/international/41",
        "https://forum.example.org/u/ada/41",
        "https://forum.example.org/x/t/a-group/41",
        "",
    ],
)
def test_anything_else_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(NoTopic) as refused:
        topic_id_of(url, FORUM)
    assert str(refused.value).endswith(".")


@given(
    st.one_of(st.text(), st.text().map(lambda text: f"{FORUM}/t/{text}"), st.text().map(lambda text: f"{FORUM}{text}"))
)
def test_any_text_is_a_topic_or_refused(text: str) -> None:
    try:
        number = topic_id_of(text, FORUM)
    except NoTopic:
        return
    assert 0 < number < 2**31
    assert text.strip().lower().startswith(FORUM)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=12,
)


@settings(max_examples=50)
@given(st.lists(ANYTHING, max_size=5), ANYTHING)
def test_any_answer_of_a_forum_can_be_read(rows: list[Any], number: Any) -> None:
    assert all(poster.username for poster in posters_of(rows))
    assert len(ancestry(number, rows)) <= len(rows)


def test_community_without_a_forum_has_no_topics() -> None:
    with pytest.raises(NoTopic, match="has no forum"):
        topic_id_of("https://forum.example.org/t/x/41", "")


def post(uid: object, username: object, **values: object) -> dict[str, object]:
    return {"user_id": uid, "username": username, "post_type": 1, **values}


def test_posters_are_counted_once_in_order() -> None:
    posts = [post(5, "ada", name="Ada"), post(6, "bo"), post(5, "ada")]
    assert posters_of(posts) == [Poster("5", "ada", "Ada"), Poster("6", "bo", "")]


@pytest.mark.parametrize(
    "odd",
    [
        post(-1, "system"),
        post(-2, "discobot"),
        post(0, "nobody"),
        post(None, None),
        post(None, "gone"),
        post(7, None),
        post(7, ""),
        post(True, "true"),
        post("7", "text"),
        post(7.5, "half"),
        post(7, ["list"]),
        post(7, "hidden", hidden=True),
        post(7, "deleted", user_deleted=True),
        post(7, "removed", deleted_at="2026-01-01T00:00:00Z"),
        post(7, "mover", post_type=3),
        post(7, "moderator", post_type=2),
        post(7, "whisperer", post_type=4),
        {},
        None,
        [],
        "post",
        7,
    ],
)
def test_posts_that_are_nobodys_or_do_not_stand_count_for_nobody(odd: object) -> None:
    assert posters_of([odd, post(5, "ada", name=None)]) == [Poster("5", "ada", "")]


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://f.org/c/international-by-country", (["international-by-country"], None)),
        ("https://f.org/c/international-by-country/12", (["international-by-country"], 12)),
        ("https://f.org/c/meetups/international/12/", (["meetups", "international"], 12)),
        ("https://f.org/forum/c/international", (["international"], None)),
        ("https://f.org", ([], None)),
        ("", ([], None)),
    ],
)
def test_link_of_a_category_names_its_way(link: str, path: object) -> None:
    assert root_path_of(link) == path


TREE = [
    {"id": 1, "slug": "international", "name": "International"},
    {"id": 2, "slug": "germany", "parent_category_id": 1},
    {"id": 3, "slug": "leipzig", "parent_category_id": 2},
    {"id": 4, "slug": "support"},
    {"id": 5, "slug": "international", "parent_category_id": 4},
    {"id": 6, "slug": "one", "parent_category_id": 7},
    {"id": 7, "slug": "two", "parent_category_id": 6},
    {"id": None},
    None,
    {"slug": "no-id"},
]


@pytest.mark.parametrize(
    ("category", "is_inside"), [(1, True), (2, True), (3, True), (4, False), (5, False), (6, False), (99, False)]
)
def test_category_or_any_above_it_is_the_international_one(category: int, is_inside: bool) -> None:
    chain = ancestry(category, TREE)
    assert is_below(chain, ["international"], None) is is_inside
    assert is_below(chain, [], 1) is is_inside


@pytest.mark.parametrize("odd", [None, "1", [], {}, True])
def test_category_that_is_no_number_has_no_ancestry(odd: object) -> None:
    assert [one["id"] for one in ancestry(odd, [{"id": 2, "slug": "x"}])] == []


def test_circle_of_categories_ends() -> None:
    assert [one["id"] for one in ancestry(6, TREE)] == [6, 7]
