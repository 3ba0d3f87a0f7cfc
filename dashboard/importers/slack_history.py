"""The stream of a Slack channel: messages newest first, the threads below them, and what is gone of the last 90 days.

One list serves all of it. It shows new and edited messages, by absence the deleted ones, and in `reply_count` and
`latest_reply` which threads have changed; only those are read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from dashboard import kinds
from dashboard.importers import slack_items
from dashboard.importers.records import Complete, Cursor, Page, Record, Rejected
from dashboard.importers.slack_items import Room, micros
from dashboard.importers.slack_scan import Scan, ThreadPlace, is_after, thread_state
from portal.clients.errors import ClientError
from portal.clients.slack import SlackClient, SlackPage
from portal.clients.slack_errors import SlackError

THREADS_IN_PAGE = 20
RECORDS_IN_PAGE = 1_000
MOST_STALLS = 50  # pages in a row that lead no further down
MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class _Batch:
    """What the next page will hold."""

    records: dict[str, Record] = field(default_factory=dict)
    rejected: dict[str, Rejected] = field(default_factory=dict)
    complete: list[Complete] = field(default_factory=list)

    def add(self, found: Record | Rejected | None) -> None:
        if isinstance(found, Record):
            self.records[found.external_id] = found
        elif found is not None:
            self.rejected[found.external_id] = found

    def page(self, scan: Scan, requests: int, *, is_last: bool = False) -> Page:
        return Page(
            tuple(self.records.values()),
            tuple(self.rejected.values()),
            scan.as_cursor(),
            is_last,
            requests,
            complete=tuple(self.complete),
        )


class ChannelReader:
    """Reads one channel from where its cursor stands."""

    def __init__(self, client: SlackClient, room: Room, now: datetime) -> None:
        self._client = client
        self._room = room
        self._now = now
        self._counted = client.http.requests
        self._stalls = 0

    def read(self, cursor: Cursor) -> Iterator[Page]:
        """One pass, or the rest of an interrupted one; what came since it began is the next import's."""
        scan = Scan.from_cursor(cursor)
        scan = scan if scan.is_open else scan.opened(self._now)
        while True:
            while scan.pending:
                for page, after in self._threads(scan):
                    scan = after
                    yield page
            if scan.is_listed:
                yield _Batch().page(scan.closed(), self._requests(), is_last=True)
                return
            batch, scan = self._messages(scan)
            yield batch.page(scan, self._requests())

    def _requests(self) -> int:
        """Calls since the last page."""
        before, self._counted = self._counted, self._client.http.requests
        return self._counted - before

    # The list of messages.

    def _messages(self, scan: Scan) -> tuple[_Batch, Scan]:
        listed = self._list(scan)
        if not (
            listed.items or scan.is_doubted or (scan.was_empty and not listed.next_cursor)
        ):  # a hiccup? ask once more
            return _Batch(), replace(scan, is_doubted=True)
        stamps = [item["ts"] for item in listed.items if isinstance(item, Mapping) and micros(item.get("ts"))]
        is_sorted = stamps == sorted(stamps, key=_micros, reverse=True) and len(stamps) == len(listed.items)
        is_end = not listed.next_cursor
        lowest = min([*stamps, *filter(None, [scan.lowest])], key=_micros, default="")
        batch = _Batch()
        for item in listed.items:
            batch.add(slack_items.normalise(item, room=self._room, now=self._now))
        found = {item["ts"]: thread_state(item, scan.began_at) for item in listed.items if _is_root(item)}
        gone: set[str] = set()
        # After a page that came empty in mid-list or out of order nobody knows what lies between: nothing is deleted.
        is_sure = bool(stamps) or (is_end and not listed.items and scan.is_doubted and not listed.is_limited)
        is_whole = is_sorted and is_sure and not scan.is_blurred
        if is_whole:
            lower = scan.since if is_end and not listed.is_limited else _later(lowest, scan.since)
            batch.complete.append(self._complete(kinds.MESSAGE, "", lower, scan.lowest))
            gone = {ts for ts in scan.states if _is_between(ts, lower, scan.lowest)} - set(found)
        return batch, replace(
            scan,
            lowest=lowest,
            cursor=listed.next_cursor,
            is_listed=is_end,
            is_doubted=False,
            is_blurred=not stamps or not is_sorted,
            pending=(*scan.pending, *scan.wanted(found, gone)),
            top=scan.top if scan.lowest else _newest([*stamps, *(latest for _, latest in found.values())], scan.top),
        )

    def _list(self, scan: Scan) -> SlackPage:
        """The page the scan points at; raises BadPayload when the list leads nowhere."""
        page = self._ask_list(scan)
        stamps = [str(item.get("ts")) for item in page.items if isinstance(item, Mapping)]
        is_onward = any(not scan.lowest or is_after(scan.lowest, ts) for ts in stamps)
        self._stalls = 0 if is_onward else self._stalls + 1
        is_circle = not is_onward and page.next_cursor == scan.cursor and (scan.is_doubted or bool(page.items))
        if page.next_cursor and (is_circle or self._stalls > MOST_STALLS):
            raise self._client.circle()
        return page

    def _ask_list(self, scan: Scan) -> SlackPage:
        """By Slack's cursor; by time when the cursor has expired or points to itself."""
        if scan.cursor:
            try:
                page = self._client.history(self._room.key, cursor=scan.cursor, oldest=scan.floor)
                if page.next_cursor != scan.cursor or not scan.lowest:
                    return page
            except SlackError as error:
                if error.code != "invalid_cursor":
                    raise
        return self._client.history(self._room.key, oldest=scan.floor, latest=scan.lowest)

    def _complete(self, kind: str, thread: str, lower: str, upper: str, *, is_after: bool = False) -> Complete:
        since = slack_items.moment(lower) + (MOMENT if is_after else timedelta())
        return Complete((kind,), since, slack_items.moment(upper) if upper else None, thread)

    # The threads below it.

    def _threads(self, scan: Scan) -> Iterator[tuple[Page, Scan]]:
        """Some of the pending threads as one page; what was read before a failure is kept."""
        batch, read = _Batch(), 0
        failure: ClientError | None = None
        while scan.pending and read < THREADS_IN_PAGE and len(batch.records) < RECORDS_IN_PAGE:
            try:
                scan = self._thread(scan, scan.pending[0], batch)
            except ClientError as error:
                failure = error
                break
            read += 1
        if read:
            yield batch.page(scan, self._requests()), scan
        if failure is not None:
            raise failure

    def _thread(self, scan: Scan, place: ThreadPlace, batch: _Batch) -> Scan:
        """A page of one thread: the scan stands behind it, or at its next page."""
        thread = slack_items.thread_id(self._room.key, place.ts)
        page = self._ask_thread(place)
        items = [item for item in page.items if not (isinstance(item, Mapping) and item.get("ts") == place.ts)]
        for item in items:
            batch.add(slack_items.normalise(item, room=self._room, now=self._now))
        stamps = [item["ts"] for item in items if isinstance(item, Mapping) and micros(item.get("ts"))]
        highest = _newest(stamps, place.read_to)
        is_end = not page.next_cursor
        self._stalls = 0 if highest != place.read_to else self._stalls + 1
        is_circle = highest == place.read_to and page.next_cursor == place.cursor
        if not is_end and (is_circle or self._stalls > MOST_STALLS):
            raise self._client.circle()
        if len(stamps) == len(items) and stamps == sorted(stamps, key=_micros):
            lower = _later(place.read_to, scan.since)
            until = "" if is_end else slack_items.stamp(slack_items.moment(highest) + MOMENT) if highest else lower
            is_from_reply = lower == place.read_to
            batch.complete.append(self._complete(kinds.REPLY, thread, lower, until, is_after=is_from_reply))
        if is_end:
            return scan.with_thread_read(place)
        rest = replace(place, read_to=highest, cursor=page.next_cursor)
        return replace(scan, pending=(rest, *scan.pending[1:]))

    def _ask_thread(self, place: ThreadPlace) -> SlackPage:
        try:
            if place.cursor:
                try:
                    page = self._client.replies(self._room.key, place.ts, cursor=place.cursor)
                    if page.next_cursor != place.cursor:
                        return page
                except SlackError as error:
                    if error.code != "invalid_cursor":
                        raise
            return self._client.replies(self._room.key, place.ts, oldest=place.read_to)
        except SlackError as error:
            if error.code != "thread_not_found":
                raise
            return SlackPage([], "")


def _is_root(item: Any) -> bool:
    """Whether a message stands in the channel itself, and so may have a thread below it."""
    if not isinstance(item, Mapping) or micros(item.get("ts")) is None:
        return False
    return item.get("thread_ts") in (None, item["ts"])


def _newest(stamps: list[str], known: str) -> str:
    return max([*filter(None, stamps), *filter(None, [known])], key=_micros, default="")


def _micros(ts: str) -> int:
    return micros(ts) or 0


def _later(one: str, other: str) -> str:
    return one if is_after(one, other) else other


def _is_between(ts: str, lower: str, upper: str) -> bool:
    return is_after(ts, lower, or_at=True) and not (upper and is_after(ts, upper, or_at=True))
