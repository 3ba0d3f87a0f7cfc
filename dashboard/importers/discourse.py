"""Imports a Discourse forum: every public post, and which answers were accepted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from dashboard.importers import cleaning, discourse_items, discourse_posts, discourse_solutions
from dashboard.importers.discourse_items import FORUM_KEY, POSTS, Category, Forum
from dashboard.importers.records import ChannelRecord, Cursor, Page, Record, Rejected, SourceConfig
from portal.clients.discourse import DiscourseClient
from portal.clients.errors import PermanentError
from portal.clients.surroundings import Surroundings


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
            surroundings=Surroundings(gate=config.gate),
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
        """New posts first, then the answers that were accepted since; the cursor holds where both stand."""
        solved = discourse_solutions.from_cursor(cursor.get("solved"))
        requests = self._client.http.requests
        known = self._categories()
        today = now.date().isoformat()

        def normalise(items: list[Any]) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
            return self._normalise([discourse_solutions.applied(item, solved) for item in items], known, now)

        after: Cursor = {}
        for page in discourse_posts.read(self._client, normalise, cursor):
            after = {**page.cursor, "solved": discourse_solutions.as_cursor(solved)}
            yield replace(page, cursor=after, is_last=False, requests=self._client.http.requests - requests)
            requests = self._client.http.requests
        for posts, solved_after in discourse_solutions.sweep(self._client, solved, today=today):
            records, refused = normalise(posts)
            after = {**after, "solved": discourse_solutions.as_cursor(solved_after)}
            yield Page(records, refused, after, not posts, self._client.http.requests - requests)
            requests = self._client.http.requests

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
