"""Reading one of a subreddit's lists, newest first, down to what is known; or to where Reddit ends it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from dashboard.importers import cleaning, reddit_items
from dashboard.importers.records import Cursor
from portal.clients.errors import BadPayload
from portal.clients.reddit import Listing, RedditClient

Ask = Callable[[str], Listing]

#: Approved late, a post takes its old place in the list: what came so long before the newest known is read again.
OVERLAP_SECONDS: Final = 48 * 3600
#: Reddit ends every list at about a thousand things, those that were removed included.
CUT_FROM: Final = 800
MOST_PAGES: Final = 100
ANCHORS: Final = 3


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading: `anchors` are the last things seen, the next page comes after the last of them.

    `watermark` is the time (epoch seconds) of the newest thing of the last whole reading, `newest` of this one,
    `count` how many things it has brought, `is_cut` that Reddit ended the list before what is known.
    """

    watermark: int = 0
    newest: int = 0
    count: int = 0
    pages: int = 0
    anchors: tuple[str, ...] = ()
    is_over: bool = False
    is_cut: bool = False

    @classmethod
    def from_cursor(cls, cursor: Cursor) -> "Scan":
        numbers = {
            name: max(cleaning.whole_number(cursor.get(name)) or 0, 0)
            for name in ("watermark", "newest", "count", "pages")
        }
        anchors = cursor.get("anchors")
        return cls(
            **numbers,
            anchors=tuple(str(one) for one in anchors) if isinstance(anchors, list) else (),
            is_over=cursor.get("is_over") is True,
            is_cut=cursor.get("is_cut") is True,
        )

    def as_cursor(self) -> Cursor:
        return {
            "watermark": self.watermark,
            "newest": self.newest,
            "count": self.count,
            "pages": self.pages,
            "anchors": list(self.anchors),
            "is_over": self.is_over,
            "is_cut": self.is_cut,
        }

    def finished(self) -> "Scan":
        return Scan(watermark=max(self.newest, self.watermark))


def next_page(client: RedditClient, ask: Ask, scan: Scan) -> tuple[list[Any], Scan]:
    """The next things and where the reading stands after them."""
    listing = _after_any(ask, scan)
    names = [name for name in map(reddit_items.fullname, listing.things) if name]
    if listing.after and (listing.after in scan.anchors or scan.pages >= MOST_PAGES):
        raise BadPayload("Reddit sends the same page again: reading was stopped.", retry_at=client.later())
    times = [when for when in map(reddit_items.created, listing.things) if when is not None]
    is_known = bool(scan.watermark and times) and min(times) < scan.watermark - OVERLAP_SECONDS
    count = scan.count + len(listing.things)
    is_end = not listing.after
    latest = [*names, *([listing.after] if listing.after else [])]
    return listing.things, replace(
        scan,
        newest=max([scan.newest, *(int(when) for when in times)]),
        count=count,
        pages=scan.pages + 1,
        anchors=tuple(dict.fromkeys(latest))[-ANCHORS:],
        is_over=is_known or is_end,
        is_cut=is_end and not is_known and count >= CUT_FROM,
    )


def _after_any(ask: Ask, scan: Scan) -> Listing:
    """A page after the last thing seen. One that was deleted meanwhile is no anchor: the list comes empty then, and
    the things before it are tried."""
    if not scan.anchors:
        return ask("")
    listing = Listing([], "")
    for anchor in reversed(scan.anchors):
        listing = ask(anchor)
        if listing.things:
            break
    return listing
