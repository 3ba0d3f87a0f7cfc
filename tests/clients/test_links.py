"""One look at a stranger's address, on a loopback server that behaves as servers do."""

import socket
import time
from collections.abc import Iterator

import pytest

from portal.clients import links
from portal.clients.links import Status
from tests.upstreams import faults
from tests.upstreams.server import Reply, Request, Server


class Site:
    """Answers by path: a number is a status, anything else is looked up in `moved`."""

    def __init__(self) -> None:
        self.moved: dict[str, str] = {}

    def respond(self, request: Request) -> Reply:
        if request.path in self.moved:
            return Reply(302, headers={"Location": self.moved[request.path]})
        code = int(request.path.strip("/").partition("/")[0] or 200)
        if code == 405 and request.method == "GET":
            code = 200
        return Reply(code, {"a": "page"})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def server(site: Site) -> Iterator[Server]:
    with Server({"": site}) as running:
        yield running


def see(server: Server, path: str, **kwargs: float) -> links.Look:
    return links.look(server.url(path), user_agent="test", allowed_private_hosts=(server.host,), **kwargs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/200", "reached"),
        ("/204", "reached"),
        ("/405", "reached"),  # no HEAD here, but GET
        ("/404", "gone"),
        ("/410", "gone"),
        ("/400", "unknown"),
        ("/401", "unknown"),
        ("/403", "unknown"),
        ("/429", "unknown"),
        ("/451", "unknown"),
        ("/500", "unknown"),
        ("/503", "unknown"),
        ("/999", "unknown"),
    ],
)
def test_status_is_judged(server: Server, path: str, status: str) -> None:
    assert see(server, path).status == status


def test_redirects_are_followed_three_times(server: Server, site: Site) -> None:
    site.moved = {"/a": "/b", "/b": "/c", "/c": "/200"}
    assert see(server, "/a").status == Status.REACHED
    site.moved["/c"] = "/d"
    site.moved["/d"] = "/200"
    assert see(server, "/a").status == Status.UNKNOWN


def test_redirect_to_a_private_address_is_never_followed(server: Server, site: Site) -> None:
    with Server({"": Site()}) as inner:
        site.moved = {"/a": inner.url("/200")}
        found = see(server, "/a")
        assert (found.status, inner.log) == (Status.UNKNOWN, [])


def test_redirect_to_what_only_the_portal_may_ask_is_never_followed(server: Server, site: Site) -> None:
    """The operator listed both hosts, for imports perhaps; a stranger's page still leads to neither of them."""
    with Server({"": Site()}) as inner:
        site.moved = {"/a": inner.url("/200"), "/b": "/200"}
        listed = (server.host, inner.host)
        assert links.look(server.url("/b"), user_agent="test", allowed_private_hosts=listed).status == Status.REACHED
        found = links.look(server.url("/a"), user_agent="test", allowed_private_hosts=listed)
        assert (found.status, inner.log) == (Status.UNKNOWN, [])


@pytest.mark.parametrize("wall", ["/login/?next=x", "/authwall?trk=1", "/uas/login", "/checkpoint/rm/sign-in"])
def test_a_wall_to_sign_in_is_not_gone(server: Server, site: Site, wall: str) -> None:
    site.moved = {"/a": wall}
    assert see(server, "/a").status == Status.UNKNOWN


@pytest.mark.parametrize(
    "fault",
    [
        faults.endless(),
        faults.bomb(20),
        faults.cut_off(),
        faults.html(),
        faults.relabelled({"Content-Length": "99999999"}),
    ],
)
def test_bodies_are_never_read(server: Server, fault: object) -> None:
    server.break_next("/200", faults.status(404), times=1)  # so that it asks with GET
    server.break_next("/200", fault, times=1)  # type: ignore[arg-type]
    started = time.monotonic()
    assert see(server, "/200").status == Status.REACHED
    assert time.monotonic() - started < 3


def test_slow_headers_end_with_the_deadline(server: Server) -> None:
    server.break_next("/200", faults.drip(0.05, of_headers=True), times=2)
    started = time.monotonic()
    assert see(server, "/200", total_seconds=0.6).status == Status.UNKNOWN
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("code", "status"), [(socket.EAI_NONAME, Status.GONE), (socket.EAI_AGAIN, Status.UNKNOWN), (None, Status.UNKNOWN)]
)
def test_only_an_unknown_host_is_gone(code: int | None, status: Status) -> None:
    def resolver(host: str, port: int) -> list[str]:
        if code is None:
            return []
        raise socket.gaierror(code, "no")

    assert links.look("https://gone.example/x", user_agent="test", resolver=resolver).status == status


@pytest.mark.parametrize(
    "url",
    [
        "",
        "no address",
        "ftp://a.example/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "https://169.254.169.254/latest",
        "https://a.example:8443/",
        "https://user:pw@a.example/",
        "https://a.example/\x00",
        "https://a.example\\@b.example/",
        "https://[bad/",
        "https://" + "a" * 5000 + ".example/",
        "https://xn--\udcff.example/",
    ],
)
def test_odd_addresses_are_not_known_and_never_asked(url: str) -> None:
    def resolver(host: str, port: int) -> list[str]:
        return ["10.0.0.1"]

    assert links.look(url, user_agent="test", resolver=resolver).status == Status.UNKNOWN
