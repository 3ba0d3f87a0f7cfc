"""One look at any public address: does something answer there? Reads no content and sends nothing of ours along."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from portal.clients.addresses import AddressGuard, Resolver, resolve
from portal.clients.errors import ClientError, UnknownHost
from portal.clients.transport import Deadline, GuardedTransport

TOTAL_SECONDS = 30.0
CONNECT_SECONDS = 8.0
READ_SECONDS = 12.0
MOST_REDIRECTS = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_WALLS: Final = ("login", "signin", "sign-in", "authwall", "checkpoint", "uas", "accounts", "auth")


class Status(StrEnum):
    """`GONE` only when the host is not known any more, or says itself that there is no such page."""

    REACHED = "reached"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """What was found, and a sentence for people."""

    status: Status
    sentence: str


def look(
    url: str,
    *,
    user_agent: str,
    allowed_private_hosts: tuple[str, ...] = (),
    resolver: Resolver = resolve,
    total_seconds: float = TOTAL_SECONDS,
) -> Look:
    """Ask with HEAD, then GET where that fails; at most three redirects, each to a public address. Never raises."""
    guard = AddressGuard.from_hosts(allowed_private_hosts, resolver)
    deadline = Deadline()
    deadline.start(total_seconds)
    with httpx.Client(
        transport=GuardedTransport(guard, deadline),
        headers={"User-Agent": user_agent, "Accept": "text/html,*/*;q=0.5", "Accept-Encoding": "identity"},
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
    ) as client:
        try:
            first = _follow(client, guard, "HEAD", url)
            return first if first.status == Status.REACHED else _follow(client, guard, "GET", url)
        except Exception as error:  # noqa: BLE001  whatever a stranger's server sends, it is not known, no more
            return _failed(error)


def _follow(client: httpx.Client, guard: AddressGuard, method: str, url: str) -> Look:
    first = guard.check_url(url)
    for _ in range(MOST_REDIRECTS + 1):
        target = guard.check_url(url)
        # A stranger's page may not send us to what the operator lets the portal ask inside the network.
        if guard.is_listed(target.host, target.port) and (target.host, target.port) != (first.host, first.port):
            return Look(Status.UNKNOWN, "The site sends visitors to an address that is not public.")
        try:
            with client.stream(method, url) as response:  # the body is never read
                status, location = response.status_code, response.headers.get("location", "")
        except (httpx.HTTPError, ClientError):
            if method == "HEAD":
                return Look(Status.UNKNOWN, "HEAD was not answered.")
            raise
        if status not in _REDIRECTS or not location:
            return _judge(status)
        url = urljoin(url, location)
        if _is_wall(url):
            return Look(Status.UNKNOWN, "The site asks to sign in before it shows the page.")
    return Look(Status.UNKNOWN, "The address redirects in a circle.")


def _is_wall(url: str) -> bool:
    parts = urlsplit(url)
    words = [*parts.path.lower().split("/"), (parts.hostname or "").partition(".")[0].lower()]
    return any(word.partition(".")[0] in _WALLS for word in words)


def _judge(status: int) -> Look:
    if 200 <= status < 300:
        return Look(Status.REACHED, "The page answers.")
    if status in _GONE:
        return Look(Status.GONE, f"The site says that there is no such page (status {status}).")
    if status >= 500 and status != 999:
        return Look(Status.UNKNOWN, f"The site has a problem of its own (status {status}).")
    return Look(Status.UNKNOWN, f"The site does not show the page to programs (status {status}).")


def _failed(error: Exception) -> Look:
    if isinstance(error, UnknownHost):
        return Look(Status.GONE, "There is no such host any more.")
    if isinstance(error, ClientError):
        return Look(Status.UNKNOWN, error.sentence[:400])
    if isinstance(error, httpx.TimeoutException):
        return Look(Status.UNKNOWN, "The site did not answer in time.")
    return Look(Status.UNKNOWN, "No connection to the site.")
