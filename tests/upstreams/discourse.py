"""A Discourse forum: newest posts, categories, topics, and its ways of saying "slow down"."""

import re
from collections.abc import Callable
from typing import Any

from tests.upstreams.server import Reply, Request

Item = dict[str, Any]
WINDOW = 50
TOPIC_FIELDS = ("topic_title", "topic_slug", "category_id")  # what posts have in posts.json only


class DiscourseWorld:
    """What is on the forum. Objects are plain dicts in the API's form; change them at will between calls.

    A topic's `status` other than 200 is what its calls are answered with: 403 for one in a private message, 404 or 410
    for one that was removed. `moved_to` sends every call to another address.

    `is_old` makes posts.json answer windows of ids, (before - 50, before], as older versions did.
    """

    def __init__(self) -> None:
        self.categories: dict[int, Item] = {}
        self.topics: dict[int, Item] = {}
        self.posts: dict[int, Item] = {}
        self.is_old = False
        self.has_solutions = True
        self.key = ""
        self.limited = 0
        self.wait_seconds = 3
        self.moved_to = ""

    def add_category(self, name: str, **fields: Any) -> Item:
        number = fields.pop("id", None) or len(self.categories) + 1
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        category = {"id": number, "name": name, "slug": slug, "read_restricted": False, **fields}
        self.categories[number] = category
        return category

    def add_topic(self, category: Item, title: str, user: Item, created_at: str, **fields: Any) -> Item:
        """A topic with its first post."""
        number = len(self.topics) + 1
        topic = {
            "id": number,
            "title": title,
            "slug": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"),
            "category_id": category["id"],
            "created_at": created_at,
            "bumped_at": created_at,
            "archetype": "regular",
        }
        self.topics[number] = topic
        self.add_post(topic, user, created_at, **fields)
        return topic

    def add_post(self, topic: Item, user: Item, created_at: str, **fields: Any) -> Item:
        number = fields.pop("id", None) or max(self.posts, default=0) + 1
        in_topic = [post for post in self.posts.values() if post["topic_id"] == topic["id"]]
        post = {
            "id": number,
            "topic_id": topic["id"],
            "topic_slug": topic["slug"],
            "topic_title": topic["title"],
            "category_id": topic["category_id"],
            "post_number": len(in_topic) + 1,
            "post_type": 1,
            "user_id": user["id"],
            "username": user["username"],
            "name": user.get("name"),
            "created_at": created_at,
            "updated_at": created_at,
            "deleted_at": None,
            "user_deleted": False,
            "hidden": False,
            "actions_summary": [],
            **fields,
        }
        self.posts[number] = post
        topic["bumped_at"] = max(topic["bumped_at"], created_at)
        return post

    def accept(self, post: Item) -> None:
        """Mark a post as the answer of its topic; nothing is bumped by that."""
        for other in self.posts.values():
            if other["topic_id"] == post["topic_id"]:
                other.update(accepted_answer=other is post, topic_accepted_answer=True)

    def unaccept(self, post: Item) -> None:
        """Take the acceptance back; nothing is bumped by that either."""
        for other in self.posts.values():
            if other["topic_id"] == post["topic_id"]:
                other.update(accepted_answer=False, topic_accepted_answer=False)


