"""Slack's Web API: its cursors, its token, and what each `ok: false` is told as."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.clients.errors import AuthError, BadPayload, ClientError, RateLimited, TransientError
from portal.clients.slack import SlackClient
from portal.clients.slack_errors import LOOK_AGAIN, SlackError
from tests.clients.factories import AGENT, NOW, QUICK, still
from tests.upstreams import faults
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld


@pytest.fixture
def world() -> SlackWorld:
    world = SlackWorld()
    world.token = "xoxb-word"
    return world


@pytest.fixture
def server(world: SlackWorld) -> Iterator[Server]:
    with Server({"": SlackApp(world)}) as running:
        yield running


def client(server: Server, token: str = "xoxb-word") -> SlackClient:
    return SlackClient(
        server.url(),
        token=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(),
    )


def test_token_goes_in_a_header_and_never_in_an_address(server: Server) -> None:
    found = client(server, "xoxb-word\n").workspace()
    assert (found.name, found.url, sorted(found.scopes)) == (
        "Acme",
        "https://acme.slack.com/",
        ["channels:history", "channels:read", "users:read"],
    )
    (request,) = server.log
    assert (request.headers["authorization"], request.query) == ("Bearer xoxb-word", {})


def test_channels_are_listed_across_short_and_empty_pages(server: Server, world: SlackWorld) -> None:
    keys = [world.add_channel(f"c{number}", is_archived=number % 2 == 0) for number in range(7)]
    world.page_size, world.empty_pages = 2, 2
    assert [one["id"] for one in client(server).channels()] == keys
    assert server.log[0].query == {"types": "public_channel", "exclude_archived": "false", "limit": "200"}


def test_channels_that_lead_in_a_circle_are_left(server: Server, world: SlackWorld) -> None:
    again = {"ok": True, "channels": [], "response_metadata": {"next_cursor": "same"}}
    server.break_next("conversations.list", faults.data(again), times=9)
    with pytest.raises(BadPayload, match="leads in a circle"):
        list(client(server).channels())
    assert len(server.log) == 2


@pytest.mark.parametrize(("token", "sentence"), [("", "Slack asks for a token"), ("other", "does not know the token")])
def test_wrong_or_missing_token_is_told(server: Server, token: str, sentence: str) -> None:
    with pytest.raises(AuthError, match=sentence) as raised:
        client(server, token).workspace()
    assert raised.value.status == 401


@pytest.mark.parametrize(
    ("answer", "kind", "part", "retry"),
    [
        ({"error": "token_revoked"}, AuthError, "The token was revoked at Slack", None),
        ({"error": "account_inactive"}, AuthError, "was removed from the workspace", None),
        ({"error": "not_in_channel"}, SlackError, "invite the app there", LOOK_AGAIN),
        ({"error": "channel_not_found"}, SlackError, "Slack does not have this channel", LOOK_AGAIN),
        ({"error": "thread_not_found"}, SlackError, "does not have this thread", LOOK_AGAIN),
        (
            {"error": "missing_scope", "needed": "channels:history", "provided": "users:read,chat:write"},
            AuthError,
            "The token lacks the permission channels:history (it has chat:write, users:read): add it under",
            LOOK_AGAIN,
        ),
        ({"error": "missing_scope", "needed": 7}, AuthError, "lacks the permission it needs (it has none)", LOOK_AGAIN),
        ({"error": "<script>new_word"}, SlackError, "Slack refused the call: scriptnew_word.", LOOK_AGAIN),
        ({"error": ["x"]}, SlackError, "Slack refused the call: an error without a name.", LOOK_AGAIN),
        ({"error": "ratelimited"}, RateLimited, "asks to slow down", timedelta(seconds=60)),
    ],
)
def test_refusal_with_status_200_is_a_sentence(
    server: Server, answer: dict[str, object], kind: type[ClientError], part: str, retry: timedelta | None
) -> None:
    server.break_next("history", faults.data({"ok": False, **answer}))
    with pytest.raises(kind) as raised:
        client(server).history("C1")
    assert part in raised.value.sentence
    assert raised.value.retry_at == (None if retry is None else NOW + retry)


def test_trouble_at_slack_is_tried_again_later(server: Server) -> None:
    server.break_next("history", faults.data({"ok": False, "error": "fatal_error"}))
    with pytest.raises(TransientError) as raised:
        client(server).history("C1")
    assert raised.value.retry_at is not None


def test_limit_with_status_200_holds_back_the_next_call(server: Server, world: SlackWorld) -> None:
    server.break_next("history", faults.data({"ok": False, "error": "ratelimited"}))
    asking = client(server)
    for _ in range(3):
        with pytest.raises(RateLimited):
            asking.history("C1")
    assert len(server.log) == 1


@pytest.mark.parametrize("answer", [{}, {"ok": 1}, {"ok": True}, {"ok": True, "messages": {}}, [], "x"])
def test_answer_of_another_shape_is_refused(server: Server, answer: object) -> None:
    server.break_next("history", faults.data(answer))
    with pytest.raises(BadPayload):
        client(server).history("C1")


def test_cursor_of_another_kind_is_refused(server: Server) -> None:
    answer = {"ok": True, "messages": [], "response_metadata": {"next_cursor": 7}}
    server.break_next("history", faults.data(answer))
    with pytest.raises(BadPayload, match="where to go on"):
        client(server).history("C1")
