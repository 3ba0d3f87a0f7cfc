"""Where a pass over a Slack channel stands: how far down the list is read, and which threads are still to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Self

from dashboard.importers import slack_items
from dashboard.importers.records import Cursor
from dashboard.importers.slack_items import micros

CURSOR_VERSION = 1
#: Deleted messages and replies are looked for this far back, in every pass.
WINDOW = timedelta(days=90)
#: The whole list is read again so often, for late replies to older threads.
DEEP_EVERY = timedelta(days=1)
#: An edited reply shows nowhere but in its thread: a young one is read again once a day.
YOUNG = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class ThreadPlace:
    """A thread to read: `state` is what the list said of it, `read_to` the newest reply that is stored."""

    ts: str
    state: str
    read_to: str = ""
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass from the newest message down to `floor` ("" is the beginning), and what earlier ones left.

    `since` is where the last 90 days began when the pass did. `lowest` is the oldest message read so far ("" at first),
    `cursor` Slack's word for the place below it. A page that came empty is doubted and asked for again, unless the pass
    before `was_empty`; after one that stays empty in mid-list, or is out of order, the scan is blurred. `top` is the
    newest time seen on the first page; a complete deep pass leaves it in `seen`: threads older than `since` are read
    when their latest reply is newer than that. `states` holds what the list said of each younger thread when it was
    last read. All times are Slack's stamps.
    """

    is_open: bool = False
    is_listed: bool = False
    is_doubted: bool = False
    floor: str = ""
    since: str = ""
    lowest: str = ""
    cursor: str = ""
    is_blurred: bool = False
    was_empty: bool = False
    top: str = ""
    seen: str = ""
    began_at: str = ""
    deep_at: str = ""
    pending: tuple[ThreadPlace, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_cursor(cls, cursor: Cursor) -> Self:
        if cursor.get("version") != CURSOR_VERSION:
            return cls()
        values: dict[str, Any] = {name: str(cursor.get(name, "")) for name in _TEXTS}
        values |= {name: cursor.get(name) is True for name in _FLAGS}
        pending = tuple(ThreadPlace(*map(str, one)) for one in cursor.get("pending", []))
        states = {str(ts): str(state) for ts, state in cursor.get("states", {}).items()}
        return cls(**values, pending=pending, states=states)

    def as_cursor(self) -> Cursor:
        values: Cursor = {name: getattr(self, name) for name in (*_TEXTS, *_FLAGS)}
        pending = [[one.ts, one.state, one.read_to, one.cursor] for one in self.pending]
        phase = "update" if self.deep_at else "backfill"
        return {"version": CURSOR_VERSION, "phase": phase, **values, "pending": pending, "states": dict(self.states)}

    def opened(self, now: datetime) -> "Scan":
        """The beginning of a pass: over the last 90 days, or over everything when that was long ago."""
        since = slack_items.stamp(now - WINDOW)
        is_deep = not self.deep_at or now - slack_items.moment(self.deep_at) >= DEEP_EVERY
        began_at = slack_items.stamp(now)
        return Scan(
            is_open=True,
            floor="" if is_deep else since,
            since=since,
            began_at=began_at,
            was_empty=self.was_empty,
            seen=self.seen,
            deep_at=self.deep_at,
            states={ts: state for ts, state in self.states.items() if is_after(ts, since, or_at=True)},
        )

    def closed(self) -> "Scan":
        """The end of a pass: what the next one needs."""
        is_deep = not self.floor
        return Scan(
            was_empty=not self.lowest,
            seen=(self.top or self.seen) if is_deep else self.seen,
            deep_at=self.began_at if is_deep else self.deep_at,
            states=self.states,
        )

    def with_thread_read(self, place: ThreadPlace) -> "Scan":
        """The first pending thread is read."""
        states = {ts: state for ts, state in self.states.items() if ts != place.ts}
        if place.state and is_after(place.ts, self.since, or_at=True):
            states[place.ts] = place.state
        return replace(self, pending=self.pending[1:], states=states)

    def wanted(self, found: Mapping[str, tuple[str, str]], gone: set[str]) -> list[ThreadPlace]:
        """Which threads of a page to read, from its messages' states and latest replies, and which have vanished."""
        wanted = [ThreadPlace(ts, state) for ts, (state, latest) in found.items() if self._is_wanted(ts, state, latest)]
        known = {one.ts for one in (*self.pending, *wanted)}
        return wanted + [ThreadPlace(ts, "") for ts in sorted(gone) if ts not in known]

    def _is_wanted(self, ts: str, state: str, latest: str) -> bool:
        if is_after(ts, self.since, or_at=True):
            return self.states.get(ts, "") != state
        return bool(state) and is_after(latest, self.seen)


_TEXTS = ("floor", "since", "lowest", "cursor", "top", "seen", "began_at", "deep_at")
_FLAGS = ("is_open", "is_listed", "is_doubted", "is_blurred", "was_empty")


def is_after(ts: str, other: str, *, or_at: bool = False) -> bool:
    """Whether one time stamp is later than another; "" is before all."""
    first, second = micros(ts), micros(other)
    if first is None or second is None:
        return first is not None
    return first >= second if or_at else first > second


def thread_state(item: Mapping[str, Any], began_at: str) -> tuple[str, str]:
    """What the list says of the thread below a message, and its latest reply; ("", "") without one.

    The state changes when a reply comes or goes, and once a day while the thread is young.
    """
    count, latest = item.get("reply_count"), item.get("latest_reply")
    latest = latest if isinstance(latest, str) and micros(latest) is not None else ""
    number = count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0
    if not number and not latest:
        return "", ""
    now = slack_items.moment(began_at)
    is_young = bool(latest) and now - slack_items.moment(latest) < YOUNG
    return f"{number}:{latest}" + (f":{now:%m-%d}" if is_young else ""), latest or str(item.get("ts"))
