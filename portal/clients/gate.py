"""The gate before a service: how many calls a credential may make, and one at a time, for all workers together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Protocol

#: A service has one allowance or a few; more names than that are no allowances.
MOST_QUOTAS: Final = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """A token bucket: so many calls at once, refilled at so many a second."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Paces:
    """The pace of a service; `methods` are those that it limits each on its own."""

    pace: Pace
    methods: Mapping[str, Pace] = field(default_factory=dict)

    def bucket(self, method: str) -> tuple[str, Pace]:
        """Name and pace of the bucket that a call draws from."""
        found = self.methods.get(method)
        return ("", self.pace) if found is None else (method, found)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a service says is left of an allowance. `most` and `resets_at` are None where it does not say."""

    name: str
    left: int
    most: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Why a call cannot be made yet: seconds, and whether it is for somebody else's call to end."""

    seconds: float
    is_busy: bool = False


class Gate(Protocol):
    """Asked before and told after each call. No method raises or waits: a gate that is out of order is open."""

    def enter(self, method: str, paces: Paces) -> Wait | None:
        """None when the call may be made now; it is then the only one of its credential until `leave`."""
        ...

    def leave(self) -> None:
        """The call has ended, however it went."""
        ...

    def block(self, seconds: float, method: str = "") -> None:
        """The service asks everybody with this credential to wait, before any call or before those of one method."""
        ...

    def note(self, quota: Quota) -> None:
        """What the service says is left."""
        ...


class OpenGate:
    """Lets everything through, and remembers what is left."""

    def __init__(self) -> None:
        self.quotas: dict[str, Quota] = {}

    def enter(self, method: str, paces: Paces) -> Wait | None:
        return None

    def leave(self) -> None:
        """Nobody waits."""

    def block(self, seconds: float, method: str = "") -> None:
        """The client that was told remembers it itself."""

    def note(self, quota: Quota) -> None:
        name = "".join(sign for sign in quota.name if sign.isascii() and (sign.isalnum() or sign in "_-"))[:40]
        if name in self.quotas or len(self.quotas) < MOST_QUOTAS:
            self.quotas[name] = replace(quota, name=name)


#: What the services document, kept a little below (GitHub: 900 points a minute; Slack: tiers 2 and 3 per method; a
#: forum: 200 a minute and 50 in ten seconds, 60 a minute with a key; Reddit: 100 a minute over ten minutes; Stack
#: Exchange: 30 a second).
GITHUB = Paces(Pace(14, 30))
SLACK = Paces(
    Pace(20 / 60, 10),
    {
        "conversations.history": Pace(48 / 60, 20),
        "conversations.replies": Pace(48 / 60, 20),
        "conversations.list": Pace(18 / 60, 10),
        "users.list": Pace(18 / 60, 10),
    },
)
FORUM = Paces(Pace(2.9, 20))
FORUM_WITH_KEY = Paces(Pace(0.8, 10))
REDDIT = Paces(Pace(1.5, 90))
STACK_EXCHANGE = Paces(Pace(20, 5))
UNPACED = Paces(Pace(1000, 1000))
