"""The HTTP layer against a real server: redirects, retries, limits, and every way a body can be wrong."""

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpcore
import pytest

from portal.clients.errors import (
    AuthError,
    BadPayload,
    ClientError,
    ForbiddenAddress,
    PermanentError,
    RateLimited,
    TransientError,
)
from portal.clients.http import HttpClient, Limits, clean_token
from portal.clients.transport import _GuardedBackend
from tests.clients.factories import AGENT, NOW, QUICK, Echo, Sleeps, client_of, still
from tests.upstreams import faults
from tests.upstreams.server import Reply, Send, Server


@pytest.fixture
def server() -> Iterator[Server]:
    with Server({"": Echo()}) as running:
        yield running


def test_get_returns_json_with_the_headers_it_should_send(server: Server) -> None:
    client = client_of(server, headers={"Api-Key": "word"}, has_secret=True)
    answer = client.get("posts.json", {"before": "7"})
    assert answer.data == {"path": "/posts.json", "query": {"before": "7"}}
    sent = server.log[0].headers
    assert (sent["user-agent"], sent["accept-encoding"], sent["api-key"]) == (AGENT, "gzip", "word")
    assert sent["host"] == server.host
    assert client.requests == 1


def test_connections_are_kept_and_pinned_to_the_guard(server: Server) -> None:
    client = client_of(server)
    assert [client.get(str(number)).status for number in range(3)] == [200, 200, 200]
    pool: Any = client._client._transport._pool
    assert isinstance(pool, httpcore.ConnectionPool)
    assert isinstance(pool._network_backend, _GuardedBackend)
    assert len(pool.connections) == 1


def test_environment_proxies_are_ignored(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy would make the connection for us, to wherever a name leads for it."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client_of(server).get("x").status == 200


def test_long_answers_come_packed(server: Server) -> None:
    server.apps[""] = Echo(long=Reply(200, ["word"] * 10_000))
    answer = client_of(server).get("long")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.data == ["word"] * 10_000


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_on_the_same_host_are_followed(server: Server, status: int) -> None:
    server.apps[""] = Echo(old=Reply(status, None, {"Location": "/new?page=2"}))
    answer = client_of(server).get("old", {"page": "1"})
    assert answer.data == {"path": "/new", "query": {"page": "2"}}
    assert [request.path for request in server.log] == ["/old", "/new"]


def test_redirects_end_after_three(server: Server) -> None:
    server.apps[""] = Echo(a=Reply(302, None, {"Location": "/b"}), b=Reply(302, None, {"Location": "/a"}))
    with pytest.raises(PermanentError) as raised:
        client_of(server).get("a")
    assert raised.value.sentence == "The service redirects in a circle."
    assert len(server.log) == 4


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/",
        "http://localhost:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc",
    ],
)
def test_redirects_to_another_host_are_refused(server: Server, target: str) -> None:
    with Server({"": Echo()}) as other:
        target = target.format(other=other.server_address[1], port=server.server_address[1])
        server.apps[""] = Echo(away=Reply(302, None, {"Location": target}))
        hosts = (server.host, other.host, f"localhost:{server.server_address[1]}")
        with pytest.raises(ForbiddenAddress):
            client_of(server, allowed_private_hosts=hosts).get("away")
        assert other.log == []
        assert len(server.log) == 1


def test_posts_are_not_redirected(server: Server) -> None:
    server.apps[""] = Echo(graphql=Reply(302, None, {"Location": "/login"}))
    with pytest.raises(PermanentError):
        client_of(server).post("graphql", {})
    assert len(server.log) == 1


def test_allows_tells_which_links_stay_on_the_service() -> None:
    client = HttpClient("https://forum.example/community", user_agent=AGENT)
    links = {
        "https://forum.example/x": True,
        "https://FORUM.example:443/x": True,
        "http://forum.example/x": False,
        "https://forum.example:8443/x": False,
        "https://forum.example.evil.example/x": False,
        "https://evil.example/?forum.example": False,
    }
    assert {link: client.allows(link) for link in links} == links


