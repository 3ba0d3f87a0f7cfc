"""Imports a subreddit: its submissions and comments, and what became of those of the last 90 days."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from dashboard.importers import cleaning, reddit_items, reddit_lists, reddit_threads
from dashboard.importers.records import ChannelRecord, Cursor, Page, SourceConfig
from dashboard.importers.reddit_items import Found, found_in
from dashboard.importers.reddit_lists import Scan
from dashboard.importers.reddit_threads import Walk
from portal.clients.errors import BadPayload, ClientError
from portal.clients.reddit import PAGE_SIZE, RedditClient
from portal.clients.surroundings import Surroundings

SUBMISSIONS: Final = "submissions"
COMMENTS: Final = "comments"
EDITS: Final = "edits"
CURSOR_VERSION: Final = 1
LOOK_BACK: Final = timedelta(days=90)
#: With so many asked for, an answer without a single one is no deletion but a mistake.
MANY: Final = 10
POLICY: Final = (
    "Since November 2025 Reddit gives a key only to applications that it has approved (Responsible Builder Policy): "
    "ask Reddit for one first, or import a file instead."
)
CUT: Final = (
    "Reddit lists only about the newest 1,000 {what}: older ones are missing here and can be imported from a file."
)


class RedditImporter:
    """One channel, the subreddit, with its submissions, its comments, and the edits and deletions of 90 days."""

    #: Which threads still have to be walked is seen from what is stored.
    needs_each_page = True

    def __init__(self, config: SourceConfig, client: RedditClient | None = None) -> None:
        self._subreddit = config.options.get("subreddit", "").strip().removeprefix("/").removeprefix("r/")
        self._stored = config.stored
        self._client = client or RedditClient(
            config.base_url,
            token=config.token,
            auth_url=config.options.get("auth_url", "").strip(),
            username=config.options.get("username", "").strip(),
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
            surroundings=Surroundings(gate=config.gate),
        )

    def close(self) -> None:
        self._client.close()

    def channels(self) -> Iterator[ChannelRecord]:
        name = f"r/{self._subreddit}"
        streams = (SUBMISSIONS, COMMENTS, EDITS)
        key = f"r/{self._subreddit.lower()}"
        yield ChannelRecord(key, name, "subreddit", f"{reddit_items.SITE}/{name}", streams=streams)

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """New submissions or comments, or a look at everything of 90 days that is stored."""
        known = cursor if cursor.get("version") == CURSOR_VERSION else {}
        if stream == EDITS:
            return self._edits(channel_key, known, now)
        return self._list(stream, known, now)

    def probe(self) -> list[str]:
        """Sentences on whether the source can be imported as it is set up; for the one who sets it up."""
        try:
            found = self._client.submissions(self._subreddit)
        except ClientError as error:
            return [error.sentence, POLICY]
        sentences = [] if found.things else [f"r/{self._subreddit} shows no submission."]
        if self._client.left is not None:
            sentences.append(f"{self._client.left:.0f} calls are left in this window of ten minutes.")
        return [*sentences, CUT.format(what="submissions and comments"), POLICY]

    def _list(self, stream: str, cursor: Cursor, now: datetime) -> Iterator[Page]:
        scan = Scan.from_cursor(cursor)
        note = str(cursor.get("note", ""))
        while not scan.is_over:
            requests = self._client.requests
            things, scan = reddit_lists.next_page(self._client, self._asker(stream), scan)
            note = CUT.format(what=stream) if scan.is_cut and stream == SUBMISSIONS else note
            is_last = scan.is_over and not (scan.is_cut and stream == COMMENTS)
            after = scan.finished() if is_last else scan
            yield self._page(found_in(things, now=now), after.as_cursor(), note, is_last, requests)
            if is_last:
                return
        yield from self._threads(scan, cursor, now)

    def _threads(self, scan: Scan, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Comments that the list did not reach come from the threads of the submissions that are listed."""
        stored = cursor.get("walk")
        state = Walk.from_cursor(stored if isinstance(stored, dict) else {})
        requests = self._client.requests
        for things in reddit_threads.walk(self._client, self._subreddit, state, self._stored.comment_counts):
            after = {**scan.as_cursor(), "walk": state.as_cursor()}
            yield self._page(found_in(things, now=now), after, "", False, requests)
            requests = self._client.requests
        note = CUT.format(what="submissions with their comments") if state.scan.is_cut else ""
        yield self._page(Found(), scan.finished().as_cursor(), note, True, requests)

    def _edits(self, channel_key: str, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Ask again for everything of the last 90 days: what was taken away there has to go here too."""
        place = _place(cursor)
        if not cursor:  # all of it has just been read
            yield self._page(Found(), {}, "", True, self._client.requests)
            return
        while True:
            requests = self._client.requests
            rows = self._stored.newest(channel_key, since=now - LOOK_BACK, before=place, most=PAGE_SIZE)
            found = self._looked_at([external_id for _, external_id in rows], now) if rows else Found()
            is_last = len(rows) < PAGE_SIZE
            place = rows[-1] if rows else place
            at: Cursor = {} if is_last or place is None else {"at": [place[0].isoformat(), place[1]]}
            yield self._page(found, at, "", is_last, requests)
            if is_last:
                return

    def _looked_at(self, ids: list[str], now: datetime) -> Found:
        things = self._client.info([reddit_items.fullname_of(one) for one in ids])
        if not things and len(ids) >= MANY:
            raise BadPayload(
                "Reddit knows nothing of what it showed before: nothing was deleted here, it is asked again later.",
                retry_at=self._client.later(),
            )
        found = found_in(things, now=now)
        came = {*(one.external_id for one in found.records), *(one.external_id for one in found.rejected)}
        gone = tuple(one for one in ids if one not in came)
        return Found(found.records, found.rejected, gone, found.orphaned, found.closed)

    def _asker(self, stream: str) -> reddit_lists.Ask:
        ask = self._client.submissions if stream == SUBMISSIONS else self._client.comments
        return lambda after: ask(self._subreddit, after=after)

    def _page(self, found: Found, after: dict[str, Any], note: str, is_last: bool, requests: int) -> Page:
        cursor = {"version": CURSOR_VERSION, **after, **({"note": note} if note else {})}
        return Page(
            found.records,
            found.rejected,
            cursor,
            is_last,
            self._client.requests - requests,
            gone=found.gone,
            orphaned=found.orphaned,
            closed=found.closed,
        )


def _place(cursor: Cursor) -> tuple[datetime, str] | None:
    at = cursor.get("at")
    if not isinstance(at, list) or len(at) != 2:
        return None
    when = cleaning.moment(at[0])
    return None if when is None else (when, str(at[1]))
