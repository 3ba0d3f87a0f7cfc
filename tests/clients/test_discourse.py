"""A forum's lists, asked of a loopback Discourse."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from portal.clients.discourse import DiscourseClient
from portal.clients.errors import AuthError, BadPayload, RateLimited
from tests.clients.factories import AGENT, NOW, QUICK, Sleeps, still
from tests.upstreams import faults
from tests.upstreams.discourse import DiscourseApp, DiscourseWorld
from tests.upstreams.server import Server

ADA = {"id": 5, "username": "ada", "name": "Ada"}
DAY = "2026-03-01T10:00:00.000Z"


@pytest.fixture
def world() -> DiscourseWorld:
    world = DiscourseWorld()
    topic = world.add_topic(world.add_category("General"), "Hello", ADA, DAY)
    for _ in range(119):
        world.add_post(topic, ADA, DAY)
    return world


@pytest.fixture
def server(world: DiscourseWorld) -> Iterator[Server]:
    with Server({"/forum": DiscourseApp(world)}) as running:
        yield running


def discourse(server: Server, token: str = "", **arguments: Any) -> DiscourseClient:
    values: dict[str, Any] = {
        "token": token,
        "user_agent": AGENT,
        "allowed_private_hosts": (server.host,),
        "limits": QUICK,
        "surroundings": still(),
    }
    return DiscourseClient(server.url("/forum"), **{**values, **arguments})


def test_posts_come_fifty_at_a_time_newest_first(server: Server) -> None:
    client = discourse(server)
    assert [post["id"] for post in client.posts()] == list(range(120, 70, -1))
    assert [post["id"] for post in client.posts(before=21)] == list(range(20, 0, -1))
    assert client.posts(before=1) == []


def test_key_and_user_are_sent_together(server: Server, world: DiscourseWorld) -> None:
    world.key = "word"
    discourse(server, "word", username="importer").posts()
    sent = server.log[0].headers
    assert (sent["api-key"], sent["api-username"]) == ("word", "importer")
    assert "api-key" not in discourse(server).http._client.headers


def test_wrong_key_is_an_auth_error(server: Server, world: DiscourseWorld) -> None:
    world.key = "another"
    with pytest.raises(AuthError):
        discourse(server, "word").posts()


def test_categories_hold_those_inside_others(server: Server, world: DiscourseWorld) -> None:
    world.categories.clear()
    inner = {"id": 8, "name": "Install", "slug": "install"}
    world.add_category("Support", id=7, subcategory_list=[inner])
    assert [one["id"] for one in discourse(server).categories()] == [7, 8]


def test_topic_holds_its_posts(server: Server) -> None:
    topic = discourse(server).topic(1)
    assert (topic["title"], len(topic["post_stream"]["posts"]), len(topic["post_stream"]["stream"])) == (
        "Hello",
        20,
        120,
    )


def test_topic_near_a_post_holds_the_posts_around_it(server: Server) -> None:
    posts = discourse(server).topic(1, near=70)["post_stream"]["posts"]
    assert 70 in [post["post_number"] for post in posts]


def test_latest_tells_whether_there_are_more(server: Server, world: DiscourseWorld) -> None:
    for number in range(120):
        world.add_topic(world.categories[1], f"Topic {number}", ADA, DAY)
    pages = [discourse(server).latest(page) for page in range(3)]
    assert [(len(topics), has_more) for topics, has_more in pages] == [(100, True), (21, False), (0, False)]


def test_short_wait_of_the_forum_is_slept(server: Server, world: DiscourseWorld) -> None:
    world.limited, world.wait_seconds = 1, 3
    sleeps = Sleeps()
    client = discourse(server, surroundings=still(sleeps), limits=None)
    assert len(client.posts()) == 50
    assert sleeps.asked == [3.0]


def test_long_wait_of_the_forum_is_handed_back(server: Server, world: DiscourseWorld) -> None:
    world.limited, world.wait_seconds = 1, 47
    with pytest.raises(RateLimited) as raised:
        discourse(server).posts()
    assert raised.value.retry_at == NOW + timedelta(seconds=47)


def test_proxy_without_a_word_is_given_ten_seconds(server: Server) -> None:
    server.break_next("posts", faults.status(429, b"<html>Too many requests</html>", Content_Type="text/html"))
    with pytest.raises(RateLimited) as raised:
        discourse(server).posts()
    assert raised.value.retry_at == NOW + timedelta(seconds=10)


@pytest.mark.parametrize("answer", [[], {}, {"latest_posts": None}, {"latest_posts": {}}, "text", None])
def test_answers_without_posts_are_refused(server: Server, answer: Any) -> None:
    server.break_next("posts", faults.data(answer))
    with pytest.raises(BadPayload):
        discourse(server).posts()


def test_maintenance_page_is_refused(server: Server) -> None:
    server.break_next("posts", faults.html())
    with pytest.raises(BadPayload) as raised:
        discourse(server).posts()
    assert raised.value.sentence.startswith("A web page came instead of data: a login, error or maintenance page?")


def test_posts_of_a_topic_are_asked_for_by_their_ids(server: Server) -> None:
    posts = discourse(server).topic_posts(1, [21, 23, 99_999])
    assert [post["id"] for post in posts] == [21, 23]
    assert server.log[0].pairs == [("post_ids[]", "21"), ("post_ids[]", "23"), ("post_ids[]", "99999")]


def test_at_most_twenty_posts_are_asked_for_at_once(server: Server) -> None:
    assert len(discourse(server).topic_posts(1, list(range(1, 121)))) == 20


@pytest.mark.parametrize("answer", [[], {}, {"post_stream": None}, {"post_stream": {"posts": None}}])
def test_answers_without_posts_of_a_topic_are_refused(server: Server, answer: Any) -> None:
    server.break_next(r"t/1/posts", faults.data(answer))
    with pytest.raises(BadPayload):
        discourse(server).topic_posts(1, [21])
