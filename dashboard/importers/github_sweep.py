"""What was deleted at GitHub within ninety days: lists by the day of creation, compared with what is stored.

No list of GitHub tells of a deletion. What is stored and not listed is asked for by itself before it counts as gone, so
a page that moved or was cut takes nothing away.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning, github_items
from dashboard.importers.github_feeds import Place
from dashboard.importers.records import Complete, Cursor, Page, Record, Rejected, Stored
from portal.clients import github_queries as queries
from portal.clients.errors import PermanentError
from portal.clients.github import GitHubClient, ListPage
from portal.clients.github_graphql import NoGraphQL

LOOK_BACK: Final = timedelta(days=90)
#: Sixty calls an hour without a token: then it is a look a day.
WITHOUT_TOKEN: Final = timedelta(hours=20)
#: Rows of a page that are asked for by themselves; the rest waits for the next look.
MOST_ASKED: Final = 50
CURSOR_VERSION: Final = 1
_NOTHING: Final = Page((), (), {}, is_last=False)

#: Each list with the kind it holds, in the order they are read: an issue takes what was said in it along.
LISTS: Final = (
    (github_items.ISSUES, kinds.ISSUE),
    (github_items.ISSUE_COMMENTS, kinds.COMMENT),
    (github_items.REVIEW_COMMENTS, kinds.REVIEW_COMMENT),
    (github_items.DISCUSSIONS, kinds.DISCUSSION),
)


@dataclass(frozen=True, slots=True)
class Look:
    """Where a look stands: which list, the place in it, and the moment that what was read so far reaches back to."""

    since: datetime
    at: int = 0
    next_place: str = ""
    until: datetime | None = None

    @classmethod
    def from_cursor(cls, cursor: Cursor, now: datetime) -> "Look":
        at, since = cleaning.whole_number(cursor.get("at")), cleaning.moment(cursor.get("since"))
        if at is None or since is None or not 0 <= at < len(LISTS):
            return cls(now - LOOK_BACK)
        return cls(since, at, cleaning.web_address(cursor.get("next")), cleaning.moment(cursor.get("until")))

    def as_cursor(self) -> Cursor:
        until = self.until.isoformat() if self.until else ""
        return {"since": self.since.isoformat(), "at": self.at, "next": self.next_place, "until": until}

    @property
    def list_name(self) -> str:
        return LISTS[self.at][0]

    @property
    def kind(self) -> str:
        return LISTS[self.at][1]

    def next_list(self) -> "Look":
        return replace(self, at=self.at + 1, next_place="", until=None)


class Sweep:
    """One look at everything of ninety days in a repository."""

    def __init__(
        self, client: GitHubClient, stored: Stored, place: Place, starting: frozenset[str], now: datetime
    ) -> None:
        self._client = client
        self._stored = stored
        self._place = place
        self._starting = starting
        self._now = now

    def read(self, cursor: Cursor) -> Iterator[Page]:
        """Pages with what was deleted; nothing the first time, when all of it has just been read."""
        looked_at = cleaning.moment(cursor.get("looked_at"))
        if looked_at is None and "since" not in cursor:
            yield Page((), (), self._done(), is_last=True)
            return
        if self._client.graph is None and "since" not in cursor and looked_at and self._now < looked_at + WITHOUT_TOKEN:
            yield Page((), (), cursor, is_last=True)
            return
        look = Look.from_cursor(cursor, self._now)
        while True:
            requests = self._client.requests
            page, look = self._step(look)
            is_last = look.at >= len(LISTS)
            after = self._done() if is_last else {"version": CURSOR_VERSION, **look.as_cursor()}
            yield replace(page, cursor=after, is_last=is_last, requests=self._client.requests - requests)
            if is_last:
                return

    def _done(self) -> Cursor:
        return {"version": CURSOR_VERSION, "looked_at": self._now.isoformat()}

    def _step(self, look: Look) -> tuple[Page, Look]:
        """A page of the first list, from the one the look is at, of which something is stored that could be gone."""
        known = self._known(look)
        while not known:
            look = look.next_list()
            if look.at >= len(LISTS):
                return _NOTHING, look
            known = self._known(look)
        if look.list_name == github_items.DISCUSSIONS:
            listed = self._discussions(look)
            page = _NOTHING if listed is None else self._judged(look, known, [], look.since, listed)
            return page, look.next_list()
        try:
            fetched = self._fetch(look)
        except PermanentError as error:
            if error.status not in (404, 410):
                raise
            return Page(
                (), (), {}, is_last=False
            ), look.next_list()  # switched off; a repository is looked for elsewhere
        times = [when for when in map(_created_at, fetched.items) if when is not None]
        reached = min(times, default=look.since)
        is_end = not fetched.next_url or fetched.next_url == look.next_place or reached < look.since
        # Of items created in the second a page ends with, more may follow.
        since = look.since if is_end else max(reached + timedelta(microseconds=1), look.since)
        if not is_end and look.until is not None and since >= look.until:
            since = look.until  # a page without news: its items were moved back by newer ones
        page = self._judged(look, known, fetched.items, since)
        return page, look.next_list() if is_end else replace(look, next_place=fetched.next_url, until=since)

    def _discussions(self, look: Look) -> set[str] | None:
        """Ids of the discussions that are there; those of ninety days are few, so they are listed in one step."""
        graph, found, after = self._client.graph, set[str](), ""
        while graph is not None:
            variables = {**self._place.variables, "after": after or None}
            try:
                page = graph.connection(
                    queries.DISCUSSION_IDS,
                    ("repository", "discussions"),
                    variables,
                    size=queries.IDS_PER_CALL,
                    repository_id=self._place.repository_id,
                )
            except NoGraphQL:
                return None
            found |= {f"{kinds.DISCUSSION}:{one.get('databaseId')}" for one in page.nodes if isinstance(one, Mapping)}
            times = [when for when in map(_created_at, page.nodes) if when is not None]
            if not page.cursor or page.cursor == after or min(times, default=look.since) < look.since:
                return found
            after = page.cursor
        return None

    def _known(self, look: Look) -> Mapping[str, str]:
        return self._stored.threads(self._place.repository_id, (look.kind,), since=look.since, until=look.until)

    def _fetch(self, look: Look) -> ListPage:
        if look.next_place and self._client.http.allows(look.next_place):
            return self._client.following(look.next_place)
        return self._client.created(self._place.full_name, look.list_name)

    def _judged(
        self,
        look: Look,
        known: Mapping[str, str],
        items: list[Any],
        since: datetime,
        listed: Set[str] = frozenset(),
    ) -> Page:
        """The records of a page, and all that is stored of its time but for what turned out to be gone."""
        found = github_items.all_of(look.list_name, items, self._place.repository_id, self._now, self._starting)
        records = [one for one in found if isinstance(one, Record)]
        refused = [one for one in found if isinstance(one, Rejected)]
        came = {*listed, *(one.external_id for one in found)}
        within = self._within(look, known, since)
        gone = [key for key in list(within - came)[:MOST_ASKED] if self._is_gone(look.list_name, key, known[key])]
        if not gone:
            return self._page(records, refused)
        takes_thread = look.kind in kinds.ROOT_KINDS
        part = Complete((look.kind,), since, look.until, takes_thread=takes_thread)
        return self._page(records, refused, (part,), tuple(set(known) - set(gone)))

    def _within(self, look: Look, known: Mapping[str, str], since: datetime) -> set[str]:
        if since <= look.since:
            return set(known)
        return set(self._stored.threads(self._place.repository_id, (look.kind,), since=since, until=look.until))

    def _page(
        self,
        records: list[Record],
        refused: list[Rejected],
        complete: tuple[Complete, ...] = (),
        present: tuple[str, ...] = (),
    ) -> Page:
        kept = {one.external_id: one for one in reversed(records)}
        letters = {one.external_id: one for one in refused}
        closed = tuple(key for key, one in kept.items() if one.account is None)
        return Page(
            tuple(reversed(kept.values())),
            tuple(letters.values()),
            {},
            is_last=False,
            complete=complete,
            present=present,
            closed=closed,
        )

    def _is_gone(self, list_name: str, external_id: str, thread: str) -> bool:
        """Whether GitHub has it no longer; what moved to another repository is found there."""
        own_id, number = cleaning.whole_number(external_id.rpartition(":")[2]), _number(thread)
        if own_id is None or number is None:
            return False
        if list_name == github_items.DISCUSSIONS:
            return self._is_discussion_gone(own_id, number)
        item = self._client.one(
            self._place.full_name, list_name, number if list_name == github_items.ISSUES else own_id
        )
        return not (isinstance(item, Mapping) and cleaning.whole_number(item.get("id")) == own_id)

    def _is_discussion_gone(self, own_id: int, number: int) -> bool:
        if self._client.graph is None:
            return False
        variables = {**self._place.variables, "number": number}
        path, place = ("repository", "discussion"), self._place.repository_id
        found = self._client.graph.value(queries.DISCUSSION, path, variables, repository_id=place)
        return not (isinstance(found, Mapping) and cleaning.whole_number(found.get("databaseId")) == own_id)


def _number(thread: str) -> int | None:
    return cleaning.whole_number(thread.rpartition("#")[2])


def _created_at(item: Any) -> datetime | None:
    if not isinstance(item, Mapping):
        return None
    return cleaning.moment(item.get("created_at") or item.get("createdAt"))
