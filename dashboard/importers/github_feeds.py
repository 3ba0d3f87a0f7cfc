"""The lists of a repository, each as first page, following pages and records: REST for the plain ones, GraphQL else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from dashboard import kinds
from dashboard.importers import cleaning, github_changes, github_commits, github_discussions, github_items
from dashboard.importers.github_scan import OVERLAP, Scan
from dashboard.importers.records import Complete, Record, Rejected
from portal.clients import github_queries as queries
from portal.clients.github import GitHubClient, ListPage
from portal.clients.github_graphql import Connection, GraphQL

REST: Final = ""
GRAPHQL: Final = "graphql"
#: A commit counts from its own date, which may lie long before it was pushed.
LATE_PUSHES: Final = timedelta(days=30)
#: Deleting a reply does not move its discussion, so those of ninety days are read again.
DISCUSSIONS_AGAIN: Final = timedelta(days=90)

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A repository: its id, which a rename keeps, and the name it is asked by."""

    repository_id: str
    full_name: str

    @property
    def variables(self) -> dict[str, str]:
        owner, _, name = self.full_name.partition("/")
        return {"owner": owner, "name": name}


@dataclass(frozen=True, slots=True)
class Found:
    """What the items of a page mean."""

    records: list[Record | Rejected]
    gone: tuple[str, ...] = ()
    complete: tuple[Complete, ...] = ()


class Feed(Protocol):
    """One list, the most recently updated item first."""

    way: str
    overlap: timedelta

    def first(self, scan: Scan) -> ListPage: ...

    def following(self, place: str, scan: Scan) -> ListPage: ...

    def found(self, items: list[Any], now: datetime) -> Found: ...


class RestFeed:
    """Issues, comments on issues and changes, comments on code; changes where there is no token for GraphQL."""

    way = REST
    overlap = OVERLAP

    def __init__(self, client: GitHubClient, stream: str, place: Place, starting: frozenset[str]) -> None:
        self._client = client
        self._stream = stream
        self._place = place
        self._starting = starting

    def first(self, scan: Scan) -> ListPage:
        return self._client.newest(self._place.full_name, self._stream, since=scan.watermark, etag=scan.etag)

    def following(self, place: str, scan: Scan) -> ListPage:
        return self._client.following(place)

    def found(self, items: list[Any], now: datetime) -> Found:
        return Found(github_items.all_of(self._stream, items, self._place.repository_id, now, self._starting))


