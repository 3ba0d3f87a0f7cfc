"""Where a pass over one of GitHub's lists stands: pure values in, pure values out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Self

from dashboard.importers import cleaning
from dashboard.importers.records import Cursor
from portal.clients.github import ListPage

OVERLAP = timedelta(hours=1)
CURSOR_VERSION = 2


@dataclass(frozen=True, slots=True)
class Scan:
    """Where a pass over one list stands.

    A pass reads from the most recently updated item down. An item that moves during the pass moves to the front, so
    pages can only overlap, never leave a gap, and what moved is found by the next pass. Hence the watermark (everything
    updated before it is stored) moves only when a pass is complete: to the newest update seen or the start of the pass,
    whichever is earlier, less an overlap for clocks and late writes.

    `next_place` is the address or the cursor of the next page; `etag` is any mark by which an unchanged list is known.
    `way` is how the list is read (REST or GraphQL): what one of them stored is not all that the other one knows.
    """

    started_at: datetime
    next_place: str = ""
    newest: datetime | None = None
    watermark: datetime | None = None
    etag: str = ""
    way: str = ""

    @classmethod
    def from_cursor(cls, cursor: Cursor, now: datetime, way: str = "") -> Self:
        if cursor.get("version") != CURSOR_VERSION:
            return cls(started_at=now, way=way)
        was, next_place, etag = cursor.get("way") or "", cursor.get("next"), cursor.get("etag")
        if was != way:  # places and marks of another way mean nothing here; less is known to REST than to GraphQL
            return cls(started_at=now, watermark=None if way else cleaning.moment(cursor.get("watermark")), way=way)
        next_place = next_place if isinstance(next_place, str) else ""
        return cls(
            started_at=(cleaning.moment(cursor.get("started_at")) if next_place else None) or now,
            next_place=next_place,
            newest=cleaning.moment(cursor.get("newest")) if next_place else None,
            watermark=cleaning.moment(cursor.get("watermark")),
            etag=etag if isinstance(etag, str) else "",
            way=way,
        )

    def as_cursor(self) -> Cursor:
        return {
            "version": CURSOR_VERSION,
            "phase": "backfill" if self.watermark is None else "update",
            "started_at": self.started_at.isoformat(),
            "next": self.next_place,
            "newest": self.newest.isoformat() if self.newest else "",
            "watermark": self.watermark.isoformat() if self.watermark else "",
            "etag": self.etag,
            **({"way": self.way} if self.way else {}),
        }

    def restarted(self, now: datetime) -> "Scan":
        """The same knowledge, a new pass from the front."""
        return replace(self, started_at=now, next_place="", newest=None, etag="")

    def after_page(self, page: ListPage) -> "Scan":
        seen = [when for when in map(updated_at, page.items) if when is not None]
        newest = max([*seen, *([self.newest] if self.newest else [])], default=None)
        etag = self.etag if self.next_place else page.etag
        return replace(self, next_place=page.next_url, newest=newest, etag=etag)

    def finished(self, overlap: timedelta = OVERLAP) -> "Scan":
        newest = min(self.newest, self.started_at) if self.newest else None
        watermark = newest - overlap if newest else self.watermark
        if self.watermark is not None and watermark is not None:
            watermark = max(watermark, self.watermark)
        return replace(self, next_place="", newest=None, watermark=watermark)

    def is_past(self, item: Any) -> bool:
        """Whether an item was stored by an earlier pass."""
        when = updated_at(item)
        return self.watermark is not None and when is not None and when < self.watermark

    def reaches_past(self, items: list[Any]) -> bool:
        """Whether what follows these items was stored by an earlier pass; never in a list that is out of order.

        Lists of pull requests know no `since`, so this is where they end.
        """
        times = [when for when in map(updated_at, items) if when is not None]
        is_ordered = all(one >= other for one, other in pairwise(times))
        return bool(items) and is_ordered and self.is_past(items[-1])


def updated_at(item: Any) -> datetime | None:
    """When an item was last touched, in either form; a commit never is."""
    if not isinstance(item, Mapping):
        return None
    return next((when for name in _TIMES if (when := cleaning.moment(item.get(name))) is not None), None)


_TIMES = ("updated_at", "updatedAt", "committedDate")
