"""GitHub's REST lists and the way to its GraphQL: endpoints, paging by Link header, limits. Knows no contributions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urljoin

from portal.clients.errors import BadPayload, PermanentError
from portal.clients.gate import GITHUB, Quota
from portal.clients.github_graphql import GraphQL, meaning
from portal.clients.http import HttpClient, Limits, Surroundings, clean_token
from portal.clients.waiting import after, as_seconds, capped, retry_after, until_epoch

API_VERSION = "2022-11-28"
PER_PAGE = 100
MOST_PAGES = 10_000
SECONDARY_SECONDS = 60.0
_GONE: Final = frozenset({404, 410, 451})

ISSUES: Final = "issues"
PULLS: Final = "pulls"
ISSUE_COMMENTS: Final = "issue_comments"
REVIEW_COMMENTS: Final = "review_comments"

_PATHS: Final = {
    ISSUES: "issues",
    PULLS: "pulls",
    ISSUE_COMMENTS: "issues/comments",
    REVIEW_COMMENTS: "pulls/comments",
}


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list. `next_url` is "" on the last; `is_unchanged` when the ETag said so (no items then)."""

    items: list[Any]
    next_url: str
    etag: str = ""
    is_unchanged: bool = False


class GitHubLimits:
    """GitHub's primary limit (403 or 429 with nothing remaining) and its secondary ones (a minute, then doubling)."""

    def __init__(self) -> None:
        self._secondary = SECONDARY_SECONDS

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        if status not in (403, 429):
            return None
        asked = retry_after(headers, now)
        if asked is not None:
            return asked
        if headers.get("x-ratelimit-remaining", "").strip() == "0":
            return until_epoch(headers.get("x-ratelimit-reset", ""), now) or SECONDARY_SECONDS
        if status == 403 and b"rate limit" not in body.lower() and b"abuse" not in body.lower():
            return None
        wait, self._secondary = self._secondary, self._secondary * 2
        return capped(wait)

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        self._secondary = SECONDARY_SECONDS
        if headers.get("x-ratelimit-remaining", "").strip() != "0":
            return None
        return until_epoch(headers.get("x-ratelimit-reset", ""), now)

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        left, most = (as_seconds(headers.get(f"x-ratelimit-{name}", "")) for name in ("remaining", "limit"))
        if left is None:
            return None
        seconds = until_epoch(headers.get("x-ratelimit-reset", ""), now)
        name = headers.get("x-ratelimit-resource", "").strip() or "core"
        return Quota(
            name, int(left), None if most is None else int(most), None if seconds is None else after(now, seconds)
        )


class GitHubClient:
    """One organisation's public repositories and their lists, at github.com, an Enterprise server or a stand-in."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str = "",
        user_agent: str,
        allowed_private_hosts: tuple[str, ...] = (),
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        token = clean_token(token)
        headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        make = partial(
            HttpClient,
            base_url,
            user_agent=user_agent,
            headers=headers,
            has_secret=bool(token),
            allowed_private_hosts=allowed_private_hosts,
            paces=GITHUB,
            limits=limits,
            surroundings=surroundings,
        )
        self.http = make(policy=GitHubLimits())
        #: None without a token: GraphQL answers nobody unnamed.
        self.graph = GraphQL(make(policy=GitHubLimits(), meaning=meaning), self.graphql_url) if token else None

    def close(self) -> None:
        self.http.close()
        if self.graph is not None:
            self.graph.http.close()

    @property
    def requests(self) -> int:
        """Calls made so far."""
        return self.http.requests + (self.graph.http.requests if self.graph is not None else 0)

    def repositories(self, owner: str) -> Iterator[Any]:
        """Every repository of an organisation, or of a person when there is no such organisation."""
        name = quote(owner, safe="")
        try:
            yield from self._all(f"orgs/{name}/repos", {"type": "all", "sort": "pushed"})
        except PermanentError as error:
            if error.status != 404:
                raise
            yield from self._all(f"users/{name}/repos", {"type": "owner", "sort": "pushed"})

    def newest(self, full_name: str, kind: str, *, since: datetime | None = None, etag: str = "") -> ListPage:
        """The first page of a list of a repository, most recently updated first. Pull requests know no `since`."""
        params = {"sort": "updated", "direction": "desc", "per_page": str(PER_PAGE)}
        if kind in (ISSUES, PULLS):
            params["state"] = "all"
        if since is not None and kind != PULLS:
            params["since"] = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._page(_list_path(full_name, kind), params, {"If-None-Match": etag} if etag else {})

    def following(self, next_url: str) -> ListPage:
        """The page behind a next link."""
        return self._page(next_url, None, {})

    def created(self, full_name: str, kind: str) -> ListPage:
        """The first page of a list of a repository, the newest item first, whatever was done to it since."""
        params = {"sort": "created", "direction": "desc", "per_page": str(PER_PAGE)}
        if kind in (ISSUES, PULLS):
            params["state"] = "all"
        return self._page(_list_path(full_name, kind), params, {})

    def one(self, full_name: str, kind: str, number: int) -> Any:
        """One issue by its number or one comment by its id, None when it is gone; a moved issue is followed."""
        return self._look(f"{_list_path(full_name, kind)}/{number}")

    def repository(self, full_name: str) -> Any:
        """The repository that has this name, or that had it once and was renamed or moved; None when it is gone."""
        return self._look(f"repos/{quote(full_name, safe='/')}")

    def _look(self, path: str) -> Any:
        try:
            return self.http.get(path).data
        except PermanentError as error:
            if error.status not in _GONE:
                raise
            return None

    @property
    def graphql_url(self) -> str:
        """Beside the REST root; an Enterprise server has them at /api/v3 and /api/graphql."""
        base = self.http.base_url
        return f"{base.removesuffix('/v3')}/graphql" if base.endswith("/api/v3") else f"{base}/graphql"

    def _all(self, path: str, params: Mapping[str, str]) -> Iterator[Any]:
        page = self._page(path, {**params, "per_page": str(PER_PAGE)}, {})
        seen: set[str] = set()
        while True:
            yield from page.items
            if not page.next_url or page.next_url in seen or len(seen) >= MOST_PAGES:
                return
            seen.add(page.next_url)
            page = self.following(page.next_url)

    def _page(self, path: str, params: Mapping[str, str] | None, headers: Mapping[str, str]) -> ListPage:
        answer = self.http.get(path, params, headers)
        etag = answer.headers.get("etag", "")
        if answer.status == 304:
            return ListPage([], "", etag, is_unchanged=True)
        if not isinstance(answer.data, list):
            raise BadPayload("GitHub sent something else where a list belongs.", retry_at=self.http.later())
        following = next_link(answer.headers.get("link", ""))
        return ListPage(answer.data, urljoin(answer.url, following) if following else "", etag)


def _list_path(full_name: str, kind: str) -> str:
    return f"repos/{quote(full_name, safe='/')}/{_PATHS[kind]}"


_LINK = re.compile(r"<([^<>]*)>([^<>]*)")


def next_link(header: str) -> str:
    """The address with rel="next" of a Link header, "" when there is none."""
    for address, attributes in _LINK.findall(header[:8000]):
        if re.search(r';\s?rel="?next"?(?:[;,\s]|$)', attributes, re.IGNORECASE):
            return str(address).strip()
    return ""
