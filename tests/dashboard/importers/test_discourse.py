"""Importing from a loopback forum: in full, again, interrupted, of old and new versions, and with private parts."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.importers.records import Record
from portal.clients.errors import BadPayload, ClientError, RateLimited
from tests.dashboard.importers.factories import ADA, GRACE, NOW, Shelf, discourse_importer
from tests.upstreams import faults
from tests.upstreams.discourse import DiscourseApp, DiscourseWorld, Item
from tests.upstreams.server import Server

DAY = "2026-03-01T10:00:00.000Z"


@pytest.fixture
def world() -> DiscourseWorld:
    world = DiscourseWorld()
    world.add_category("General")
    world.add_category("Support")
    return world


@pytest.fixture
def server(world: DiscourseWorld) -> Iterator[Server]:
    with Server({"": DiscourseApp(world)}) as running:
        yield running


def fill(world: DiscourseWorld, count: int, category: int = 1) -> None:
    """Topics of ten posts each."""
    topic: Item = {}
    for number in range(count):
        if number % 10 == 0:
            topic = world.add_topic(world.categories[category], f"Topic {number}", ADA, DAY)
        else:
            world.add_post(topic, GRACE, DAY)


def ids(world: DiscourseWorld) -> set[str]:
    return {f"post:{number}" for number in world.posts}


def read(server: Server, shelf: Shelf | None = None, *, most: int | None = None, **options: str) -> Shelf:
    return (shelf or Shelf()).read(discourse_importer(server, **options), "posts", "forum", "forum", most=most)


def test_channels_are_the_forum_and_its_public_categories(server: Server, world: DiscourseWorld) -> None:
    world.key = "word"
    world.add_category("Staff", read_restricted=True)
    world.add_category("Install", parent_category_id=2)
    found = [(one.key, one.name, one.kind, one.streams) for one in discourse_importer(server, "word").channels()]
    assert found == [
        ("forum", server.host, "forum", ("posts",)),
        ("1", "General", "category", ()),
        ("2", "Support", "category", ()),
        ("4", "Install", "category", ()),
    ]


@pytest.mark.parametrize("is_old", [False, True])
def test_all_posts_come_newest_first_from_either_version(server: Server, world: DiscourseWorld, is_old: bool) -> None:
    fill(world, 180)
    world.is_old = is_old
    pages = list(discourse_importer(server).pages("forum", "forum", "posts", {}, now=NOW))
    records = [record for page in pages for record in page.records]
    assert {record.external_id for record in records} == ids(world)
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    numbers = [int(record.external_id.removeprefix("post:")) for record in records]
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize("is_old", [False, True])
def test_gaps_of_deleted_and_hidden_posts_are_stepped_over(server: Server, world: DiscourseWorld, is_old: bool) -> None:
    fill(world, 400)
    world.is_old = is_old
    for number in range(120, 330):
        world.posts[number]["deleted_at"] = DAY
    shelf = read(server)
    assert set(shelf.records) == {f"post:{number}" for number in world.posts if not 120 <= number < 330}


def test_second_run_finds_nothing_new_with_three_requests(server: Server, world: DiscourseWorld) -> None:
    fill(world, 260)
    shelf = read(server)
    stored = dict(shelf.records)
    read(server, shelf)
    assert (shelf.records, shelf.requests) == (stored, 3)
    assert [request.path for request in server.log[-3:]] == ["/categories.json", "/posts.json", "/latest.json"]


def test_next_run_reads_down_to_what_is_known(server: Server, world: DiscourseWorld) -> None:
    fill(world, 260)
    shelf = read(server)
    fill(world, 120)
    read(server, shelf)
    assert set(shelf.records) == ids(world)
    assert shelf.requests == 5  # categories, three pages of posts, one of topics


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize("kills", [1, 2, 3])
def test_killed_after_any_number_of_pages_the_end_is_the_same(
    server: Server, world: DiscourseWorld, kills: int, is_old: bool
) -> None:
    fill(world, 300)
    world.is_old = is_old
    shelf = Shelf()
    for _ in range(12):
        read(server, shelf, most=kills)
        fill(world, 7)
    read(server, shelf)
    read(server, shelf)
    assert set(shelf.records) == ids(world)


def test_posts_written_while_paging_lose_nothing(server: Server, world: DiscourseWorld) -> None:
    fill(world, 200)

    class Busy(DiscourseApp):
        def respond(self, request: Any) -> Any:
            fill(self.world, 5)
            return super().respond(request)

    server.apps[""] = Busy(world)
    shelf = read(server)
    server.apps[""] = DiscourseApp(world)
    read(server, shelf)
    assert set(shelf.records) == ids(world)


@pytest.mark.parametrize(("times", "missing"), [(1, 0), (2, 50)])
def test_empty_page_in_mid_list_is_asked_again_and_does_not_end_it(
    server: Server, world: DiscourseWorld, times: int, missing: int
) -> None:
    fill(world, 260)
    server.break_next("before=161", faults.empty_list("latest_posts"), times=times)
    assert len(ids(world) - set(read(server).records)) == missing


def test_forum_that_repeats_its_newest_page_is_stopped(server: Server, world: DiscourseWorld) -> None:
    fill(world, 260)

    class Deaf(DiscourseApp):
        def respond(self, request: Any) -> Any:
            if request.path == "/posts.json":
                return self._posts(type(request)(request.method, request.path, {}, request.headers))
            return super().respond(request)

    server.apps[""] = Deaf(world)
    with pytest.raises(BadPayload) as raised:
        read(server)
    assert raised.value.sentence == (
        "The forum sends the same newest posts again instead of older ones: reading was stopped."
    )
    assert len(server.log) <= 4


def test_empty_forum_is_read_at_once(server: Server) -> None:
    shelf = read(server)
    assert (shelf.records, shelf.requests) == ({}, 3)


def test_question_and_answers_share_a_thread_with_the_asker(server: Server, world: DiscourseWorld) -> None:
    topic = world.add_topic(world.categories[2], "It does not start", ADA, DAY)
    world.add_post(topic, GRACE, DAY, accepted_answer=True)
    found = sorted(read(server).records.values(), key=lambda record: record.external_id)
    assert [(one.kind, one.state, one.thread, one.channel_key, _uid(one)) for one in found] == [
        ("question", "", "topic:1", "2", "5"),
        ("answer", "accepted", "topic:1", "2", "6"),
    ]


def _uid(record: Record) -> str:
    assert record.account is not None
    return record.account.uid


def test_key_does_not_bring_private_posts_in(server: Server, world: DiscourseWorld) -> None:
    """A key may see the team's own corner; the portal shows what it imports to everybody."""
    world.key = "word"
    fill(world, 3)
    secret = world.add_category("Staff", read_restricted=True)
    world.add_topic(secret, "Salaries", ADA, DAY)
    unlisted = world.add_category("Hidden corner")
    world.add_topic(unlisted, "Fine for all", ADA, DAY)

    class Shy(DiscourseApp):
        def _categories(self, request: Any) -> Any:
            reply = super()._categories(request)
            listed = reply.data["category_list"]
            listed["categories"] = [one for one in listed["categories"] if one["id"] <= 2]
            return reply

    server.apps[""] = Shy(world)
    shelf = Shelf().read(discourse_importer(server, "word"), "posts", "forum", "forum")
    assert {record.title for record in shelf.records.values()} == {"Topic 0", "Fine for all"}
    assert [request.path for request in server.calls("/c/")] == ["/c/3/show.json", "/c/4/show.json"]


