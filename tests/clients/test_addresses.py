"""Where a client may connect to: addresses that lead inside, and a listener that must never hear a call."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from portal.clients.addresses import DEFAULT_PORTS, AddressGuard, endpoint_of, is_public
from portal.clients.errors import ClientError, ForbiddenAddress
from portal.clients.http import HttpClient
from tests.clients.factories import AGENT, QUICK, still

PRIVATE = """
    0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255
    :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::10.0.0.1
    64:ff9b:1::7f00:1 100::1 2001:0:7f00:1:: 2001:0:4136:e378:8000:63bf:80ff:fffe 2001:db8::1 2002:7f00:1::
    2002:a00:1::1 2002:c0a8:101:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%1 2a00:1450::1%eth0 fec0::1
    ff02::1 ff0e::1 2a00:1450::5efe:7f00:1 nonsense
""".split()  # noqa: SIM905
PUBLIC = """
    1.1.1.1 8.8.8.8 140.82.121.6 185.199.108.153 2606:4700:4700::1111 2a00:1450:4001:81b::200e ::ffff:8.8.8.8
    64:ff9b::808:808 2002:808:808::1
""".split()  # noqa: SIM905


@pytest.mark.parametrize("address", PRIVATE)
def test_is_public_refuses_what_leads_inside(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_is_public_allows_the_internet(address: str) -> None:
    assert is_public(address) is True


@dataclass
class Listener:
    """A loopback port that counts who connects."""

    port: int
    heard: list[str] = field(default_factory=list)

    def knock(self) -> None:
        """Connect and wait until that was heard, so that everybody who came before was heard too."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.recv(1)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Listener(server.getsockname()[1])
        server.settimeout(0.05)
        is_over = threading.Event()

        def listen() -> None:
            while not is_over.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                found.heard.append("call")
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield found
        is_over.set()
        thread.join()


HOSTS = """
    127.0.0.1 localhost LOCALHOST localhost. 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 0
    0.0.0.0 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] 127.0.0.1.
    127.127.127.127
""".split()  # noqa: SIM905
SHAPES = ("http://{host}:{port}/", "https://{host}:{port}/", "http://{host}/")
ODD_URLS = (
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "dict://127.0.0.1:{port}/",
    "unix:///run/socket",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "http://",
    "http:///",
    "",
    "http://user@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http://public.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@public.example/",
    "http://127.0.0.1:{port}\t/",
    "http://127.0.0.1 :{port}/",
    "http://127.0.0.1:{port}\r\nHost: public.example/",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:port/",
    "http://[::1/",
    "http://[::1%25lo]:{port}/",
    "http://public.example:22/",
    "http://public.example:6379/",
)
URLS = [shape.replace("{host}", host) for host in HOSTS for shape in SHAPES] + list(ODD_URLS)


@pytest.mark.parametrize("url", URLS)
def test_client_never_connects_to_a_private_address(
    url: str, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(DEFAULT_PORTS, "http-alt", listener.port)  # so that nothing but the address can refuse it
    with pytest.raises(ClientError) as raised:
        _ask(url.format(port=listener.port))
    listener.knock()
    assert listener.heard == ["call"]
    # A name that cannot even be looked up is no forbidden address, but nothing was sent either.
    assert isinstance(raised.value, ForbiddenAddress) or "was not found" in raised.value.sentence


def _ask(url: str, **arguments: Any) -> None:
    HttpClient(url, user_agent=AGENT, limits=QUICK, surroundings=still(), **arguments).get("anything")


def test_listener_hears_a_call_that_is_allowed(listener: Listener) -> None:
    """The proof that the silence in the test above means something."""
    with pytest.raises(ClientError):
        _ask(f"http://127.0.0.1:{listener.port}/", allowed_private_hosts=(f"127.0.0.1:{listener.port}",))
    listener.knock()
    assert listener.heard == ["call"] * 6  # five tries and the knock


def test_client_looks_a_name_up_once() -> None:
    """So a name that leads elsewhere at the second look-up (DNS rebinding) gains nothing."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    client = HttpClient("http://forum.example", user_agent=AGENT, limits=QUICK, surroundings=still(resolver=rebinding))
    with pytest.raises(ForbiddenAddress):
        client.get("posts.json")
    assert asked == ["forum.example"]


def test_client_refuses_a_name_with_one_private_address_among_public_ones() -> None:
    guard = AddressGuard(resolver=lambda host, port: ["1.1.1.1", "127.0.0.1"])
    with pytest.raises(ForbiddenAddress) as raised:
        guard.addresses("mixed.example", 443)
    assert raised.value.sentence == (
        "mixed.example leads to an address inside a private network: nothing was sent. "
        "Add mixed.example:443 to ALLOWED_PRIVATE_HOSTS when the portal may go there."
    )


def test_guard_allows_exactly_the_listed_pair() -> None:
    guard = AddressGuard.from_hosts(["Forum.Internal:8443", "[::1]:9000", "no-port", ":80", "host:"])
    assert guard.listed == {("forum.internal", 8443), ("::1", 9000)}
    assert guard.check_url("https://forum.internal:8443/x").port == 8443
    assert guard.is_listed("[::1]", 9000) is True
    with pytest.raises(ForbiddenAddress):
        guard.check_url("https://forum.internal:8444/x")
    with pytest.raises(ForbiddenAddress):
        guard.check_url("https://other.internal:8443/x")


def test_endpoint_has_one_form_for_every_spelling() -> None:
    assert endpoint_of("HTTPS://Api.GitHub.COM./x") == endpoint_of("https://api.github.com:443")
