"""Invented payloads in the services' forms, and importers against a loopback upstream."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dashboard.importers.discourse import DiscourseImporter
from dashboard.importers.github import GitHubImporter
from dashboard.importers.records import Cursor, Importer, Page, Record, SourceConfig, Stored
from dashboard.importers.reddit import RedditImporter
from dashboard.importers.stackexchange import StackExchangeImporter
from portal.clients.discourse import DiscourseClient
from portal.clients.github import GitHubClient
from portal.clients.reddit import RedditClient
from portal.clients.stackexchange import StackExchangeClient
from tests.clients.factories import AGENT, QUICK, still
from tests.upstreams.server import Server

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
ADA = {"id": 5, "username": "ada", "name": "Ada"}
GRACE = {"id": 6, "username": "grace", "name": ""}


def config(service: str, base_url: str, token: str = "", **options: str) -> SourceConfig:
    return SourceConfig(service, "test", base_url, options, token, (), AGENT)


def github_importer(server: Server, token: str = "", **options: str) -> GitHubImporter:
    base = server.url()
    client = GitHubClient(
        base,
        token=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: NOW),
    )
    return GitHubImporter(config("github", base, token, **{"org": "acme", **options}), client)


def discourse_importer(server: Server, token: str = "", **options: str) -> DiscourseImporter:
    base = server.url()
    client = DiscourseClient(
        base,
        token=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: NOW),
    )
    return DiscourseImporter(config("discourse", base, token, **options), client)


def stackexchange_importer(server: Server, token: str = "", *, now: datetime = NOW) -> StackExchangeImporter:
    """An importer of the tag acme of stackoverflow at a moment that stands still."""
    client = StackExchangeClient(
        server.url(),
        site="stackoverflow",
        key=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: now),
    )
    options = {"site": "stackoverflow", "tag": "acme"}
    return StackExchangeImporter(config("stackexchange", server.url(), token, **options), client)


def reddit_importer(
    server: Server, token: str = "app:secret", *, now: datetime = NOW, stored: Stored | None = None, **options: str
) -> RedditImporter:
    """An importer of r/acme at a moment that stands still."""
    client = RedditClient(
        server.url(),
        token=token,
        username="operator",
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: now),
    )
    plain = config("reddit", server.url(), token, **{"subreddit": "acme", **options})
    return RedditImporter(replace(plain, stored=stored or Stored()), client)


class Shelf:
    """What a store would hold: records by id, the cursor after each page, and how many pages it took."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.rejected: dict[str, str] = {}
        self.cursor: Cursor = {}
        self.pages = 0
        self.requests = 0

    def put(self, pages: Iterable[Page], *, most: int | None = None) -> "Shelf":
        """Store pages; `most` is where the worker is killed."""
        self.pages = self.requests = 0
        for page in pages:
            self.records |= {record.external_id: record for record in page.records}
            self.rejected |= {one.external_id: one.reason for one in page.rejected}
            self.cursor = page.cursor
            self.pages += 1
            self.requests += page.requests
            if most is not None and self.pages >= most:
                break
        return self

    def read(
        self, importer: Importer, stream: str, key: str = "1", name: str = "acme/one", *, most: int | None = None
    ) -> "Shelf":
        return self.put(importer.pages(key, name, stream, self.cursor, now=NOW), most=most)


def issue(**changes: Any) -> dict[str, Any]:
    """An issue as GitHub's list gives it."""
    return {
        "id": 31,
        "number": 7,
        "title": "Button is blue",
        "state": "open",
        "user": person(),
        "created_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-02T10:00:00Z",
        "closed_at": None,
        "labels": [],
        "html_url": "https://github.com/acme/one/issues/7",
        **changes,
    }


def pull(**changes: Any) -> dict[str, Any]:
    """A pull request as GitHub's list gives it."""
    extra = {"node_id": "PR_1", "merged_at": None, "merge_commit_sha": "a" * 40, "id": 41}
    return issue(**{**extra, "html_url": "https://github.com/acme/one/pull/7", **changes})


def merged_pull(**changes: Any) -> dict[str, Any]:
    times = {"closed_at": "2026-03-05T10:00:00Z", "merged_at": "2026-03-05T10:00:00Z"}
    return pull(**{"state": "closed", **times, **changes})


def facts(merged_by: str | None = "grace", reviewers: Iterable[str] = (), **changes: Any) -> dict[str, Any]:
    """What GraphQL knows of the pull request above, by node id."""
    node = {
        "id": "PR_1",
        "mergedBy": {"login": merged_by, "__typename": "User"} if merged_by else None,
        "additions": 40,
        "deletions": 3,
        "labels": {"nodes": []},
        "reviews": {"nodes": [review(author={"login": one, "__typename": "User"}) for one in reviewers]},
        **changes,
    }
    return {"PR_1": node}


def review(**changes: Any) -> dict[str, Any]:
    """A review as GraphQL gives it."""
    return {
        "databaseId": 61,
        "fullDatabaseId": "61",
        "state": "APPROVED",
        "submittedAt": "2026-03-04T10:00:00Z",
        "updatedAt": "2026-03-04T11:00:00Z",
        "url": "https://github.com/acme/one/pull/7#pullrequestreview-61",
        "author": {"__typename": "User", "login": "grace", "databaseId": 6, "url": "https://github.com/grace"},
        **changes,
    }


def person(login: str = "ada", number: int = 5, **changes: Any) -> dict[str, Any]:
    return {"login": login, "id": number, "type": "User", "html_url": f"https://github.com/{login}", **changes}


def post(**changes: Any) -> dict[str, Any]:
    """A post as posts.json gives it."""
    return {
        "id": 12,
        "topic_id": 4,
        "topic_slug": "how-to-install",
        "topic_title": "How to install?",
        "category_id": 7,
        "post_number": 2,
        "post_type": 1,
        "user_id": 5,
        "username": "ada",
        "name": "Ada",
        "created_at": "2026-03-01T10:00:00.123Z",
        "updated_at": "2026-03-02T10:00:00.123Z",
        "actions_summary": [{"id": 2, "count": 3}, {"id": 6, "count": 9}],
        "hidden": False,
        "user_deleted": False,
        "deleted_at": None,
        **changes,
    }
