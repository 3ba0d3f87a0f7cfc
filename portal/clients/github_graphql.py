"""GitHub's GraphQL: connections by cursor, errors that come with status 200, pages that shrink when too large."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.clients.errors import AuthError, BadPayload, ClientError, PermanentError, TransientError
from portal.clients.http import Answer, HttpClient
from portal.clients.refusals import limited
from portal.clients.waiting import after, as_seconds, retry_after, until_epoch

SECONDARY_SECONDS: Final = 60.0
MOST_PAGES: Final = 1000

#: GitHub stops a query after ten seconds and answers 502 or 504: asking for the same again costs the same again.
TOO_MUCH: Final = 413
_STOPPED = frozenset({502, 504})
_LIMITED = frozenset({"RATE_LIMITED", "RATE_LIMIT"})
_CLOSED = frozenset({"FORBIDDEN", "INSUFFICIENT_SCOPES"})
_MISSING = "NOT_FOUND"
_FORGOTTEN = "INVALID_CURSOR_ARGUMENTS"
_BRANCH = "defaultBranchRef"
_NOTHING: Final[Mapping[str, Any]] = {"nodes": [], "pageInfo": {}}


class NoGraphQL(PermanentError):
    """This server has no GraphQL at all."""


def meaning(status: int, body: bytes) -> tuple[int, str]:
    """A query that ran into GitHub's time limit is too large, whatever its status says."""
    return (TOO_MUCH, "GitHub could not answer a query in time.") if status in _STOPPED else (status, "")


@dataclass(frozen=True, slots=True)
class Connection:
    """A page of a connection; `cursor` is "" on the last. `problems` are about a node that could not be given
    whole even when it was asked for alone."""

    nodes: list[Any]
    cursor: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reply:
    data: Mapping[str, Any]
    errors: Sequence[Mapping[str, Any]]

    def kinds(self) -> set[str]:
        return {str(one.get("type") or "") for one in self.errors}

    def messages(self) -> tuple[str, ...]:
        """What the errors say, but for what is only gone."""
        return tuple(str(one.get("message") or one.get("type") or "?") for one in self.errors if _is_serious(one))


def _is_serious(error: Mapping[str, Any]) -> bool:
    """A node that is gone or closed to us comes as null and is no reason to read the page again."""
    return error.get("type") != _MISSING and error.get("type") not in _CLOSED