class DiscourseApp:
    """Answers calls from a world."""

    def __init__(self, world: DiscourseWorld) -> None:
        self.world = world
        self._routes: tuple[tuple[str, Callable[..., Reply]], ...] = (
            (r"/posts\.json", self._posts),
            (r"/categories\.json", self._categories),
            (r"/latest\.json", self._latest),
            (r"/t/(\d+)(?:/(\d+))?\.json", self._topic),
            (r"/t/([^/]+)/(\d+)\.json", self._topic_by_slug),
            (r"/t/(\d+)/posts\.json", self._topic_posts),
            (r"/c/(\d+)/show\.json", self._category),
        )

    def respond(self, request: Request) -> Reply:
        if self.world.limited > 0:
            self.world.limited -= 1
            return self._slow_down()
        if self.world.moved_to:
            return Reply(301, {}, {"Location": f"{self.world.moved_to}{request.path}"})
        key = request.headers.get("api-key", "")
        if self.world.key and key and key != self.world.key:
            return Reply(403, {"errors": ["You are not permitted to view the requested resource."]})
        for pattern, view in self._routes:
            match = re.fullmatch(pattern, request.path)
            if match:
                return view(request, *match.groups())
        return Reply(404, {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"})

    def _slow_down(self) -> Reply:
        seconds = self.world.wait_seconds
        error = {"errors": ["You’ve performed this action too many times."], "error_type": "rate_limit"}
        headers = {"Retry-After": str(seconds), "Discourse-Rate-Limit-Error-Code": "ip_10_secs_limit"}
        return Reply(429, {**error, "extras": {"wait_seconds": seconds}}, headers)

    def _sees(self, request: Request, category_id: Any) -> bool:
        category = self.world.categories.get(category_id, {})
        has_key = bool(self.world.key) and request.headers.get("api-key") == self.world.key
        return has_key or not category.get("read_restricted")

    def _visible(self, request: Request) -> list[Item]:
        posts = sorted(self.world.posts.values(), key=lambda post: -int(post["id"]))
        return [
            post
            for post in posts
            if not post.get("deleted_at")
            and not post.get("hidden")
            and not post.get("user_deleted")
            and self._sees(request, post.get("category_id"))
        ]

    def _posts(self, request: Request) -> Reply:
        posts, text = self._visible(request), request.query.get("before", "")
        if self.world.is_old:
            before = int(text) if text else max(self.world.posts, default=0)
            found = [post for post in posts if before - WINDOW < post["id"] <= before]
        else:
            found = [post for post in posts if not text or post["id"] < int(text)][:WINDOW]
        return Reply(200, {"latest_posts": found})

    def _categories(self, request: Request) -> Reply:
        found = [one for one in self.world.categories.values() if self._sees(request, one["id"])]
        if request.query.get("include_subcategories") != "true":
            found = [one for one in found if not one.get("parent_category_id")]
        return Reply(200, {"category_list": {"can_create_category": False, "categories": found}})

    def _category(self, request: Request, number: str) -> Reply:
        category = self.world.categories.get(int(number))
        if category is None or not self._sees(request, int(number)):
            return Reply(404, {"errors": ["not found"], "error_type": "not_found"})
        return Reply(200, {"category": category})

    def _latest(self, request: Request) -> Reply:
        topics = [one for one in self.world.topics.values() if self._sees(request, one.get("category_id"))]
        topics.sort(key=lambda one: str(one.get("bumped_at") or one.get("created_at")), reverse=True)
        page, size = int(request.query.get("page", 0)), min(int(request.query.get("per_page", 30)), 100)
        listed: Item = {
            "topics": [self._with_solution(one) for one in topics[page * size : (page + 1) * size]],
            "per_page": size,
        }
        if len(topics) > (page + 1) * size:
            listed["more_topics_url"] = f"/latest?page={page + 1}"
        return Reply(200, {"users": [], "topic_list": listed})

    def _topic(self, request: Request, number: str, near: str | None) -> Reply:
        """The first twenty posts, or the twenty around one; which answer was accepted stands in both places."""
        topic = self.world.topics.get(int(number))
        if topic is None or topic.get("status", 200) != 200 or not self._sees(request, topic.get("category_id")):
            return self._no_topic(topic)
        posts = self._in_topic(topic)
        start = max(int(near) - 5, 0) if near else 0
        bare = self._bare(posts)
        stream = {"posts": bare[start : start + 20], "stream": [post["id"] for post in posts]}
        accepted = [post["post_number"] for post in posts if post.get("accepted_answer")]
        answer = {"accepted_answer": {"post_number": accepted[0]}} if accepted else {}
        return Reply(200, {**topic, **answer, "post_stream": stream})

    def _no_topic(self, topic: Item | None) -> Reply:
        kind = {403: "invalid_access"}.get((topic or {}).get("status", 404), "not_found")
        return Reply((topic or {}).get("status", 404), {"errors": ["You cannot see this."], "error_type": kind})

    def _in_topic(self, topic: Item) -> list[Item]:
        """Its posts in order. Those its people deleted stay a day as stubs, hidden ones stay as such."""
        posts = [post for post in self.world.posts.values() if post["topic_id"] == topic["id"]]
        return sorted((post for post in posts if not post.get("deleted_at")), key=lambda post: int(post["id"]))

    def _bare(self, posts: list[Item]) -> list[Item]:
        return [{name: value for name, value in post.items() if name not in TOPIC_FIELDS} for post in posts]

    def _topic_by_slug(self, request: Request, slug: str, number: str) -> Reply:
        """Under a slug of its past a topic answers with the way to its present one."""
        topic = self.world.topics.get(int(number))
        if topic is not None and slug != topic["slug"]:
            return Reply(301, {}, {"Location": f"{request.base}/t/{topic['slug']}/{number}.json"})
        return self._topic(request, number, None)

    def _topic_posts(self, request: Request, number: str) -> Reply:
        """The posts asked for by id, as far as they are in the topic."""
        topic = self.world.topics.get(int(number))
        if topic is None or topic.get("status", 200) != 200:
            return self._no_topic(topic)
        wanted = {int(value) for name, value in request.pairs if name == "post_ids[]"}
        posts = [post for post in self._in_topic(topic) if post["id"] in wanted]
        return Reply(200, {"post_stream": {"posts": self._bare(posts)}, "id": topic["id"]})

    def _with_solution(self, topic: Item) -> Item:
        """A topic as lists show it."""
        posts = [post for post in self.world.posts.values() if post["topic_id"] == topic["id"]]
        solved = {"has_accepted_answer": any(post.get("accepted_answer") for post in posts)}
        return {**topic, **(solved if self.world.has_solutions else {})}
