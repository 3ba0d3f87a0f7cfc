"""The stream of all posts of a forum: ids go down page by page, from the newest to what is known."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from dashboard.importers import cleaning
from dashboard.importers.records import Cursor, Page, Record, Rejected
from portal.clients.discourse import WINDOW, DiscourseClient
from portal.clients.errors import BadPayload

Normalise = Callable[[list[Any]], tuple[tuple[Record, ...], tuple[Rejected, ...]]]

CURSOR_VERSION = 1
MOST_EMPTY = 5_000  # windows: a quarter of a million ids without a public post are the beginning of the forum, no gap


@dataclass(frozen=True, slots=True)
class Scan:
    """Where a pass over the posts stands: ids go down from `newest` to `watermark`, `before` is next.

    Ids only grow, so the watermark (every post up to it is stored) becomes `newest` when the pass is complete. The page
    that reaches the watermark is kept whole: fifty posts of overlap for late commits and fresh edits.
    """

    before: int | None = None
    newest: int = 0
    watermark: int = 0
    empty: int = 0

    @classmethod
    def from_cursor(cls, cursor: Cursor) -> Self:
        if cursor.get("version") != CURSOR_VERSION:
            return cls()
        before = cleaning.whole_number(cursor.get("before"))
        newest, watermark, empty = (
            cleaning.whole_number(cursor.get(name)) or 0 for name in ("newest", "watermark", "empty")
        )
        return cls(watermark=watermark) if before is None else cls(before, newest, watermark, empty)

    def as_cursor(self) -> Cursor:
        return {
            "version": CURSOR_VERSION,
            "phase": "update" if self.watermark else "backfill",
            "before": self.before,
            "newest": self.newest,
            "watermark": self.watermark,
            "empty": self.empty,
        }

    def after_page(self, ids: list[int]) -> "Scan":
        """One page on; an empty page steps over the window of ids that an older version has looked at."""
        newest = max([self.newest, *ids])
        if not ids:
            before = self.before - WINDOW if self.before is not None else 0
            return replace(self, before=before, newest=newest, empty=self.empty + 1)
        lowest = min(ids)
        if self.before is not None and lowest >= self.before:
            lowest = self.before - WINDOW
        return replace(self, before=lowest, newest=newest, empty=0)

    @property
    def is_finished(self) -> bool:
        return self.before is not None and (self.before <= max(self.watermark, 1) or self.empty >= MOST_EMPTY)

    def finished(self) -> "Scan":
        return Scan(watermark=max(self.newest, self.watermark))


def read(client: DiscourseClient, normalise: Normalise, cursor: Cursor) -> Iterator[Page]:
    """One pass, or the rest of an interrupted one and then a pass for what came meanwhile."""
    scan = Scan.from_cursor(cursor)
    is_resumed = scan.before is not None
    for page, scan_after in _pass(client, normalise, scan):
        scan = scan_after
        yield replace(page, is_last=page.is_last and not is_resumed)
    if is_resumed:
        for page, _ in _pass(client, normalise, scan):
            yield page


def _pass(client: DiscourseClient, normalise: Normalise, scan: Scan) -> Iterator[tuple[Page, Scan]]:
    while True:
        requests = client.http.requests
        items = _posts(client, scan)
        ids = [number for number in map(_id, items) if number is not None and number > 0]
        if scan.before is not None and ids and min(ids) > scan.before:
            raise BadPayload(
                "The forum sends the same newest posts again instead of older ones: reading was stopped.",
                retry_at=client.http.later(),
            )
        records, refused = normalise(items)
        scan = scan.after_page(ids)
        is_last = scan.is_finished
        after = scan.finished() if is_last else scan
        yield Page(records, refused, after.as_cursor(), is_last, client.http.requests - requests), after
        if is_last:
            return


def _posts(client: DiscourseClient, scan: Scan) -> list[Any]:
    """The page the scan points at; the first empty one in mid-list may be a hiccup and is asked for once more."""
    items = client.posts(scan.before)
    if not items and scan.before is not None and not scan.empty:
        items = client.posts(scan.before)
    return items


def _id(item: Any) -> int | None:
    return cleaning.whole_number(item.get("id")) if isinstance(item, Mapping) else None