def test_secrets_are_not_sent_in_the_open() -> None:
    client = HttpClient("http://forum.example", user_agent=AGENT, headers={"Api-Key": "word"}, has_secret=True)
    with pytest.raises(ForbiddenAddress) as raised:
        client.get("posts.json")
    assert raised.value.sentence == "The token is not sent to forum.example over http: use its https address."


@pytest.mark.parametrize("token", ["two\nlines", "wörd", "nul\0"])
def test_tokens_that_cannot_be_sent_are_refused(token: str) -> None:
    with pytest.raises(AuthError):
        clean_token(token)


def test_tokens_lose_the_line_end_of_their_file() -> None:
    assert clean_token("  secret-word\n") == "secret-word"


# Statuses


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_passing_statuses_are_tried_again(server: Server, status: int) -> None:
    sleeps = Sleeps()
    server.break_next("/x", faults.status(status), times=3)
    assert client_of(server, sleeps).get("x").status == 200
    assert sleeps.asked == [0.125, 0.25, 0.5]


def test_passing_statuses_for_ever_end_after_five_tries(server: Server) -> None:
    sleeps = Sleeps()
    server.break_next("/x", faults.status(503), times=100)
    with pytest.raises(TransientError) as raised:
        client_of(server, sleeps).get("x")
    assert (len(server.log), sum(sleeps.asked)) == (5, 1.875)
    assert raised.value.retry_at == NOW + timedelta(seconds=150)


def test_no_call_sleeps_more_than_five_seconds(server: Server) -> None:
    sleeps = Sleeps()
    server.break_next("/x", faults.status(503), times=100)
    client = client_of(server, limits=Limits(), surroundings=still(sleeps, dice=lambda low, high: high))
    with pytest.raises(TransientError):
        client.get("x")
    assert sleeps.asked == [0.5, 1.0, 2.0]  # the four seconds that come next would be too many


def test_passing_status_with_a_long_retry_after_is_not_waited_for(server: Server) -> None:
    sleeps = Sleeps()
    server.break_next("/x", faults.status(503, Retry_After="900"))
    with pytest.raises(TransientError) as raised:
        client_of(server, sleeps).get("x")
    assert raised.value.retry_at == NOW + timedelta(minutes=15)
    assert sleeps.asked == []


@pytest.mark.parametrize("status", [400, 404, 409, 410, 422, 451])
def test_plain_refusals_are_not_tried_again(server: Server, status: int) -> None:
    server.break_next("/x", faults.status(status))
    with pytest.raises(PermanentError) as raised:
        client_of(server).get("x")
    assert (raised.value.status, raised.value.retry_at, len(server.log)) == (status, None, 1)


@pytest.mark.parametrize(
    ("has_secret", "sentence"),
    [
        (True, "The service refuses the token (status 403): it is wrong, revoked, expired or may not read this."),
        (False, "The service asks for a token (status 403): set one for this source."),
    ],
)
def test_refused_tokens_say_so(server: Server, has_secret: bool, sentence: str) -> None:
    server.break_next("/x", faults.status(403))
    with pytest.raises(AuthError) as raised:
        client_of(server, has_secret=has_secret).get("x")
    assert (raised.value.sentence, raised.value.retry_at, len(server.log)) == (sentence, None, 1)


def test_short_waits_are_slept_and_long_ones_handed_back(server: Server) -> None:
    sleeps = Sleeps()
    server.break_next("/x", faults.status(429, Retry_After="1"))
    client = client_of(server, sleeps)
    assert client.get("x").status == 200
    assert sleeps.asked == [1.0]
    server.break_next("/x", faults.status(429, Retry_After="1800"))
    with pytest.raises(RateLimited) as raised:
        client.get("x")
    assert raised.value.retry_at == NOW + timedelta(minutes=30)
    assert raised.value.sentence == "The service asks to slow down: the import goes on after 12:30 UTC."
    assert sleeps.asked == [1.0]


def test_nothing_is_sent_before_a_wait_is_over(server: Server) -> None:
    moments = [NOW, NOW]
    server.break_next("/x", faults.status(429))
    client = client_of(server, surroundings=still(clock=lambda: moments[-1]))
    with pytest.raises(RateLimited):
        client.get("x")
    with pytest.raises(RateLimited):
        client.get("x")
    assert len(server.log) == 1
    moments.append(NOW + timedelta(seconds=61))
    assert client.get("x").status == 200