def test_forum_without_a_list_of_categories_is_read_all_the_same(server: Server, world: DiscourseWorld) -> None:
    fill(world, 3)
    server.break_next("categories", faults.status(404), times=9)
    shelf = read(server)
    assert {record.channel_key for record in shelf.records.values()} == {""}
    assert len(shelf.records) == 3


def test_poison_post_is_a_dead_letter_and_the_page_goes_on(server: Server, world: DiscourseWorld) -> None:
    fill(world, 3)
    del world.posts[2]["created_at"]
    shelf = read(server)
    assert set(shelf.records) == {"post:1", "post:3"}
    assert shelf.rejected == {"post:2": "“created_at” is missing or no time"}


@pytest.mark.parametrize("wait", [47, 4000])
def test_rate_limit_in_mid_list_is_handed_back_and_taken_up_again(
    server: Server, world: DiscourseWorld, wait: int
) -> None:
    fill(world, 260)
    server.break_next("before=161", faults.status(429, Retry_After=str(wait)))
    shelf = Shelf()
    with pytest.raises(RateLimited) as raised:
        read(server, shelf)
    assert raised.value.retry_at is not None
    assert (raised.value.retry_at - NOW).total_seconds() == min(wait, 3600)
    assert len(shelf.records) == 100
    assert set(read(server, shelf).records) == ids(world)


@pytest.mark.parametrize("send", [faults.html(), faults.status(403), faults.status(301, Location="/login")])
def test_failure_in_mid_list_keeps_the_pages_before_it(server: Server, world: DiscourseWorld, send: Any) -> None:
    fill(world, 260)
    server.break_next("before=161", send)
    shelf = Shelf()
    with pytest.raises(ClientError):
        read(server, shelf)
    assert len(shelf.records) == 100
    assert set(read(server, shelf).records) == ids(world)