class GraphQL:
    """One endpoint; `http` is its own, since its quota is another than that of REST."""

    def __init__(self, http: HttpClient, url: str) -> None:
        self.http = http
        self._url = url
        self._sizes: dict[str, int] = {}
        self._secondary = SECONDARY_SECONDS
        #: Points that are left of this hour, None before the first answer.
        self.remaining: int | None = None

    def connection(
        self, query: str, path: Sequence[str], variables: Mapping[str, Any], *, size: int, repository_id: str = ""
    ) -> Connection:
        """A page of the connection at `path`; "repository" in it must be the one with this id.

        A page that is too much is asked for again at half its size, down to one node; what then is still missing is
        told in `problems`. Raises PermanentError 404 when the repository is gone, AuthError when it may not be read.
        """
        at = min(size, self._sizes.get(query, size))
        while True:
            reply = self._ask(query, {**variables, "first": at})
            if reply is not None and (at == 1 or not reply.messages()):
                break
            if at == 1:
                raise TransientError("GitHub could not answer a query in time.", retry_at=self.http.later())
            at = max(at // 2, 1)
        self._sizes[query] = min(at * 2, size)
        found = self._walk(reply, path, repository_id)
        if found is None and _MISSING not in reply.kinds():
            raise self._broken(*reply.messages()[:1])
        return self._page(found, reply.messages())

    def rest(
        self,
        query: str,
        path: Sequence[str],
        variables: Mapping[str, Any],
        *,
        start: str,
        size: int,
        repository_id: str = "",
    ) -> list[Any]:
        """All nodes of a connection behind the place `start`."""
        found: list[Any] = []
        seen: set[str] = set()
        while start:
            if start in seen or len(seen) >= MOST_PAGES:
                raise self._broken("places that lead in a circle")
            seen.add(start)
            page = self.connection(query, path, {**variables, "after": start}, size=size, repository_id=repository_id)
            if page.problems:
                raise self._broken(page.problems[0])
            found += page.nodes
            start = page.cursor
        return found

    def value(self, query: str, path: Sequence[str], variables: Mapping[str, Any], *, repository_id: str) -> Any:
        """What stands at a path, None when it is gone."""
        reply = self._ask(query, variables)
        if reply is None or reply.messages():
            raise self._broken(*(reply.messages()[:1] if reply else ()))
        return self._walk(reply, path, repository_id)

    def _ask(self, query: str, variables: Mapping[str, Any]) -> _Reply | None:
        """An answer, None when the query was too much."""
        try:
            answer = self.http.post(self._url, {"query": query, "variables": dict(variables)})
        except PermanentError as error:
            if error.status == TOO_MUCH:
                return None
            if error.status == 404:
                raise NoGraphQL("This server has no GraphQL.", status=404) from error
            raise
        data = answer.data if isinstance(answer.data, dict) else {}
        errors = data.get("errors")
        found = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
        inner = data.get("data")
        reply = _Reply(inner if isinstance(inner, dict) else {}, found)
        self._refuse_when_limited(answer, reply)
        if _FORGOTTEN in reply.kinds():
            raise PermanentError("GitHub does not know the place where reading stopped any more.", status=422)
        if not found and not isinstance(inner, dict):
            raise self._broken()
        self._note_quota(reply)
        return reply

    def _refuse_when_limited(self, answer: Answer, reply: _Reply) -> None:
        """A used-up quota, and a secondary limit, come with status 200."""
        told = any("rate limit" in str(one.get("message")).lower() for one in reply.errors)
        if not told and not reply.kinds() & _LIMITED:
            self._secondary = SECONDARY_SECONDS
            return
        now = self.http.now()
        wait = retry_after(answer.headers, now)
        if wait is None and answer.headers.get("x-ratelimit-remaining", "").strip() == "0":
            wait = until_epoch(answer.headers.get("x-ratelimit-reset", ""), now)
        if wait is None:
            wait, self._secondary = self._secondary, min(self._secondary * 2, 3600.0)
        self.http.block(wait)
        raise limited(after(now, wait))

    def _note_quota(self, reply: _Reply) -> None:
        quota = reply.data.get("rateLimit")
        left = as_seconds(quota.get("remaining")) if isinstance(quota, dict) else None
        self.remaining = None if left is None else int(left)

    def _walk(self, reply: _Reply, path: Sequence[str], repository_id: str) -> Any:
        """What stands at the path, None where a step of it is null; raises where the repository is not ours."""
        found: Any = reply.data
        for step in path:
            is_told = isinstance(found, dict) and step in found
            found = found.get(step) if isinstance(found, dict) else None
            if step == "repository":
                self._check_repository(found, reply, repository_id)
            if step == _BRANCH and is_told and found is None:
                return _NOTHING  # a repository without a commit
        if found is None and reply.kinds() & _CLOSED:
            raise AuthError(
                f"GitHub does not let this token read {path[-1]}: give it read access to the contents, issues, pull "
                "requests and discussions of the organisation's public repositories.",
                status=403,
            )
        if found is None and reply.messages():
            raise self._broken(reply.messages()[0])
        return found

    def _check_repository(self, found: Any, reply: _Reply, repository_id: str) -> None:
        if found is None and not reply.messages() and not reply.kinds() & _CLOSED:
            raise PermanentError("GitHub does not have this repository, or does not show it any more.", status=404)
        number = found.get("databaseId") if isinstance(found, dict) else None
        if number is not None and repository_id and str(number) != repository_id:
            raise BadPayload(
                "Another repository has this name by now: it is looked for again with the next import.",
                retry_at=self.http.later(),
            )

    def _broken(self, said: str = "") -> ClientError:
        sentence = "GitHub sent something else where the answer to a query belongs"
        return BadPayload(f"{sentence}: {said[:200]}" if said else f"{sentence}.", retry_at=self.http.later())

    def _page(self, found: Any, problems: tuple[str, ...]) -> Connection:
        """The nodes with what pageInfo says; what is gone has none."""
        if found is None:
            return Connection([])
        nodes = found.get("nodes") if isinstance(found, dict) else None
        place = found.get("pageInfo") if isinstance(found, dict) else None
        if not isinstance(nodes, list) or not isinstance(place, dict):
            raise self._broken()
        cursor = place.get("endCursor") if place.get("hasNextPage") is True else ""
        if not isinstance(cursor, str) or (place.get("hasNextPage") is True and not cursor):
            raise self._broken("a page without the place of the next")
        return Connection([one for one in nodes if one is not None], cursor, problems)
