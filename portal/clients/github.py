"""GitHub's REST lists and one GraphQL look-up: endpoints, paging by Link header, limits. Knows no contributions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote, urljoin

from portal.clients.errors import BadPayload, ClientError, PermanentError, RateLimited
from portal.clients.http import HttpClient, Limits, Surroundings, clean_token
from portal.clients.refusals import limited
from portal.clients.waiting import capped, retry_after, until_epoch

API_VERSION = "2022-11-28"
PER_PAGE = 100
MOST_PAGES = 10_000
SECONDARY_SECONDS = 60.0
FACTS_PER_CALL = 50

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

_FACTS = """
fragment account on Actor {
  __typename
  login
  url
  ... on User { databaseId name company location }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
}
query($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on PullRequest {
      id
      additions
      deletions
      mergedBy { ...account }
      labels(first: 20) { nodes { name } }
      reviews(first: 50) { nodes { databaseId fullDatabaseId state submittedAt updatedAt url author { ...account } } }
    }
  }
}
"""


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
        self._has_token = bool(token)
        self._has_graphql = bool(token)
        self.http = HttpClient(
            base_url,
            user_agent=user_agent,
            headers=headers,
            has_secret=bool(token),
            allowed_private_hosts=allowed_private_hosts,
            policy=GitHubLimits(),
            limits=limits,
            surroundings=surroundings,
        )

    def close(self) -> None:
        self.http.close()

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
        path = f"repos/{quote(full_name, safe='/')}/{_PATHS[kind]}"
        return self._page(path, params, {"If-None-Match": etag} if etag else {})

    def following(self, next_url: str) -> ListPage:
        """The page behind a next link."""
        return self._page(next_url, None, {})

    def pull_facts(self, node_ids: Sequence[str]) -> dict[str, Any]:
        """What the lists do not tell of pull requests: who merged, size, labels and reviews, by node id.

        An extra: a failure gives fewer facts and no error, and a server without GraphQL is asked once. Only a rate
        limit is raised, so that the page is read again with its facts.
        """
        found: dict[str, Any] = {}
        for start in range(0, len(node_ids), FACTS_PER_CALL):
            found |= self._facts(list(node_ids[start : start + FACTS_PER_CALL]))
        return found

    def _facts(self, node_ids: list[str]) -> dict[str, Any]:
        if not self._has_graphql:
            return {}
        try:
            answer = self.http.post(self.graphql_url, {"query": _FACTS, "variables": {"ids": node_ids}})
        except RateLimited:
            raise
        except PermanentError:
            self._has_graphql = False
            return {}
        except ClientError:
            return {}
        self._refuse_when_limited(answer.data)
        data = answer.data.get("data") if isinstance(answer.data, dict) else None
        nodes = data.get("nodes") if isinstance(data, dict) else None
        found = [node for node in nodes if isinstance(node, dict)] if isinstance(nodes, list) else []
        return {node["id"]: node for node in found if isinstance(node.get("id"), str)}

    def _refuse_when_limited(self, data: Any) -> None:
        """GraphQL says with status 200 that its quota is used up."""
        errors = data.get("errors") if isinstance(data, dict) else None
        if isinstance(errors, list) and any(
            isinstance(one, dict) and one.get("type") == "RATE_LIMITED" for one in errors
        ):
            raise limited(self.http.blocked_until or self.http.later())

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


_LINK = re.compile(r"<([^<>]*)>([^<>]*)")


def next_link(header: str) -> str:
    """The address with rel="next" of a Link header, "" when there is none."""
    for address, attributes in _LINK.findall(header[:8000]):
        if re.search(r';\s?rel="?next"?(?:[;,\s]|$)', attributes, re.IGNORECASE):
            return str(address).strip()
    return ""
