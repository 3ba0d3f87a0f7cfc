"""Imports an organisation's repositories from GitHub: newest first, resumable after every page."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from dashboard.importers import github_items
from dashboard.importers.github_feeds import ChangeFeed, CommitFeed, DiscussionFeed, Feed, Place, RestFeed
from dashboard.importers.github_pass import read
from dashboard.importers.github_probe import probe
from dashboard.importers.github_repositories import repository
from dashboard.importers.github_sweep import Sweep
from dashboard.importers.records import ChannelRecord, Cursor, Page, SourceConfig
from portal.clients.github import GitHubClient
from portal.clients.github_graphql import GraphQL, NoGraphQL
from portal.clients.surroundings import Surroundings

UNNAMED: Final = (
    "GitHub tells reviews, who merged a change and how large it is, discussions, and commits that belong to no change "
    "only to a token: give this source one, and they are read too."
)
NO_GRAPHQL: Final = (
    "This server has no GraphQL, so reviews, who merged a change and how large it is, discussions, and commits that "
    "belong to no change are missing."
)


class GitHubImporter:
    """Every public repository that is no fork and no mirror: issues, changes, comments, and what was deleted of them.

    With a token also reviews, discussions, and commits that were pushed directly; without, a note says what is missing.
    """

    def __init__(self, config: SourceConfig, client: GitHubClient | None = None) -> None:
        self._org = config.options.get("org", "").strip()
        self._mirrors = _names(config.options.get("mirrors", ""))
        self._labels = github_items.starting_labels(config.options.get("starting_labels", ""))
        self._stored = config.stored
        self._client = client or GitHubClient(
            config.base_url,
            token=config.token,
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
            surroundings=Surroundings(gate=config.gate),
        )
        self._graph = self._client.graph
        self._note = UNNAMED
        self._pushed_at: dict[str, str] = {}

    def close(self) -> None:
        self._client.close()

    def probe(self) -> list[str]:
        """Sentences on what stands in the way and what to do about it; the last say what is read and what is left."""
        return probe(self._client, self._org, self._mirrors, UNNAMED)

    def channels(self) -> Iterator[ChannelRecord]:
        """What is listed now, and what became of those that were listed once."""
        seen: set[str] = set()
        for item in self._client.repositories(self._org):
            channel = repository(item, self._mirrors)
            if channel is not None and channel.key not in seen:
                seen.add(channel.key)
                self._pushed_at[channel.key] = str(item.get("pushed_at") or "")
                yield self._readable(channel)
        for key, name in self._stored.channels().items():
            if key not in seen:
                yield self._missing(key, name)

    def _readable(self, channel: ChannelRecord) -> ChannelRecord:
        """Without a token only the streams that need none."""
        if self._graph is not None:
            return channel
        return replace(channel, streams=tuple(one for one in channel.streams if one not in github_items.GRAPH_STREAMS))

    def _missing(self, key: str, name: str) -> ChannelRecord:
        """A repository that the list lacks: moved elsewhere, deleted or made private; or the list was in motion."""
        item = self._client.repository(name)
        is_same = isinstance(item, Mapping) and str(item.get("id")) == key
        channel = repository(item, self._mirrors) if is_same else None
        if channel is None:
            return ChannelRecord(key, name, "repository", is_gone=True, is_erased=True)
        if channel.name.partition("/")[0].lower() == self._org.lower():
            return self._readable(channel)
        return replace(channel, streams=(), is_gone=True)

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """One pass, or the rest of an interrupted one and then a pass for what came meanwhile."""
        place = Place(channel_key, channel_name)
        if stream == github_items.SWEEP:
            yield from Sweep(self._client, self._stored, place, self._labels, now).read(cursor)
            return
        if self._graph is not None and stream in (*github_items.GRAPH_STREAMS, github_items.PULLS):
            try:
                yield from read(self._feed(self._graph, stream, place), cursor, self._client, now)
                return
            except NoGraphQL:
                self._graph, self._note = None, NO_GRAPHQL
        if stream in github_items.GRAPH_STREAMS:
            yield Page((), (), {**cursor, "note": self._note}, is_last=True)
            return
        note = self._note if stream == github_items.PULLS else ""
        feed = RestFeed(self._client, stream, place, self._labels)
        for page in read(feed, cursor, self._client, now):
            yield replace(page, cursor={**page.cursor, "note": note}) if note else page

    def _feed(self, graph: GraphQL, stream: str, place: Place) -> Feed:
        if stream == github_items.PULLS:
            return ChangeFeed(graph, place)
        if stream == github_items.DISCUSSIONS:
            return DiscussionFeed(graph, place)
        return CommitFeed(graph, place, self._pushed_at.get(place.repository_id, ""))


def _names(option: Any) -> frozenset[str]:
    return frozenset(name.strip() for name in str(option).lower().split(",") if name.strip())
