"""Serve a folder of recorded objects as the services themselves do: `python -m tests.upstreams --data DIR`."""

import argparse
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.upstreams import recorded
from tests.upstreams.discourse import DiscourseApp
from tests.upstreams.github import GitHubApp
from tests.upstreams.reddit import RedditApp
from tests.upstreams.server import App, Server
from tests.upstreams.slack import SlackApp
from tests.upstreams.stackexchange import StackExchangeApp

HOWTO = """\
{counts}

{host} serves them until Ctrl-C. To import them, in another terminal:

  export ALLOWED_PRIVATE_HOSTS={host}
{commands}
  python manage.py import_activity
"""
SWITCH_ON = "from dashboard.models import Source; Source.objects.filter(name='recorded-links').update(is_enabled=True)"


@dataclass(frozen=True, slots=True)
class Service:
    """How a folder becomes a service, what is in it in words, and the lines that import it."""

    world: Callable[[Path], Any]
    app: Callable[[Any], App]
    count: Callable[[Any], str]
    howto: str


SERVICES: Mapping[str, Service] = {
    "github": Service(
        recorded.github,
        GitHubApp,
        lambda world: ", ".join(
            [
                f"{len(world.repositories)} repositories",
                *(f"{sum(map(len, lists.values()))} {name}" for name, lists in world.lists.items()),
                f"{sum(len(fact['reviews']) for fact in world.facts.values())} reviews",
                f"{sum(map(len, world.discussions.values()))} discussions",
            ]
        ),
        "  export SOURCE_RECORDED_GITHUB_TOKEN=any\n"
        "  python manage.py add_source github --name recorded-github --base-url {url} --option org=recorded",
    ),
    "discourse": Service(
        recorded.discourse,
        DiscourseApp,
        lambda world: f"{len(world.categories)} categories, {len(world.posts)} posts",
        "  python manage.py add_source discourse --name recorded-forum --base-url {url}",
    ),
    "slack": Service(
        recorded.slack,
        SlackApp,
        lambda world: f"{len(world.channels)} channels, {sum(map(len, world.messages.values()))} messages",
        "  python manage.py add_source slack --name recorded-chat --base-url {url} --option channels=all",
    ),
    "reddit": Service(
        recorded.reddit,
        RedditApp,
        lambda world: f"{len(world.of('t3'))} submissions, {len(world.of('t1'))} comments",
        "  export SOURCE_RECORDED_LINKS_TOKEN=app:secret\n"
        "  python manage.py add_source reddit --name recorded-links --base-url {url} --option subreddit=recorded\n"
        f'  python manage.py shell -c "{SWITCH_ON}"',
    ),
    "stackexchange": Service(
        recorded.stackexchange,
        StackExchangeApp,
        lambda world: f"{len(world.questions)} questions, {len(world.answers)} answers, {len(world.comments)} comments",
        "  python manage.py add_source stackexchange --name recorded-questions --base-url {url} "
        "--option site=stackoverflow --option tag=recorded",
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.upstreams", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder of objects per service")
    parser.add_argument("--port", type=int, default=8901, help="port on 127.0.0.1 (default 8901, 0 for any free one)")
    parser.add_argument("--verbose", action="store_true", help="print every call")
    options = parser.parse_args()
    worlds = {
        name: service.world(options.data / name) for name, service in SERVICES.items() if (options.data / name).is_dir()
    }
    if not worlds:
        *names, last = SERVICES
        parser.error(f"{options.data} holds no folder {', '.join(names)} or {last}")
    apps = {f"/{name}": SERVICES[name].app(world) for name, world in worlds.items()}
    counts = "\n".join(f"{name}: {SERVICES[name].count(world)}" for name, world in worlds.items())
    with Server(apps, port=options.port, is_loud=options.verbose) as server:
        commands = "\n".join(SERVICES[name].howto.format(url=server.url(f"/{name}")) for name in worlds)
        print(HOWTO.format(counts=counts, host=server.host, commands=commands), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
