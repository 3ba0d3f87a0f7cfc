"""The services with many thousand items, quick enough not to be what is measured, and the fewest calls to read them."""

import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from tests.upstreams.discourse import DiscourseApp, DiscourseWorld
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.paging import page_of
from tests.upstreams.reddit import RedditApp, RedditWorld
from tests.upstreams.server import App, Reply, Request
from tests.upstreams.slack import SlackApp, SlackWorld
from tests.upstreams.stackexchange import StackExchangeApp, StackExchangeWorld

BEGAN = 1_704_000_000
PEOPLE = 500


@dataclass(frozen=True, slots=True)
class World:
    """`least` is how many calls nobody can do without."""

    app: App
    options: Mapping[str, str]
    token: str
    least: int


def _text(number: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGAN + number * 60))


class _QuickGitHub(GitHubApp):
    """Keeps its lists in order instead of ordering them for each call."""

    def __init__(self, world: GitHubWorld) -> None:
        super().__init__(world)
        self._lists = {name: [one for found in lists.values() for one in found] for name, lists in world.lists.items()}
        self._times = {name: [one["updated_at"] for one in found] for name, found in self._lists.items()}

    def _by_id(self, request: Request, number: str, place: str | None) -> Reply:
        name = {"issues/comments": "issue_comments", "pulls/comments": "review_comments"}.get(place or "", place)
        if name not in self._lists:
            return super()._by_id(request, number, place)
        since = request.query.get("since", "") if name != "pulls" else ""
        page, link = page_of(request, self._lists[name][bisect_left(self._times[name], since) :][::-1])
        return Reply(200, page, {"Link": link} if link else {})


def github(size: int) -> World:
    """Half issues, half comments, in one repository: the list of repositories, and each list's pages."""
    world = GitHubWorld()
    repository = world.add_repository("acme/one")
    for number in range(1, size // 2 + 1):
        who = world.user(f"person-{number % PEOPLE}")
        world.add_issue(repository, number, who, _text(number))
        world.add_comment(repository, number, who, _text(number))
    return World(_QuickGitHub(world), {"org": "acme"}, "", 1 + 2 * ceil(size / 2 / 100) + 2)


class _QuickForum(DiscourseApp):
    """Ids without gaps, so that a page is a slice."""

    def _posts(self, request: Request) -> Reply:
        before = int(request.query.get("before") or len(self.world.posts) + 1)
        ids = range(before - 1, max(before - 51, 0), -1)
        return Reply(200, {"latest_posts": [self.world.posts[number] for number in ids]})

    def _with_solution(self, topic: dict[str, Any]) -> dict[str, Any]:
        return {**topic, "has_accepted_answer": False}


def discourse(size: int) -> World:
    """Topics of a hundred posts: the categories, a page of fifty posts each, and the newest topics."""
    world = DiscourseWorld()
    category = world.add_category("General")
    for number in range(1, size + 1):
        who = {"id": 10 + number % PEOPLE, "username": f"person-{number % PEOPLE}"}
        at, topic = _text(number), 1 + (number - 1) // 100
        if number % 100 == 1:
            world.topics[topic] = {
                "id": topic, "title": f"Topic {topic}", "slug": "topic", "category_id": category["id"],
                "created_at": at, "bumped_at": at, "archetype": "regular",
            }  # fmt: skip
        world.posts[number] = {
            "id": number, "topic_id": topic, "topic_slug": "topic", "topic_title": f"Topic {topic}",
            "category_id": category["id"], "post_number": 1 + (number - 1) % 100, "post_type": 1,
            "user_id": who["id"], "username": who["username"], "created_at": at, "updated_at": at,
        }  # fmt: skip
    return World(_QuickForum(world), {}, "", 1 + ceil(size / 50))


def slack(size: int) -> World:
    """One message in twenty opens a thread: the people, the channels, the pages, and a call for each thread."""
    world = SlackWorld()
    people = [world.add_person(f"person-{number}") for number in range(PEOPLE)]
    room, n_threads = world.add_channel("room"), 0
    for number in range(size):
        stamp = f"{BEGAN + number * 60}.000100"
        item = {"type": "message", "user": people[number % PEOPLE], "text": "hello", "ts": stamp}
        if number % 21 == 0:
            root, n_threads = stamp, n_threads + 1
            item["thread_ts"] = stamp
        elif number % 21 == 1:
            item["thread_ts"] = root
        world.messages[room].append(item)
    least = 2 + ceil(PEOPLE / 200) + ceil((size - n_threads) / 999) + n_threads
    return World(SlackApp(world), {"channels": "all"}, "", least)


def reddit(size: int) -> World:
    """Three comments below each submission, in lists long enough for all: a token, and the pages of both lists."""
    world = RedditWorld()
    for number in range(size // 4):
        link = world.add_submission(f"person-{number % PEOPLE}", BEGAN + number * 60)
        for below in range(3):
            world.add_comment(link, f"person-{(number + below) % PEOPLE}", BEGAN + number * 60 + below)
    world.limit = size
    return World(RedditApp(world), {"subreddit": "acme"}, "app:secret", 1 + ceil(size / 400) + ceil(size * 3 / 400))


def stackexchange(size: int) -> World:
    """A question, an answer and a comment each: four calls for a hundred questions and what stands below them."""
    world = StackExchangeWorld()
    owners = [{"user_id": 10 + n, "display_name": f"P {n}", "user_type": "registered"} for n in range(PEOPLE)]
    for number in range(size // 3):
        at = BEGAN + number * 60
        question = world.add_question(owners[number % PEOPLE], at)
        answer = world.add_answer(question, owners[(number + 1) % PEOPLE], at + 1)
        world.add_comment(answer, owners[(number + 2) % PEOPLE], at + 2)
    world.key = "word"
    app = StackExchangeApp(world)
    return World(app, {"site": "stackoverflow", "tag": "acme"}, "word", 4 * ceil(size / 3 / 100))


WORLDS: Mapping[str, Callable[[int], World]] = {
    "github": github,
    "discourse": discourse,
    "slack": slack,
    "reddit": reddit,
    "stackexchange": stackexchange,
}
