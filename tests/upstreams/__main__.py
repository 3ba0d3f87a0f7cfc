"""Serve a folder of recorded objects as the services themselves do: `python -m tests.upstreams --data DIR`."""

import argparse
import time
from pathlib import Path

from tests.upstreams import recorded
from tests.upstreams.discourse import DiscourseApp
from tests.upstreams.github import GitHubApp
from tests.upstreams.server import App, Server
from tests.upstreams.slack import SlackApp

HOWTO = """\
{counts}

{host} serves them until Ctrl-C. To import them, in another terminal:

  export ALLOWED_PRIVATE_HOSTS={host} SOURCE_RECORDED_GITHUB_TOKEN=any
{commands}
  python manage.py import_activity
"""
ADD_SOURCE = {
    "github": "  python manage.py add_source github --name recorded-github --base-url {url} --option org=recorded",
    "discourse": "  python manage.py add_source discourse --name recorded-forum --base-url {url}",
    "slack": "  python manage.py add_source slack --name recorded-chat --base-url {url} --option channels=all",
}


def _apps(folder: Path) -> tuple[dict[str, App], list[str]]:
    apps: dict[str, App] = {}
    counts = []
    if (folder / "github").is_dir():
        world = recorded.github(folder / "github")
        apps["/github"] = GitHubApp(world)
        sizes = ", ".join(f"{sum(map(len, lists.values()))} {name}" for name, lists in world.lists.items())
        n_talk = sum(len(items) for items in world.discussions.values())
        n_reviews = sum(len(fact["reviews"]) for fact in world.facts.values())
        counts.append(
            f"github: {len(world.repositories)} repositories, {sizes}, {n_reviews} reviews, {n_talk} discussions"
        )
    if (folder / "discourse").is_dir():
        forum = recorded.discourse(folder / "discourse")
        apps["/discourse"] = DiscourseApp(forum)
        counts.append(f"discourse: {len(forum.categories)} categories, {len(forum.posts)} posts")
    if (folder / "slack").is_dir():
        workspace = recorded.slack(folder / "slack")
        apps["/slack"] = SlackApp(workspace)
        n_messages = sum(map(len, workspace.messages.values()))
        counts.append(f"slack: {len(workspace.channels)} channels, {n_messages} messages")
    return apps, counts


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.upstreams", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with one folder of objects per service")
    parser.add_argument("--port", type=int, default=8901, help="port on 127.0.0.1 (default 8901, 0 for any free one)")
    parser.add_argument("--verbose", action="store_true", help="print every call")
    options = parser.parse_args()
    apps, counts = _apps(options.data)
    if not apps:
        parser.error(f"{options.data} holds no folder github, discourse or slack")
    with Server(apps, port=options.port, is_loud=options.verbose) as server:
        commands = "\n".join(ADD_SOURCE[prefix[1:]].format(url=server.url(prefix)) for prefix in apps)
        print(HOWTO.format(counts="\n".join(counts), host=server.host, commands=commands), flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
