"""Comments that no list shows any more: the threads of all submissions that are listed, with what their stubs hide."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.importers import cleaning, reddit_items
from dashboard.importers.records import Cursor
from dashboard.importers.reddit_lists import Scan, next_page
from portal.clients.errors import PermanentError
from portal.clients.reddit import PAGE_SIZE, RedditClient

Counts = Callable[[list[str]], Mapping[str, int]]

_NOT_SHOWN: Final = (403, 404, 410)


@dataclass(slots=True)
class Walk:
    """Where it stands: the list of submissions, threads to read, and of the present thread the stubs still to open."""

    scan: Scan = field(default_factory=Scan)
    pending: list[str] = field(default_factory=list)
    thread: str = ""
    more: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    @classmethod
    def from_cursor(cls, cursor: Cursor) -> "Walk":
        lists = {
            name: [one for one in map(reddit_items.own_id, cursor.get(name) or []) if one]
            for name in ("pending", "more", "below")
        }
        scan = cursor.get("scan")
        return cls(
            Scan.from_cursor(scan if isinstance(scan, dict) else {}),
            lists["pending"],
            reddit_items.own_id(cursor.get("thread")),
            lists["more"],
            lists["below"],
        )

    def as_cursor(self) -> Cursor:
        return {
            "scan": self.scan.as_cursor(),
            "pending": list(self.pending),
            "thread": self.thread,
            "more": list(self.more),
            "below": list(self.below),
        }

    def open_stubs(self, things: Iterable[Any]) -> None:
        """Note what the stubs among things stand for; each comment is asked for once."""
        for found in filter(None, map(reddit_items.stub, things)):
            fresh = [one for one in found.children if one not in self.asked]
            self.more += fresh
            self.asked.update(fresh)
            if found.below and f"below {found.below}" not in self.asked:
                self.below.append(found.below)
                self.asked.add(f"below {found.below}")


def walk(client: RedditClient, subreddit: str, state: Walk, stored: Counts) -> Iterator[list[Any]]:
    """Comments, a call at a time; `state` stands after each."""
    state.asked.update([*state.more, *(f"below {one}" for one in state.below)])
    while True:
        if state.more:
            ids, rest = state.more[:PAGE_SIZE], state.more[PAGE_SIZE:]
            things = _shown(client.more, state.thread, ids)
            state.more = rest
        elif state.below:
            things = _shown(client.thread, state.thread, state.below[0])
            state.below = state.below[1:]
        elif state.pending:
            state.thread, state.asked = state.pending[0], set()
            things = _shown(client.thread, state.thread)
            state.pending = state.pending[1:]
        elif state.scan.is_over:
            return
        else:
            listed, state.scan = next_page(client, lambda after: client.submissions(subreddit, after=after), state.scan)
            state.pending = _unread(listed, stored)
            yield []
            continue
        comments = list(reddit_items.flattened(things))
        state.open_stubs(comments)
        yield comments


def _shown(ask: Callable[..., list[Any]], *arguments: Any) -> list[Any]:
    """The things of a thread, none of one that was taken down meanwhile."""
    try:
        return ask(*arguments)
    except PermanentError as error:
        if error.status not in _NOT_SHOWN:
            raise
        return []


def _unread(listed: list[Any], stored: Counts) -> list[str]:
    """Submissions that tell of more comments than are stored."""
    told = {}
    for thing in listed:
        data = thing.get("data") if isinstance(thing, Mapping) else None
        number = reddit_items.own_id(data.get("id")) if isinstance(data, Mapping) else ""
        if number and data is not None:
            told[number] = cleaning.whole_number(data.get("num_comments")) or 0
    known = stored([f"submission:{number}" for number in told])
    return [number for number, count in told.items() if count > known.get(f"submission:{number}", 0)]
