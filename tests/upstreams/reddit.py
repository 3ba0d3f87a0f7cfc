"""Reddit with one subreddit: tokens, lists that end at a thousand, comment trees with stubs, deletions and limits."""

import base64
import re
from typing import Any
from urllib.parse import parse_qsl

from tests.upstreams.server import Reply, Request

Item = dict[str, Any]
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


class RedditWorld:
    """What is in the subreddit. Objects are the `data` of things in the API's form; change them at will between calls.

    `shown` comments of a tree come at once, below `depth` a stub says "continue this thread"; a stub holds at most
    `stub_size` ids. Tokens are good for `token_calls` calls. A thing with `is_unlisted` stands in no list.
    """

    def __init__(self, subreddit: str = "acme") -> None:
        self.subreddit = subreddit
        self.things: dict[str, Item] = {}
        self.pair = "app:secret"
        self.limit = 1000
        self.shown, self.depth, self.stub_size = 200, 8, 60
        self.token_calls = 10_000
        self.token: str | None = None
        self.status = 200
        self.remaining, self.reset = 996.0, 300
        self._tokens = self.token_calls_left = 0
        self._number = 46_655

    def _add(self, kind: str, author: str, at: int, fields: Item) -> Item:
        self._number += 1
        number = base36(self._number)
        data = {
            "id": number,
            "name": f"{kind}_{number}",
            "subreddit": self.subreddit,
            "author": author,
            "author_fullname": f"t2_{author.lower()}",
            "created_utc": float(at),
            "created": float(at + 28_800),
            "edited": False,
            "score": 1,
            **fields,
        }
        self.things[data["name"]] = data
        return data

    def add_submission(self, author: str, at: int, **fields: Any) -> Item:
        plain = {"title": f"Something & more {self._number}", "selftext": "text", "removed_by_category": None}
        found = self._add("t3", author, at, {**plain, **fields})
        found.setdefault("permalink", f"/r/{self.subreddit}/comments/{found['id']}/something/")
        return found

    def add_comment(self, parent: Item, author: str, at: int, **fields: Any) -> Item:
        link = parent.get("link_id", parent["name"])
        return self._add("t1", author, at, {"link_id": link, "parent_id": parent["name"], "body": "text", **fields})

    def take_away(self, item: Item, *, by_moderators: bool = False) -> None:
        """Delete by the author, or remove by the moderators; what stood below stays."""
        word = "[removed]" if by_moderators else "[deleted]"
        self._unname(item)
        if "body" in item:
            item["body"] = word
        else:
            item.update(selftext=word, removed_by_category="moderator" if by_moderators else "deleted")

    def close_account(self, author: str) -> None:
        """The account goes; what it wrote stays."""
        for item in self.things.values():
            if item.get("author") == author:
                self._unname(item)

    @staticmethod
    def _unname(item: Item) -> None:
        item["author"] = "[deleted]"
        item.pop("author_fullname", None)

    def of(self, kind: str) -> list[Item]:
        """Things of a kind, newest first."""
        found = [one for name, one in self.things.items() if name.startswith(kind)]
        return sorted(found, key=lambda one: (one["created_utc"], len(one["id"]), one["id"]), reverse=True)

    def comments_of(self, submission: Item) -> list[Item]:
        return [one for one in self.of("t1") if one["link_id"] == submission["name"]]


