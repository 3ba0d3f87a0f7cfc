"""The five services with a few hundred items each, and what of them must stand in the database."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.upstreams.discourse import DiscourseApp, DiscourseWorld
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.reddit import RedditApp, RedditWorld
from tests.upstreams.server import App, Reply, Request
from tests.upstreams.slack import SlackApp, SlackWorld
from tests.upstreams.stackexchange import StackExchangeApp, StackExchangeWorld

BEGAN = 1_772_000_000  # epoch seconds; the worlds fill an hour after an hour from there
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Played:
    """A service with its world: `ids` are the contributions it holds, in the database's own ids."""

    app: App
    ids: frozenset[str]
    options: Mapping[str, str] = field(default_factory=dict)
    token: str = ""


class Slow:
    """A service that takes its time with every answer, as real ones do."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.seconds = 0.0

    def respond(self, request: Request) -> Reply:
        time.sleep(self.seconds)
        return self._app.respond(request)


def _text(number: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGAN + number * HOUR))


def github(size: int) -> Played:
    world = GitHubWorld()
    ids = set()
    for repository in [world.add_repository(f"acme/part-{number}") for number in range(3)]:
        for number in range(1, size // 6 + 1):
            who = world.user(f"person-{number % 11}")
            ids.add(f"issue:{world.add_issue(repository, number, who, _text(number))['id']}")
            ids.add(f"comment:{world.add_comment(repository, number, who, _text(number + 1))['id']}")
    return Played(GitHubApp(world), frozenset(ids), {"org": "acme"})


def slack(size: int) -> Played:
    world = SlackWorld()
    people = [world.add_person(f"person-{number}") for number in range(11)]
    ids = set()
    for channel in [world.add_channel(f"room-{number}") for number in range(3)]:
        for number in range(size // 4):
            stamp = f"{BEGAN + number * HOUR}.000100"
            world.say(channel, people[number % 11], stamp)
            ids.add(f"message:{channel}:{stamp}")
            if number % 3 == 0:
                below = f"{BEGAN + number * HOUR}.000200"
                world.say(channel, people[number % 7], below, thread=stamp)
                ids.add(f"message:{channel}:{below}")
    world.page_size = 25
    return Played(SlackApp(world), frozenset(ids), {"channels": "all"})


def discourse(size: int) -> Played:
    world = DiscourseWorld()
    category = world.add_category("General")
    people = [{"id": 10 + number, "username": f"person-{number}"} for number in range(11)]
    for number in range(size // 5):
        topic = world.add_topic(category, f"Topic {number}", people[number % 11], _text(number))
        for reply in range(4):
            world.add_post(topic, people[(number + reply) % 11], _text(number + 1))
    return Played(DiscourseApp(world), frozenset(f"post:{number}" for number in world.posts))


def reddit(size: int) -> Played:
    world = RedditWorld()
    ids = set()
    for number in range(size // 4):
        link = world.add_submission(f"person-{number % 11}", BEGAN + number * HOUR)
        below = [world.add_comment(link, f"person-{(number + n) % 7}", BEGAN + number * HOUR + n) for n in range(3)]
        ids |= {f"submission:{link['id']}", *(f"comment:{one['id']}" for one in below)}
    return Played(RedditApp(world), frozenset(ids), {"subreddit": "acme"}, "app:secret")


def stackexchange(size: int) -> Played:
    world = StackExchangeWorld()
    owners = [{"user_id": 10 + n, "display_name": f"Person {n}", "user_type": "registered"} for n in range(11)]
    for number in range(size // 3):
        at = BEGAN + number * HOUR
        question = world.add_question(owners[number % 11], at)
        answer = world.add_answer(question, owners[(number + 1) % 11], at + 60)
        world.add_comment(answer, owners[(number + 2) % 11], at + 120)
    world.key, world.quota_max = "word", 10_000
    return Played(StackExchangeApp(world), frozenset(world.ids()), {"site": "stackoverflow", "tag": "acme"}, "word")


SERVICES: Mapping[str, Callable[[int], Played]] = {
    "github": github,
    "slack": slack,
    "discourse": discourse,
    "reddit": reddit,
    "stackexchange": stackexchange,
}
