"""Imports a Discourse forum: every public post, newest first, resumable after every page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from dashboard.importers import cleaning, discourse_items
from dashboard.importers.discourse_items import FORUM_KEY, POSTS, Category, Forum
from dashboard.importers.records import ChannelRecord, Cursor, Page, Record, Rejected, SourceConfig
from portal.clients.discourse import WINDOW, DiscourseClient
from portal.clients.errors import BadPayload, PermanentError

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


class DiscourseImporter:
    """One channel "forum" with the stream of all posts; the categories are channels that its records point to."""

    def __init__(self, config: SourceConfig, client: DiscourseClient | None = None) -> None:
        self._url = config.base_url.rstrip("/")
        self._support = config.options.get("support", "")
        self._client = client or DiscourseClient(
            config.base_url,
            token=config.token,
            username=config.options.get("username", "").strip() or "system",
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
        )

    def close(self) -> None:
        self._client.close()

    def channels(self) -> Iterator[ChannelRecord]:
        name = urlsplit(self._url).netloc
        yield ChannelRecord(key=FORUM_KEY, name=name, kind="forum", url=self._url, streams=(POSTS,))
        for category in self._categories().values():
            if not category.is_restricted:
                yield discourse_items.category_channel(category, self._url)

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """One pass, or the rest of an interrupted one and then a pass for what came meanwhile."""
        before = self._client.http.requests
        known = self._categories()
        requests = self._client.http.requests - before
        scan = Scan.from_cursor(cursor)
        is_resumed = scan.before is not None
        for page, scan_after in self._pass(scan, known, now):
            scan = scan_after
            yield replace(page, is_last=page.is_last and not is_resumed, requests=page.requests + requests)
            requests = 0
        if is_resumed:
            for page, _ in self._pass(scan, known, now):
                yield page

    def _pass(self, scan: Scan, known: dict[int, Category], now: datetime) -> Iterator[tuple[Page, Scan]]:
        while True:
            before = self._client.http.requests
            items = self._client.posts(scan.before)
            if not items and scan.before is not None and not scan.empty:  # may be a hiccup: ask once more
                items = self._client.posts(scan.before)
            ids = [number for number in map(_id, items) if number is not None and number > 0]
            if scan.before is not None and ids and min(ids) > scan.before:
                raise BadPayload(
                    "The forum sends the same newest posts again instead of older ones: reading was stopped.",
                    retry_at=self._client.http.later(),
                )
            records, refused = self._normalise(items, known, now)
            scan = scan.after_page(ids)
            is_last = scan.is_finished
            after = scan.finished() if is_last else scan
            yield Page(records, refused, after.as_cursor(), is_last, self._client.http.requests - before), after
            if is_last:
                return

    def _normalise(
        self, items: list[Any], known: dict[int, Category], now: datetime
    ) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
        self._learn_categories(items, known)
        support = discourse_items.support_ids(known, self._support)
        forum = Forum(self._url, known, support, is_open=not self._client.has_key)
        found = [discourse_items.normalise(item, forum=forum, now=now) for item in items]
        records = {one.external_id: one for one in found if isinstance(one, Record)}
        refused = {one.external_id: one for one in found if isinstance(one, Rejected)}
        return tuple(records.values()), tuple(refused.values())

    def _categories(self) -> dict[int, Category]:
        try:
            return discourse_items.categories(self._client.categories())
        except PermanentError as error:
            if error.status != 404:
                raise
            return {}

    def _learn_categories(self, items: list[Any], known: dict[int, Category]) -> None:
        """With a key, ask about each unlisted category once: what cannot be shown to be public is not imported."""
        if not self._client.has_key:
            return
        named = {cleaning.whole_number(item.get("category_id")) for item in items if isinstance(item, Mapping)}
        for number in sorted(one for one in named if one is not None and one not in known):
            known.update(discourse_items.categories([self._ask_category(number)]))

    def _ask_category(self, number: int) -> dict[str, Any]:
        unknown = {"id": number, "read_restricted": True}
        try:
            found = self._client.category(number)
        except PermanentError:
            return unknown
        return found if cleaning.whole_number(found.get("id")) == number else unknown


def _id(item: Any) -> int | None:
    return cleaning.whole_number(item.get("id")) if isinstance(item, Mapping) else None
