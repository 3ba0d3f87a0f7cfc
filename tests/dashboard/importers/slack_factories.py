"""A workspace full of talk, what the database should hold of it, and imports of it into the real database."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from dashboard.importers.slack import SlackImporter
from dashboard.models import Contribution, ImportRun, Source
from dashboard.services import runs
from portal.clients.slack import SlackClient
from tests.clients.factories import AGENT, QUICK, still
from tests.dashboard.factories import NOW, RunFactory
from tests.dashboard.importers.factories import config
from tests.upstreams.server import Server
from tests.upstreams.slack import Item, SlackWorld

WRITTEN = (None, "me_message", "file_share", "thread_broadcast")


def ts(days_ago: float, number: int = 0) -> str:
    """A time stamp so many days before NOW; the number keeps stamps of one moment apart."""
    seconds = int((NOW - timedelta(days=days_ago)).timestamp())
    return f"{seconds}.{number:06}"


def fill(world: SlackWorld, channel: str, count: int, *, days: float = 200, seed: int = 1) -> list[Item]:
    """So many messages over so many days, every fifth with a thread below it."""
    dice = random.Random(seed)
    people = list(world.people)
    made = []
    for number in range(count):
        age = days * (number + 1) / count
        root = world.say(channel, dice.choice(people), ts(age, seed))
        made.append(root)
        for reply in range(dice.randrange(1, 4) if number % 5 == 0 else 0):
            late = age * dice.random()
            world.say(channel, dice.choice(people), ts(late, 1000 * seed + number * 10 + reply), thread=root["ts"])
    return made


def truth(world: SlackWorld) -> dict[str, tuple[Any, ...]]:
    """What should be stored, worked out in the plainest way."""
    found = {}
    for channel, items in world.messages.items():
        for item in items:
            is_reply = item.get("thread_ts") not in (None, item["ts"])
            text = item.get("text", "")
            if item.get("subtype") not in WRITTEN or item.get("bot_id") or item["user"] == "USLACKBOT":
                continue
            if is_reply and text.startswith(":no_entry_sign:"):
                continue
            unnamed = is_reply and text.startswith(":bust_in_silhouette:")
            seconds, _, micros = item["ts"].partition(".")
            when = datetime.fromtimestamp(int(seconds), NOW.tzinfo) + timedelta(microseconds=int(micros))
            key = f"message:{channel}:{item['ts']}" + (":unnamed" if unnamed else "")
            thread = f"thread:{channel}:{item.get('thread_ts') or item['ts']}"
            found[key] = ("reply" if is_reply else "message", channel, thread, when, None if unnamed else item["user"])
    return found


def stored(source: Source) -> dict[str, tuple[Any, ...]]:
    """What is stored and not deleted."""
    rows = Contribution.objects.filter(source=source, deleted_at=None).select_related("channel", "identity")
    return {
        row.external_id: (
            row.kind,
            row.channel.key,
            row.thread,
            row.occurred_at,
            None if row.identity.uid.startswith("deleted:") else row.identity.uid,
        )
        for row in rows
    }


def importer(server: Server, *, now: datetime = NOW, token: str = "", channels: str = "all") -> SlackImporter:
    client = SlackClient(
        server.url(),
        token=token,
        user_agent=AGENT,
        allowed_private_hosts=(server.host,),
        limits=QUICK,
        surroundings=still(clock=lambda: now),
    )
    return SlackImporter(config("slack", server.url(), token, channels=channels), client)


def work(
    source: Source,
    server: Server,
    *,
    now: datetime = NOW,
    progress: Callable[..., None] | None = None,
    run: ImportRun | None = None,
    **options: str,
) -> ImportRun:
    """One run, as far as it comes."""
    run = run or source.runs.filter(state__in=runs.OPEN).first() or RunFactory(source=source)
    create = lambda _: importer(server, now=now, **options)  # noqa: E731
    return runs.run_import(run, now=now, create=create, budget=None, progress=progress)


def work_to_the_end(source: Source, server: Server, *, now: datetime = NOW, most: int = 100, **options: str) -> int:
    """Runs until one is over, each when the one before it said; returns how many it took."""
    for number in range(1, most + 1):
        run = work(source, server, now=now, **options)
        if not run.is_open:
            return number
        now = run.next_try_at or now
    raise AssertionError(f"not done after {most} runs: {run.error}")