# Bodies

BROKEN: dict[str, tuple[Send, type[ClientError], int]] = {
    "html": (faults.html(), BadPayload, 1),
    "plain text": (faults.body(b"[]", Content_Type="text/plain"), BadPayload, 1),
    "empty": (faults.body(b""), BadPayload, 3),
    "truncated": (faults.truncated_json(), BadPayload, 3),
    "cut off": (faults.cut_off(), TransientError, 5),
    "reset": (faults.reset(), TransientError, 5),
    "deep": (faults.body(b"[" * 100_000), BadPayload, 1),
    "long number": (faults.body(b"[" + b"9" * 5000 + b"]"), BadPayload, 3),
    "not a number": (faults.body(b"[NaN]"), BadPayload, 3),
    "infinite": (faults.body(b"[-Infinity]"), BadPayload, 3),
    "latin": (faults.body('["é"]'.encode("latin-1")), BadPayload, 3),
    "broken gzip": (faults.body(b"\x1f\x8b\x08" + b"x" * 50, Content_Encoding="gzip"), BadPayload, 3),
    "short gzip": (faults.body(b"\x1f\x8b\x08\0\0\0\0\0\0\xff", Content_Encoding="gzip"), BadPayload, 3),
    "other packing": (faults.body(b"[]", Content_Encoding="br"), BadPayload, 1),
    "bomb": (faults.bomb(60), BadPayload, 1),
    "endless": (faults.endless(), BadPayload, 1),
    "announced too large": (faults.status(200, b"", Content_Length="999999999"), BadPayload, 1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_bodies_are_refused_with_a_time_to_go_on(server: Server, name: str) -> None:
    send, error, calls = BROKEN[name]
    server.break_next("/x", send, times=5)
    client = client_of(server)
    with pytest.raises(error) as raised:
        client.get("x")
    assert raised.value.retry_at is not None
    assert len(server.log) == calls
    server.faults.clear()
    assert client.get("x").status == 200


@pytest.mark.parametrize("name", ["truncated", "cut off", "reset", "empty", "broken gzip"])
def test_bodies_that_break_once_are_read_again(server: Server, name: str) -> None:
    server.break_next("/x", BROKEN[name][0])
    assert client_of(server).get("x").data["path"] == "/x"
    assert len(server.log) == 2


def test_byte_order_mark_and_repeated_keys_are_tolerated(server: Server) -> None:
    server.break_next("/x", faults.body(b'\xef\xbb\xbf{"a": 1, "a": 2}'))
    assert client_of(server).get("x").data == {"a": 2}


@pytest.mark.parametrize("of_headers", [False, True])
def test_slow_drip_ends_with_the_deadline(server: Server, of_headers: bool) -> None:
    server.break_next("/x", faults.drip(0.05, of_headers=of_headers), times=9)
    with pytest.raises(TransientError) as raised:
        client_of(server, limits=Limits(total_seconds=0.6, read_seconds=0.3)).get("x" * 200)
    assert raised.value.sentence == "The service did not answer in time."
    assert len(server.log) == 1


@pytest.mark.parametrize(("name", "most"), [("endless", 25), ("bomb", 65)])
def test_large_bodies_cost_little_memory(server: Server, name: str, most: int) -> None:
    server.break_next("/x", {"endless": faults.endless(), "bomb": faults.bomb(200)}[name])
    client = client_of(server)
    tracemalloc.start()
    with pytest.raises(BadPayload):
        client.get("x")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < most * 1024 * 1024


def test_unreachable_host_is_a_passing_problem() -> None:
    client = HttpClient(
        "http://127.0.0.1:9",
        user_agent=AGENT,
        allowed_private_hosts=("127.0.0.1:9",),
        limits=QUICK,
        surroundings=still(),
    )
    with pytest.raises(TransientError) as raised:
        client.get("x")
    assert raised.value.sentence == "The connection to the service broke."
    assert client.requests == 5