class GraphFeed:
    """A connection of a repository; a node that GitHub cannot give becomes a dead letter."""

    way = GRAPHQL
    overlap = OVERLAP
    query = ""
    path: tuple[str, ...] = ()
    size = 100
    old_size = 0
    kind = ""

    def __init__(self, graph: GraphQL, place: Place) -> None:
        self._graph = graph
        self._place = place

    def first(self, scan: Scan) -> ListPage:
        return self._page("", scan)

    def following(self, place: str, scan: Scan) -> ListPage:
        return self._page(place, scan)

    def found(self, items: list[Any], now: datetime) -> Found:
        raise NotImplementedError

    def _page(self, place: str, scan: Scan) -> ListPage:
        variables = {**self._place.variables, "after": place or None, **self.variables(scan)}
        page = self._graph.connection(
            self.query, self.path, variables, size=self._size(scan), repository_id=self._place.repository_id
        )
        return ListPage([_marked(page, place), *page.nodes] if page.problems else page.nodes, page.cursor)

    def variables(self, scan: Scan) -> dict[str, Any]:
        return {}

    def _size(self, scan: Scan) -> int:
        return self.old_size if self.old_size and scan.watermark is None else self.size

    def _rest(self, query: str, path: tuple[str, ...], connection: Any, size: int, **variables: Any) -> list[Any]:
        """The nodes that a connection inside a node did not hold."""
        place = connection.get("pageInfo") if isinstance(connection, Mapping) else None
        start = place.get("endCursor") if isinstance(place, Mapping) and place.get("hasNextPage") is True else ""
        if not isinstance(start, str) or not start:
            return []
        named = {**self._place.variables, **variables} if path[0] == "repository" else variables
        found = self._graph.rest(query, path, named, start=start, size=size, repository_id=self._place.repository_id)
        return list(found)

    def _refused(self, items: list[Any]) -> list[Record | Rejected]:
        """A dead letter for a page of one node that came with problems; its node has gaps and is not used."""
        if not items or not isinstance(items[0], _Trouble):
            return []
        node = items[1] if len(items) > 1 and isinstance(items[1], Mapping) else {"after": items[0].place}
        number = node.get("fullDatabaseId") or node.get("databaseId")
        return [cleaning.rejected(self.kind, {"id": number, **node}, f"GitHub: {items[0].problem}")]


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Stands in front of a node that GitHub could not give whole."""

    problem: str
    place: str


def _marked(page: Connection, place: str) -> _Trouble:
    return _Trouble(page.problems[0], place)


class ChangeFeed(GraphFeed):
    """Changes with who merged them, their size, labels and reviews."""

    query = queries.CHANGES
    path = ("repository", "pullRequests")
    size = queries.CHANGES_PER_CALL
    old_size = queries.OLD_CHANGES_PER_CALL
    kind = kinds.CHANGE

    def found(self, items: list[Any], now: datetime) -> Found:
        found = self._refused(items)
        for node in [] if found else items:
            more = self._more_reviews(node)
            found += github_changes.normalise(node, more, repository_id=self._place.repository_id, now=now)
        return Found(found)

    def _more_reviews(self, node: Any) -> list[Any]:
        if not isinstance(node, Mapping):
            return []
        path = ("repository", "pullRequest", "reviews")
        reviews, number = node.get("reviews"), node.get("number")
        return self._rest(queries.MORE_REVIEWS, path, reviews, queries.MORE_PER_CALL, number=number)


class DiscussionFeed(GraphFeed):
    """Discussions, each with all of its comments and the replies to them."""

    overlap = DISCUSSIONS_AGAIN
    query = queries.DISCUSSIONS
    path = ("repository", "discussions")
    size = queries.DISCUSSIONS_PER_CALL
    kind = kinds.DISCUSSION

    def found(self, items: list[Any], now: datetime) -> Found:
        found, complete = self._refused(items), []
        for node in [] if found else items:
            said = self._said(node)
            records = github_discussions.normalise(node, said, repository_id=self._place.repository_id, now=now)
            found += records
            if isinstance(records[0], Record):
                thread = records[0].thread
                complete.append(Complete((kinds.DISCUSSION_REPLY,), cleaning.EARLIEST, thread=thread))
        return Found(found, complete=tuple(complete))

    def _said(self, node: Any) -> list[Any]:
        """Comments and replies of a discussion, in one row."""
        comments = node.get("comments") if isinstance(node, Mapping) else None
        if not isinstance(comments, Mapping):
            return []
        path, size = ("repository", "discussion", "comments"), queries.MORE_COMMENTS_PER_CALL
        found: list[Any] = []
        more = self._rest(queries.MORE_COMMENTS, path, comments, size, number=node.get("number"))
        for comment in [*github_discussions.nodes(comments), *more]:
            replies = comment.get("replies") if isinstance(comment, Mapping) else None
            found += [comment, *github_discussions.nodes(replies)]
            if isinstance(comment, Mapping):
                known = {"id": comment.get("id")}
                found += self._rest(queries.MORE_REPLIES, ("node", "replies"), replies, queries.MORE_PER_CALL, **known)
        return found


class CommitFeed(GraphFeed):
    """Commits on the default branch that belong to no change; nothing is asked while nothing was pushed."""

    overlap = LATE_PUSHES
    query = queries.COMMITS
    path = ("repository", "defaultBranchRef", "target", "history")
    size = queries.COMMITS_PER_CALL
    kind = kinds.COMMIT

    def __init__(self, graph: GraphQL, place: Place, pushed_at: str = "") -> None:
        super().__init__(graph, place)
        self._pushed_at = pushed_at

    def first(self, scan: Scan) -> ListPage:
        if self._pushed_at and scan.etag == self._pushed_at:
            return ListPage([], "", self._pushed_at, is_unchanged=True)
        page = super().first(scan)
        return ListPage(page.items, page.next_url, self._pushed_at)

    def variables(self, scan: Scan) -> dict[str, Any]:
        return {"since": scan.watermark.isoformat() if scan.watermark else None}

    def found(self, items: list[Any], now: datetime) -> Found:
        found = self._refused(items)
        pushed, gone = github_commits.direct([] if found else items, now=now)
        return Found([*found, *pushed], gone=gone)
