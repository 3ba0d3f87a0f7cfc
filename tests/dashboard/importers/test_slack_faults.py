"""Every way an answer of Slack can go wrong: after it the database equals what is in the workspace."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard.models import DeadLetter, Source, Stream
from tests.dashboard.factories import NOW, SourceFactory
from tests.dashboard.importers.slack_factories import fill, stored, truth, ts, work, work_to_the_end
from tests.upstreams import faults
from tests.upstreams.server import Reply, Request, Server
from tests.upstreams.slack import SlackApp, SlackWorld

pytestmark = pytest.mark.django_db
GENERAL = "C00000001"
METHODS = ("conversations.list", "conversations.history", "conversations.replies", "users.list")


@pytest.fixture
def world() -> SlackWorld:
    world = SlackWorld()
    for name in ("ada", "grace", "linus"):
        world.add_person(name)
    fill(world, world.add_channel("general"), 30)
    world.page_size = 12
    return world


@pytest.fixture
def server(world: SlackWorld) -> Iterator[Server]:
    with Server({"": SlackApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return SourceFactory(service="slack", base_url=server.url(), options={"channels": "all"})


SENDS = {
    "429 and a time": faults.status(429, Retry_After="40"),
    "429 and nothing": faults.status(429),
    "403 and nothing": faults.status(403),
    "500": faults.status(500),
    "502 page": faults.status(502, faults.PAGE, Content_Type="text/html"),
    "503 and a time": faults.status(503, Retry_After="2"),
    "page with 200": faults.html(),
    "wrong type": faults.body(b"{}", Content_Type="text/plain"),
    "half of it": faults.truncated_json(),
    "cut off": faults.cut_off(),
    "reset": faults.reset(),
    "drip": faults.drip(0.05),
    "bomb": faults.bomb(60),
    "no object": faults.data([]),
    "no list": faults.data({"ok": True}),
    "not ok": faults.data({"ok": False}),
    "rate limit with 200": faults.data({"ok": False, "error": "ratelimited"}),
    "trouble of its own": faults.data({"ok": False, "error": "internal_error"}),
    "cursor expired": faults.data({"ok": False, "error": "invalid_cursor"}),
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", SENDS)
@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
def test_broken_answer_in_mid_import_loses_nothing(world, server, source, method, name):
    server.break_next(method, SENDS[name], skip=1)
    work_to_the_end(source, server)
    Stream.objects.update(is_enabled=True)  # what a person does about a refusal
    work_to_the_end(source, server, now=NOW + timedelta(hours=2))
    assert not server.faults[0].times
    assert stored(source) == truth(world)
    assert work(source, server, now=NOW + timedelta(hours=3)).error == ""


@pytest.mark.parametrize("method", METHODS)
def test_service_that_is_down_for_a_while_is_waited_for(world, server, source, method):
    server.break_next(method, faults.status(500), times=12)
    for hours in (0, 2, 4, 6):
        work_to_the_end(source, server, now=NOW + timedelta(hours=hours))
    assert stored(source) == truth(world)
    assert source.runs.latest("pk").error == ""


class Odd(SlackApp):
    """Changes answers on their way."""

    def respond(self, request: Request) -> Reply:
        reply = super().respond(request)
        items = reply.data.get("messages") if isinstance(reply.data, dict) else None
        if items is None:
            return reply
        return Reply(reply.status, {**reply.data, **self.change(request, items, reply.data)}, reply.headers)


def odd(change) -> type[Odd]:
    return type("Changed", (Odd,), {"change": staticmethod(change)})


CHANGES = {
    "twice in a page": lambda request, items, data: {"messages": [one for item in items for one in (item, item)]},
    "out of order": lambda request, items, data: {"messages": [*items[3:], *items[:3]]},
    "junk between": lambda request, items, data: {"messages": [None, 7, *items, "x", {}]},
    "more without a cursor": lambda request, items, data: {"response_metadata": {}},
    "cursor to itself": lambda request, items, data: (
        {"response_metadata": {"next_cursor": request.query["cursor"]}}
        if request.query.get("cursor") and data["response_metadata"]["next_cursor"]
        else {}
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_odd_pages_lose_nothing_and_double_nothing(world, server, source, name):
    server.apps[""] = odd(CHANGES[name])(world)
    run = work(source, server)
    assert run.state == "done"
    assert stored(source) == truth(world)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_pages_that_lead_in_a_circle_are_left(world, server, source):
    """The cursor points to itself and the time is not looked at either."""

    class Deaf(SlackApp):
        def _history(self, request: Request) -> Reply:
            asked = {name: value for name, value in request.query.items() if name in ("channel", "limit")}
            reply = super()._history(Request("GET", request.path, asked, {}))
            return Reply(200, {**reply.data, "response_metadata": {"next_cursor": "same"}})

    server.apps[""] = Deaf(world)
    run = work(source, server)
    assert "Slack's list leads in a circle" in run.error
    assert len(server.log) < 40
    server.apps[""] = SlackApp(world)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_empty_page_that_hides_messages_deletes_nothing(world, server, source):
    world.page_size = 8
    work(source, server)
    app = SlackApp(world)

    class Gap(SlackApp):
        def _history(self, request: Request) -> Reply:
            reply = app._history(request)
            hides = reply.data["response_metadata"]["next_cursor"] and request.query.get("cursor")
            return Reply(200, {**reply.data, "messages": []}) if hides else reply

    server.apps[""] = Gap(world)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_page_drift_while_reading_loses_nothing(world, server, source):
    class Busy(SlackApp):
        said = 0

        def respond(self, request: Request) -> Reply:
            if "history" in request.path and self.said < 10:
                self.said += 1
                self.world.say(GENERAL, "U00000001", ts(-self.said / 1000))
            return super().respond(request)

    server.apps[""] = Busy(world)
    work(source, server)
    assert len(truth(world)) > len(stored(source)) > 30
    server.apps[""] = SlackApp(world)
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_item_that_lacks_something_is_a_dead_letter_and_the_page_goes_on(world, server, source):
    broken = world.say(GENERAL, "U00000001", ts(10.5))
    del broken["user"]
    world.say(GENERAL, 7, ts(11.5))
    number = world.say(GENERAL, "U00000001", ts(12.5))
    good = {one["ts"]: one for one in world.messages[GENERAL] if one is not broken and one["user"] != 7}
    work(source, server)
    reasons = set(DeadLetter.objects.values_list("external_id", "reason"))
    assert reasons == {
        (f"message:{GENERAL}:{ts(10.5)}", "“user” is missing"),
        (f"message:{GENERAL}:{ts(11.5)}", "“user” is no id of a person"),
    }
    assert len(stored(source)) == len(good)
    assert number["ts"] in good
    del world.find(GENERAL, ts(12.5))["user"]  # stored, and broken later: still there
    work(source, server, now=NOW + timedelta(hours=1))
    assert len(stored(source)) == len(good)


def test_odd_text_does_no_harm(world, server, source):
    for number, text in enumerate(("\x00", "\ud800", "\u202eabc", "x" * 100_000, "🙈", None, 7, ["a"])):
        world.say(GENERAL, "U00000001", ts(9, number), text=text)
        world.people["U00000001"]["profile"]["display_name"] = f"a{text}"
    work(source, server)
    for item in world.messages[GENERAL]:
        item["text"] = "hello"
    assert stored(source) == truth(world)


def test_clock_of_slack_that_runs_ahead_is_no_reason_to_lose_a_message(world, server, source):
    ahead = world.say(GENERAL, "U00000001", ts(-30))
    work(source, server)
    work(source, server, now=NOW + timedelta(hours=1))
    assert f"message:{GENERAL}:{ahead['ts']}" in stored(source)
    assert len(stored(source)) == len(truth(world))