class RedditApp:
    """Answers calls from a world, as www.reddit.com (tokens) and oauth.reddit.com do."""

    def __init__(self, world: RedditWorld) -> None:
        self.world = world

    def respond(self, request: Request) -> Reply:
        if request.path == "/api/v1/access_token":
            return self._token(request)
        world = self.world
        if world.token is None or request.headers.get("authorization") != f"bearer {world.token}":
            return Reply(401, {"message": "Unauthorized", "error": 401})
        world.token_calls_left -= 1
        if world.token_calls_left <= 0:
            world.token = None
        if world.remaining < 1:
            return Reply(429, {"message": "Too Many Requests"}, {"X-Ratelimit-Reset": str(world.reset)})
        world.remaining -= 1
        headers = {"X-Ratelimit-Remaining": str(world.remaining), "X-Ratelimit-Reset": str(world.reset)}
        if world.status != 200:
            return Reply(world.status, {"reason": "private", "error": world.status}, headers)
        data = self._find(request)
        return Reply(404, {"message": "Not Found"}, headers) if data is None else Reply(200, data, headers)

    def _token(self, request: Request) -> Reply:
        expected = "Basic " + base64.b64encode(self.world.pair.encode()).decode()
        form = dict(parse_qsl(request.body.decode()))
        if request.method != "POST" or form != {"grant_type": "client_credentials"}:
            return Reply(400, {"error": "unsupported_grant_type"})
        if request.headers.get("authorization") != expected:
            return Reply(401, {"message": "Unauthorized", "error": 401})
        self.world._tokens += 1
        self.world.token = f"token-{self.world._tokens}"
        self.world.token_calls_left = self.world.token_calls
        return Reply(200, {"access_token": self.world.token, "token_type": "bearer", "expires_in": 86_400})

    def _find(self, request: Request) -> Any:
        query, sub = request.query, re.escape(self.world.subreddit)
        if match := re.fullmatch(rf"/r/{sub}/(new|comments)", request.path, re.IGNORECASE):
            return self._listing("t3" if match[1] == "new" else "t1", query)
        if match := re.fullmatch(r"/comments/(\w+)", request.path):
            return self._tree(match[1], query.get("comment", ""))
        if request.path == "/api/info":
            names = query.get("id", "").split(",")[:100]
            return listing([self._shown(one) for name in names if (one := self.world.things.get(name))])
        if request.path == "/api/morechildren":
            ids = query.get("children", "").split(",")
            found = [self.world.things.get(f"t1_{one}") for one in ids]
            things = [thing("t1", {**one, "replies": ""}) for one in found if one] if len(ids) <= 100 else []
            return {"json": {"errors": [], "data": {"things": things}}}
        return None

    def _shown(self, item: Item) -> Item:
        kind = item["name"][:2]
        extra = {"num_comments": len(self.world.comments_of(item))} if kind == "t3" else {"replies": ""}
        return thing(kind, {**extra, **item})

    def _listing(self, kind: str, query: Any) -> Any:
        """`after` something that is in no list any more gives an empty one."""
        found = [one for one in self.world.of(kind)[: self.world.limit] if not one.get("is_unlisted")]
        size, after, start = min(int(query.get("limit", 25)), 100), query.get("after", ""), 0
        if after:
            names = [one["name"] for one in found]
            if after not in names:
                return listing([])
            start = names.index(after) + 1
        shown = found[start : start + size]
        more = shown[-1]["name"] if shown and start + size < len(found) else None
        return listing([self._shown(one) for one in shown], more)

    def _tree(self, number: str, below: str) -> Any:
        submission = self.world.things.get(f"t3_{number}")
        if submission is None:
            return None
        comments = list(reversed(self.world.comments_of(submission)))
        left = [self.world.shown]
        if below:
            root = [one for one in comments if one["id"] == below]
            inner = [self._branch(one, comments, 1, left) for one in root]
        else:
            inner = self._level(submission["name"], comments, 1, left)
        return [listing([self._shown(submission)]), listing(inner)]

    def _level(self, parent: str, comments: list[Item], depth: int, left: list[int]) -> list[Item]:
        children = [one for one in comments if one["parent_id"] == parent]
        if children and depth > self.world.depth:
            empty = {"id": "_", "name": "t1__", "count": 0, "children": [], "parent_id": parent}
            return [thing("more", empty)]
        shown = []
        while children and left[0] > 0:
            left[0] -= 1
            shown.append(self._branch(children.pop(0), comments, depth, left))
        hidden = [one["id"] for child in children for one in [child, *_under(child, comments)]]
        size = self.world.stub_size
        stubs = [hidden[start : start + size] for start in range(0, len(hidden), size)]
        return shown + [
            thing(
                "more", {"id": ids[0], "name": f"t1_{ids[0]}", "count": len(ids), "children": ids, "parent_id": parent}
            )
            for ids in stubs
        ]

    def _branch(self, item: Item, comments: list[Item], depth: int, left: list[int]) -> Item:
        replies = self._level(item["name"], comments, depth + 1, left)
        return thing("t1", {**item, "depth": depth - 1, "replies": listing(replies) if replies else ""})


def _under(item: Item, comments: list[Item]) -> list[Item]:
    children = [one for one in comments if one["parent_id"] == item["name"]]
    return [one for child in children for one in [child, *_under(child, comments)]]


def thing(kind: str, data: Item) -> Item:
    return {"kind": kind, "data": data}


def listing(things: list[Item], after: str | None = None) -> Item:
    return thing("Listing", {"children": things, "after": after, "before": None, "dist": len(things)})
