"""Imports an organisation's repositories from GitHub: newest first, resumable after every page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Self

from dashboard.importers import cleaning, github_items
from dashboard.importers.records import ChannelRecord, Cursor, Page, Record, Rejected, SourceConfig
from portal.clients.errors import BadPayload, PermanentError
from portal.clients.github import MOST_PAGES, GitHubClient, ListPage
from portal.clients.surroundings import Surroundings

OVERLAP = timedelta(hours=1)
CURSOR_VERSION = 1


@dataclass(frozen=True, slots=True)
class Scan:
    """Where a pass over one list stands.

    A pass reads from the most recently updated item down. An item that moves during the pass moves to the front, so
    pages can only overlap, never leave a gap, and what moved is found by the next pass. Hence the watermark (everything
    updated before it is stored) moves only when a pass is complete: to the newest update seen or the start of the pass,
    whichever is earlier, less an overlap for clocks and late writes.
    """

    started_at: datetime
    next_url: str = ""
    newest: datetime | None = None
    watermark: datetime | None = None
    etag: str = ""

    @classmethod
    def from_cursor(cls, cursor: Cursor, now: datetime) -> Self:
        if cursor.get("version") != CURSOR_VERSION:
            return cls(started_at=now)
        next_url = cleaning.web_address(cursor.get("next"))
        etag = cursor.get("etag")
        return cls(
            started_at=(cleaning.moment(cursor.get("started_at")) if next_url else None) or now,
            next_url=next_url,
            newest=cleaning.moment(cursor.get("newest")) if next_url else None,
            watermark=cleaning.moment(cursor.get("watermark")),
            etag=etag if isinstance(etag, str) else "",
        )

    def as_cursor(self) -> Cursor:
        return {
            "version": CURSOR_VERSION,
            "phase": "backfill" if self.watermark is None else "update",
            "started_at": self.started_at.isoformat(),
            "next": self.next_url,
            "newest": self.newest.isoformat() if self.newest else "",
            "watermark": self.watermark.isoformat() if self.watermark else "",
            "etag": self.etag,
        }

    def restarted(self, now: datetime) -> "Scan":
        """The same knowledge, a new pass from the front."""
        return replace(self, started_at=now, next_url="", newest=None, etag="")

    def after_page(self, page: ListPage) -> "Scan":
        seen = [when for when in map(_updated_at, page.items) if when is not None]
        newest = max([*seen, *([self.newest] if self.newest else [])], default=None)
        etag = self.etag if self.next_url else page.etag
        return replace(self, next_url=page.next_url, newest=newest, etag=etag)

    def finished(self) -> "Scan":
        newest = min(self.newest, self.started_at) if self.newest else None
        watermark = newest - OVERLAP if newest else self.watermark
        if self.watermark is not None and watermark is not None:
            watermark = max(watermark, self.watermark)
        return replace(self, next_url="", newest=None, watermark=watermark)

    def is_past(self, item: Any) -> bool:
        """Whether an item was stored by an earlier pass."""
        when = _updated_at(item)
        return self.watermark is not None and when is not None and when < self.watermark

    def reaches_past(self, items: list[Any]) -> bool:
        """Whether what follows these items was stored by an earlier pass; never in a list that is out of order.

        Lists of pull requests know no `since`, so this is where they end.
        """
        times = [when for when in map(_updated_at, items) if when is not None]
        is_ordered = all(one >= other for one, other in pairwise(times))
        return bool(items) and is_ordered and self.is_past(items[-1])


def _updated_at(item: Any) -> datetime | None:
    return cleaning.moment(item.get("updated_at")) if isinstance(item, Mapping) else None


class GitHubImporter:
    """Issues, pull requests and the comments on both, of every public repository that is no fork and no mirror.

    With a token, reviews come too, in the pages of the pull requests they belong to.
    """

    def __init__(self, config: SourceConfig, client: GitHubClient | None = None) -> None:
        self._org = config.options.get("org", "").strip()
        names = config.options.get("mirrors", "").lower().split(",")
        self._mirrors = frozenset(name.strip() for name in names if name.strip())
        self._client = client or GitHubClient(
            config.base_url,
            token=config.token,
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
            surroundings=Surroundings(gate=config.gate),
        )

    def close(self) -> None:
        self._client.close()

    def channels(self) -> Iterator[ChannelRecord]:
        seen: set[str] = set()
        for item in self._client.repositories(self._org):
            channel = github_items.repository(item, self._mirrors)
            if channel is not None and channel.key not in seen:
                seen.add(channel.key)
                yield channel

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """One pass, or the rest of an interrupted one and then a pass for what came meanwhile."""
        scan = Scan.from_cursor(cursor, now)
        if scan.next_url and not self._client.http.allows(scan.next_url):
            scan = scan.restarted(now)  # the source's address was changed
        is_resumed = bool(scan.next_url)
        for page, scan_after in self._pass(channel_key, channel_name, stream, scan, now):
            scan = scan_after
            yield replace(page, is_last=page.is_last and not is_resumed)
        if is_resumed:
            for page, _ in self._pass(channel_key, channel_name, stream, scan.restarted(now), now):
                yield page

    def _pass(
        self, channel_key: str, channel_name: str, stream: str, scan: Scan, now: datetime
    ) -> Iterator[tuple[Page, Scan]]:
        followed: set[str] = set()
        while True:
            before = self._client.http.requests
            fetched, scan = self._fetch(channel_name, stream, scan, now)
            if not fetched.items and fetched.next_url:  # an empty page in mid-list is seldom the truth: ask once more
                fetched, scan = self._fetch(channel_name, stream, scan, now)
            fresh = [item for item in fetched.items if not scan.is_past(item)]
            is_at_end = scan.reaches_past(fetched.items)
            records, refused = self._normalise(channel_key, stream, fresh, now)
            scan = scan.after_page(fetched) if not fetched.is_unchanged else scan
            is_circle = scan.next_url in followed or len(followed) >= MOST_PAGES
            is_last = not scan.next_url or is_at_end
            after = scan.finished() if is_last else scan.restarted(now) if is_circle else scan
            requests = self._client.http.requests - before
            yield Page(records, refused, after.as_cursor(), is_last, requests), after
            if is_last:
                return
            if is_circle:
                raise BadPayload(
                    "GitHub's pages lead in a circle: reading was stopped and starts anew with the next run.",
                    retry_at=self._client.http.later(),
                )
            followed.add(scan.next_url)

    def _fetch(self, full_name: str, stream: str, scan: Scan, now: datetime) -> tuple[ListPage, Scan]:
        """The page the scan points at; a stored next link that GitHub has forgotten starts the pass anew."""
        if scan.next_url:
            try:
                return self._client.following(scan.next_url), scan
            except PermanentError as error:
                if error.status not in (400, 404, 410, 422):
                    raise
                scan = scan.restarted(now)
        return self._client.newest(full_name, stream, since=scan.watermark, etag=scan.etag), scan

    def _normalise(
        self, repository_id: str, stream: str, items: list[Any], now: datetime
    ) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
        facts = self._client.pull_facts(_node_ids(items)) if stream == github_items.PULLS else {}
        found: list[Record | Rejected | None] = []
        for item in items:
            found.append(github_items.normalise(stream, item, repository_id=repository_id, now=now, facts=facts))
            found += github_items.reviews(item, facts, repository_id=repository_id, now=now)
        records = {one.external_id: one for one in reversed(found) if isinstance(one, Record)}
        refused = {one.external_id: one for one in found if isinstance(one, Rejected)}
        return tuple(reversed(records.values())), tuple(refused.values())


def _node_ids(items: list[Any]) -> list[str]:
    found = (item.get("node_id") for item in items if isinstance(item, Mapping))
    return [node_id for node_id in found if isinstance(node_id, str)]
