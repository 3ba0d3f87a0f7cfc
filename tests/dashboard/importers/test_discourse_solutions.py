"""Answers accepted after their posts were read, found among the topics of a loopback forum."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.importers import discourse_solutions
from dashboard.importers.discourse_solutions import Solution
from portal.clients.errors import RateLimited
from tests.dashboard.importers.factories import ADA, GRACE, NOW, Shelf, discourse_importer
from tests.upstreams import faults
from tests.upstreams.discourse import DiscourseApp, DiscourseWorld, Item
from tests.upstreams.server import Server

DAY = "2026-03-01T10:00:00.000Z"


class Silent(DiscourseApp):
    """A forum whose posts.json says nothing of solutions."""

    def _posts(self, request: Any) -> Any:
        reply = super()._posts(request)
        hidden = ("accepted_answer", "topic_accepted_answer")
        for at, post in enumerate(reply.data["latest_posts"]):
            reply.data["latest_posts"][at] = {name: value for name, value in post.items() if name not in hidden}
        return reply


@pytest.fixture
def world() -> DiscourseWorld:
    world = DiscourseWorld()
    world.add_category("General")
    world.add_category("Support")
    return world


@pytest.fixture
def server(world: DiscourseWorld) -> Iterator[Server]:
    with Server({"": Silent(world)}) as running:
        yield running


def read(server: Server, shelf: Shelf | None = None, *, most: int | None = None, now: datetime = NOW) -> Shelf:
    shelf = shelf or Shelf()
    return shelf.put(discourse_importer(server).pages("forum", "forum", "posts", shelf.cursor, now=now), most=most)


def asked(world: DiscourseWorld, answers: int, category: int = 2, day: str = DAY) -> list[Item]:
    """A question and its answers."""
    topic = world.add_topic(world.categories[category], "It does not start", ADA, day)
    return [world.add_post(topic, GRACE, day) for _ in range(answers)]


def key(post: Item) -> str:
    return f"post:{post['id']}"


def test_answer_accepted_long_after_it_was_read_is_found(server: Server, world: DiscourseWorld) -> None:
    first, second = asked(world, 2)
    shelf = read(server)
    asked(world, 120)
    read(server, shelf)
    world.accept(second)
    read(server, shelf)
    assert [shelf.records[key(post)].state for post in (first, second)] == ["", "accepted"]
    assert shelf.records[key(second)].title == "It does not start"
    assert shelf.records[key(second)].channel_key == "2"


def test_solved_topic_is_read_once_and_stays_solved(server: Server, world: DiscourseWorld) -> None:
    (answer,) = asked(world, 1)
    world.accept(answer)
    shelf = read(server)
    stored = dict(shelf.records)
    assert stored[key(answer)].state == "accepted"
    read(server, shelf)
    read(server, shelf)
    assert shelf.records == stored
    assert len(server.calls("^/t/")) == 1


def test_accepted_answer_beyond_the_first_posts_is_asked_for(server: Server, world: DiscourseWorld) -> None:
    answers = asked(world, 60)
    world.accept(answers[40])
    shelf = read(server)
    assert shelf.records[key(answers[40])].state == "accepted"
    assert [request.path for request in server.calls("^/t/")] == ["/t/1.json", "/t/1/42.json"]


def test_accepted_post_outside_support_keeps_its_kind_whenever_it_is_read(
    server: Server, world: DiscourseWorld
) -> None:
    (answer,) = asked(world, 1, category=1)
    early = read(server)
    world.accept(answer)
    read(server, early)
    late = read(server)
    assert {(one.kind, one.state) for one in late.records.values()} == {("topic", ""), ("post", "accepted")}
    assert early.records == late.records


def test_acceptance_that_moves_is_found_the_next_day(server: Server, world: DiscourseWorld) -> None:
    answers = asked(world, 60)
    world.accept(answers[40])
    shelf = read(server)
    asked(world, 120)
    read(server, shelf)
    world.accept(answers[2])
    read(server, shelf, now=NOW + timedelta(days=1))
    accepted = [name for name, record in shelf.records.items() if record.state == "accepted"]
    assert accepted == [key(answers[2])]


def test_acceptance_taken_back_is_found_at_once(server: Server, world: DiscourseWorld) -> None:
    answers = asked(world, 60)
    world.accept(answers[40])
    shelf = read(server)
    asked(world, 120)
    read(server, shelf)
    world.unaccept(answers[40])
    read(server, shelf)
    assert [name for name, record in shelf.records.items() if record.state == "accepted"] == []
    assert shelf.cursor["solved"] == {}


def test_sweep_ends_ninety_days_before_the_last_activity(server: Server, world: DiscourseWorld) -> None:
    for _ in range(150):
        asked(world, 0, day="2025-01-01T10:00:00.000Z")
    old, (recent,) = asked(world, 1, day="2025-06-01T10:00:00.000Z")[0], asked(world, 1, day=DAY)
    for post in (old, recent):
        world.accept(post)
    read(server)
    assert len(server.calls("^/latest")) == 2
    assert {request.path for request in server.calls("^/t/")} == {"/t/151.json", "/t/152.json"}


def test_forum_without_the_plugin_costs_one_call(server: Server, world: DiscourseWorld) -> None:
    for _ in range(250):
        asked(world, 0)
    world.has_solutions = False
    read(server)
    assert len(server.calls("^/latest")) == 1


def test_forum_without_the_list_is_read_all_the_same(server: Server, world: DiscourseWorld) -> None:
    asked(world, 3)
    server.break_next("/latest", faults.status(404))
    assert len(read(server).records) == 4


@pytest.mark.parametrize("kills", [1, 2, 3])
def test_killed_at_any_page_the_end_is_the_same(server: Server, world: DiscourseWorld, kills: int) -> None:
    for number in range(45):
        for post in asked(world, 2)[:1]:
            if number % 2:
                world.accept(post)
    shelf = Shelf()
    for _ in range(8):
        read(server, shelf, most=kills)
    read(server, shelf)
    accepted = {key(post) for post in world.posts.values() if post.get("accepted_answer")}
    assert {name for name, record in shelf.records.items() if record.state == "accepted"} == accepted
    assert len(shelf.records) == len(world.posts)


def test_rate_limit_during_the_sweep_keeps_what_was_read(server: Server, world: DiscourseWorld) -> None:
    for _ in range(25):
        world.accept(asked(world, 1)[0])
    server.break_next("/t/18.json", faults.status(429, Retry_After="900"))
    shelf = Shelf()
    with pytest.raises(RateLimited):
        read(server, shelf)
    assert len(shelf.cursor["solved"]) == 10
    calls = len(server.calls("^/t/"))
    read(server, shelf)
    assert len(server.calls("^/t/")) - calls == 15
    assert len(shelf.cursor["solved"]) == 25


def test_topic_that_is_gone_is_passed_over(server: Server, world: DiscourseWorld) -> None:
    (answer,) = asked(world, 1)
    world.accept(answer)
    server.break_next("/t/", faults.status(404))
    assert read(server).cursor["solved"] == {"1": [0, NOW.date().isoformat()]}


@pytest.mark.parametrize(
    "value", [None, [], "text", {"a": [1, "x"], "1": "b", "2": None, "3": 4, "4": [], "5": ["x", "y"]}, 7]
)
def test_strange_cursors_know_nothing(value: Any) -> None:
    assert discourse_solutions.from_cursor(value) == {}


@pytest.mark.parametrize("item", [None, [], "text", {}, {"topic_id": []}, {"topic_id": 9}])
def test_posts_of_other_topics_are_left_alone(item: Any) -> None:
    assert discourse_solutions.applied(item, {4: Solution(2, "2026-03-01")}) == item


@pytest.mark.parametrize(
    "answer",
    [
        {"topic_list": {"topics": [None, 5, {}, {"id": "x", "has_accepted_answer": True}]}},
        {"topic_list": {"topics": [{"id": 1, "has_accepted_answer": "yes", "bumped_at": 7}]}},
    ],
)
def test_any_list_of_topics_is_survived(server: Server, world: DiscourseWorld, answer: Any) -> None:
    asked(world, 1)
    server.break_next("/latest", faults.data(answer))
    assert len(read(server).records) == 2
