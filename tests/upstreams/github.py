"""GitHub: organisations' repositories, issues, pull requests and the comments on both; GraphQL stands beside it."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from tests.upstreams.github_graphql import GraphApp
from tests.upstreams.github_talk import Talk
from tests.upstreams.paging import page_of
from tests.upstreams.server import Reply, Request

API: Final = "https://api.github.com"
Item = dict[str, Any]
LIST_OF: Final = {"issues/comments": "issue_comments", "pulls/comments": "review_comments"}
LISTS: Final = ("issues", "pulls", "issue_comments", "review_comments")


class GitHubWorld(Talk):
    """What is on GitHub. Objects are plain dicts in the REST form; change them at will between calls."""

    def __init__(self) -> None:
        self.repositories: dict[int, Item] = {}
        self.lists: dict[str, dict[int, list[Item]]] = {name: {} for name in LISTS}
        self.renamed: dict[str, int] = {}
        self.facts = {}
        self.discussions = {}
        self.commits = {}
        self.people: set[str] = set()
        self.hidden: set[int] = set()  # repositories that the list of the organisation lacks
        self.moved: dict[tuple[int, int], tuple[Item, int]] = {}
        self.token = ""
        self.has_graphql = True
        self.remaining = 5000
        self.points = 5000
        self.points_reset_at = 1_773_579_600  # 2026-03-15 13:00 UTC
        self.costs: list[int] = []
        self._ids = 1000

    def new_id(self) -> int:
        self._ids += 1
        return self._ids

    def add_repository(self, full_name: str, **fields: Any) -> Item:
        number = fields.pop("id", None) or self.new_id()
        owner, name = full_name.split("/")
        repository = {
            "id": number,
            "name": name,
            "full_name": full_name,
            "private": False,
            "fork": False,
            "archived": False,
            "mirror_url": None,
            "has_issues": True,
            "has_discussions": False,
            "owner": {"login": owner, "id": 1, "type": "Organization"},
            "html_url": f"https://github.com/{full_name}",
            "url": f"{API}/repos/{full_name}",
            "pushed_at": "2026-01-01T00:00:00Z",
            **fields,
        }
        self.repositories[number] = repository
        return repository

    def user(self, login: str, **fields: Any) -> Item:
        """A person, always with the same id for the same name."""
        number = 100_000 + int(hashlib.sha256(login.encode()).hexdigest()[:6], 16)
        return {"login": login, "id": number, "type": "User", "html_url": f"https://github.com/{login}", **fields}

    def add_issue(self, repository: Item, number: int, user: Item | None, created_at: str, **fields: Any) -> Item:
        return self._add("issues", repository, f"issues/{number}", user, created_at, _root(number, "Issue", fields))

    def add_pull(self, repository: Item, number: int, user: Item | None, created_at: str, **fields: Any) -> Item:
        """A pull request and, as on GitHub, its other form among the issues."""
        issue = {"pull_request": {"url": f"{repository['url']}/pulls/{number}"}}
        self.add_issue(repository, number, user, created_at, **issue)
        pull = {"node_id": f"PR_{self.new_id()}", "merged_at": None, "merge_commit_sha": "a" * 40}
        root = _root(number, "Change", {**pull, **fields})
        return self._add("pulls", repository, f"pulls/{number}", user, created_at, root)

    def add_comment(self, repository: Item, number: int, user: Item | None, created_at: str, **fields: Any) -> Item:
        link = {"issue_url": f"{repository['url']}/issues/{number}", **fields}
        return self._add("issue_comments", repository, f"issues/{number}", user, created_at, link)

    def add_review_comment(
        self, repository: Item, number: int, user: Item | None, created_at: str, **fields: Any
    ) -> Item:
        link = {"pull_request_url": f"{repository['url']}/pulls/{number}", **fields}
        return self._add("review_comments", repository, f"pulls/{number}", user, created_at, link)

    def listed(self) -> list[Item]:
        return [one for key, one in self.repositories.items() if key not in self.hidden]

    def named(self, full_name: str) -> Item | None:
        """The repository of this name, or that had it before."""
        for repository in self.repositories.values():
            if repository["full_name"].lower() == full_name.lower():
                return repository
        return self.repositories.get(self.renamed.get(full_name, 0))

    def move_issue(self, issue: Item, source: Item, target: Item, number: int) -> None:
        """To another repository: the ids stay, the numbers change."""
        for name in ("issues", "issue_comments"):
            for item in list(self.lists[name].get(source["id"], [])):
                if item is issue or str(item.get("issue_url", "")).endswith(f"/issues/{issue['number']}"):
                    self.lists[name][source["id"]].remove(item)
                    self.lists[name].setdefault(target["id"], []).append(item)
                    if "issue_url" in item:
                        item["issue_url"] = f"{target['url']}/issues/{number}"
        self.moved[source["id"], issue["number"]] = (target, number)
        issue.update(number=number, html_url=f"{target['html_url']}/issues/{number}")

    def rename(self, repository: Item, full_name: str) -> None:
        self.renamed[repository["full_name"]] = repository["id"]
        repository.update(full_name=full_name, name=full_name.split("/")[1])

    def _add(self, name: str, repository: Item, place: str, user: Item | None, created_at: str, fields: Item) -> Item:
        item = {
            "id": self.new_id(),
            "user": user,
            "created_at": created_at,
            "updated_at": created_at,
            "html_url": f"{repository['html_url']}/{place}",
            **fields,
        }
        self.lists[name].setdefault(repository["id"], []).append(item)
        return item


def _root(number: int, title: str, fields: Item) -> Item:
    return {"number": number, "title": f"{title} {number}", "state": "open", "closed_at": None, "labels": [], **fields}


def _time(text: Any) -> float:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def ordered(request: Request, items: list[Item]) -> list[Item]:
    """`state`, `since`, `sort` and `direction` as the service applies them."""
    query = request.query
    is_comments = request.path.endswith("/comments")
    if not is_comments and query.get("state", "open") != "all":
        items = [item for item in items if item["state"] == query.get("state", "open")]
    if "since" in query and not request.path.endswith("/pulls"):
        items = [item for item in items if _time(item.get("updated_at")) >= _time(query["since"])]
    key = "updated_at" if query.get("sort") == "updated" else "created_at"
    default = "asc" if is_comments else "desc"
    direction = query.get("direction", default) if not is_comments or "sort" in query else "asc"
    return sorted(items, key=lambda one: (_time(one.get(key)), one.get("id", 0)), reverse=direction == "desc")


class GitHubApp:
    """Answers calls from a world."""

    def __init__(self, world: GitHubWorld) -> None:
        self.world = world
        self._routes: tuple[tuple[str, Callable[..., Reply]], ...] = (
            (r"/orgs/([^/]+)/repos", self._org_repositories),
            (r"/users/([^/]+)/repos", self._user_repositories),
            (r"/graphql", self._graphql),
            (r"/rate_limit", self._rate_limit),
            (r"/repos/([^/]+/[^/]+)/(issues/comments|pulls/comments|issues)/(\d+)", self._one),
            (r"/repositories/(\d+)(?:/(issues/comments|pulls/comments|issues|pulls))?", self._by_id),
            (r"/repos/([^/]+/[^/]+)(?:/(issues/comments|pulls/comments|issues|pulls))?", self._by_name),
        )

    def respond(self, request: Request) -> Reply:
        if self.world.token and request.headers.get("authorization") != f"Bearer {self.world.token}":
            return Reply(401, {"message": "Bad credentials"})
        for pattern, view in self._routes:
            match = re.fullmatch(pattern, request.path)
            if match:
                return self._with_quota(request, view(request, *match.groups()))
        return Reply(404, {"message": "Not Found"})

    def _with_quota(self, request: Request, reply: Reply) -> Reply:
        etag = 'W/"' + hashlib.sha256(reply.payload).hexdigest()[:32] + '"'
        if request.method == "GET" and reply.status == 200 and request.headers.get("if-none-match") == etag:
            reply = Reply(304)
        elif request.path not in ("/graphql", "/rate_limit"):
            self.world.remaining -= 1
        quota = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": str(max(self.world.remaining, 0))}
        quota["x-ratelimit-resource"] = "core"
        return Reply(reply.status, reply.data, {"ETag": etag, **quota, **reply.headers})

    def _org_repositories(self, request: Request, login: str) -> Reply:
        if login in self.world.people:
            return Reply(404, {"message": "Not Found"})
        return self._page(request, self.world.listed())

    def _user_repositories(self, request: Request, login: str) -> Reply:
        return self._page(request, list(self.world.repositories.values()))

    def _graphql(self, request: Request) -> Reply:
        if not self.world.has_graphql:
            return Reply(404, {"message": "Not Found"})
        return GraphApp(self.world).respond(request)

    def _rate_limit(self, request: Request) -> Reply:
        is_named = "authorization" in request.headers
        counts = {
            "core": (self.world.remaining, 5000 if is_named else 60),
            "graphql": (self.world.points, 5000 * is_named),
        }
        shown = {name: {"remaining": left, "limit": most} for name, (left, most) in counts.items()}
        return Reply(200, {"resources": shown})

    def _one(self, request: Request, full_name: str, place: str, number: str) -> Reply:
        """An issue by its number, a comment by its id; a moved issue leads on to where it is now."""
        repository = self.world.named(full_name)
        if repository is None:
            return Reply(404, {"message": "Not Found"})
        key = "number" if place == "issues" else "id"
        for item in self.world.lists[LIST_OF.get(place, place)].get(repository["id"], []):
            if item[key] == int(number):
                return Reply(200, item)
        moved = self.world.moved.get((repository["id"], int(number))) if place == "issues" else None
        if moved is None:
            return Reply(404, {"message": "Not Found"})
        target = f"{request.base}/repos/{moved[0]['full_name']}/issues/{moved[1]}"
        return Reply(301, {"message": "Moved Permanently", "url": target}, {"Location": target})

    def _by_name(self, request: Request, full_name: str, place: str | None) -> Reply:
        for repository in self.world.repositories.values():
            if repository["full_name"].lower() == full_name.lower():
                return self._by_id(request, str(repository["id"]), place)
        number = self.world.renamed.get(full_name)
        if number is None:
            return Reply(404, {"message": "Not Found"})
        tail = request.path.removeprefix(f"/repos/{full_name}")
        query = "&".join(f"{key}={value}" for key, value in request.query.items())
        target = f"{request.base}/repositories/{number}{tail}?{query}"
        return Reply(301, {"message": "Moved Permanently", "url": target}, {"Location": target})

    def _by_id(self, request: Request, number: str, place: str | None) -> Reply:
        repository = self.world.repositories.get(int(number))
        if repository is None:
            return Reply(404, {"message": "Not Found"})
        if place is None:
            return Reply(200, repository)
        if place == "issues" and repository.get("has_issues") is False:
            return Reply(410, {"message": "Issues has been disabled in this repository."})
        items = self.world.lists[LIST_OF.get(place, place)].get(int(number), [])
        return self._page(request, ordered(request, items))

    def _page(self, request: Request, items: list[Item]) -> Reply:
        page, link = page_of(request, items)
        return Reply(200, page, {"Link": link} if link else {})
