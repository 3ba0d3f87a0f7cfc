"""Clients against a loopback upstream, with a clock that stands still and sleeps that cost nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from portal.clients.http import HttpClient, Limits, Surroundings
from tests.upstreams.server import Reply, Request, Server

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
AGENT = "community-portal-test/1 (+https://community.example)"
QUICK = Limits(total_seconds=2.0, read_seconds=0.5, connect_seconds=0.5)


@dataclass
class Sleeps:
    """Remembers how long it was asked to sleep, and does not."""

    asked: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def still(sleeps: Sleeps | None = None, **changes: Any) -> Surroundings:
    """Surroundings where it is always NOW and the dice always show a quarter of the highest number."""
    values: dict[str, Any] = {
        "clock": lambda: NOW,
        "sleep": Sleeps() if sleeps is None else sleeps,
        "dice": lambda low, high: high / 4,
    }
    return Surroundings(**{**values, **changes})


class Echo:
    """A service that answers every call with what it was asked, or with what `replies` holds for the path."""

    def __init__(self, **replies: Reply) -> None:
        self.replies = {f"/{name}": reply for name, reply in replies.items()}

    def respond(self, request: Request) -> Reply:
        return self.replies.get(request.path, Reply(200, {"path": request.path, "query": dict(request.query)}))


def client_of(server: Server, sleeps: Sleeps | None = None, **arguments: Any) -> HttpClient:
    """A client of a loopback server that is listed as allowed."""
    values: dict[str, Any] = {
        "user_agent": AGENT,
        "allowed_private_hosts": (server.host,),
        "limits": QUICK,
        "surroundings": still(sleeps),
    }
    return HttpClient(server.url(), **{**values, **arguments})
