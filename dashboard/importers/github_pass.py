"""A pass over one of GitHub's lists: page by page, each with the cursor that stands after it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from dashboard import kinds
from dashboard.importers.github_feeds import REST, Feed, Found
from dashboard.importers.github_scan import Scan
from dashboard.importers.records import Cursor, Page, Record, Rejected
from portal.clients.errors import BadPayload, PermanentError
from portal.clients.github import MOST_PAGES, GitHubClient, ListPage


def read(feed: Feed, cursor: Cursor, client: GitHubClient, now: datetime) -> Iterator[Page]:
    """One pass, or the rest of an interrupted one and then a pass for what came meanwhile."""
    scan = Scan.from_cursor(cursor, now, feed.way)
    if scan.next_place and feed.way == REST and not client.http.allows(scan.next_place):
        scan = scan.restarted(now)  # the source's address was changed
    is_resumed = bool(scan.next_place)
    for page, scan_after in _pass(feed, scan, client, now):
        scan = scan_after
        yield replace(page, is_last=page.is_last and not is_resumed)
    if is_resumed:
        for page, _ in _pass(feed, scan.restarted(now), client, now):
            yield page


def _pass(feed: Feed, scan: Scan, client: GitHubClient, now: datetime) -> Iterator[tuple[Page, Scan]]:
    followed: set[str] = {scan.next_place} if scan.next_place and feed.way != REST else set()
    while True:
        before = client.requests
        fetched, scan = _fetch(feed, scan, now)
        if not fetched.items and fetched.next_url:  # an empty page in mid-list is seldom the truth: ask once more
            fetched, scan = _fetch(feed, scan, now)
        found = feed.found([item for item in fetched.items if not scan.is_past(item)], now)
        is_at_end = scan.reaches_past(fetched.items)
        scan = scan.after_page(fetched) if not fetched.is_unchanged else scan
        is_circle = scan.next_place in followed or len(followed) >= MOST_PAGES
        is_last = not scan.next_place or is_at_end
        after = scan.finished(feed.overlap) if is_last else scan.restarted(now) if is_circle else scan
        yield _page(found, after.as_cursor(), is_last, client.requests - before), after
        if is_last:
            return
        if is_circle:
            raise BadPayload(
                "GitHub's pages lead in a circle: reading was stopped and starts anew with the next run.",
                retry_at=client.http.later(),
            )
        followed.add(scan.next_place)


def _fetch(feed: Feed, scan: Scan, now: datetime) -> tuple[ListPage, Scan]:
    """The page the scan points at; a stored place that GitHub has forgotten starts the pass anew."""
    if scan.next_place:
        try:
            return feed.following(scan.next_place, scan), scan
        except PermanentError as error:
            if error.status not in (400, 404, 410, 422):
                raise
            scan = scan.restarted(now)
    return feed.first(scan), scan


def _page(found: Found, cursor: Cursor, is_last: bool, requests: int) -> Page:
    records = {one.external_id: one for one in reversed(found.records) if isinstance(one, Record)}
    refused = {one.external_id: one for one in found.records if isinstance(one, Rejected)}
    kept = tuple(reversed(records.values()))
    closed = tuple(one.external_id for one in kept if one.account is None and one.kind != kinds.COMMIT)
    return Page(
        kept,
        tuple(refused.values()),
        cursor,
        is_last,
        requests,
        complete=found.complete,
        gone=found.gone,
        closed=closed,
    )
