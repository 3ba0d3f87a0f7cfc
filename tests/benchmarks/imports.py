"""`make benchmark`: how fast imports are, at 10,000 and 200,000 items, as ratios of one run on one machine.

- the store against a bare COPY of the same rows into the same table (goal: 0.5 or more of its speed)
- an unchanged import again against the first one (goal: twice as fast or more)
- requests for 1,000 items against the least that the API allows (goal: 1.2 times or less)
- an idle look at 100 unchanged repositories: requests, and how many were answered "not modified"

Prints and judges nothing: seconds would only measure the machine.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.benchmarks.directory import _database

SIZES = tuple(int(size) for size in os.environ.get("BENCHMARK_SIZES", "10000,200000").split(","))
PAGE = 1000
PEOPLE = 500
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
COLUMNS = (
    "source_id, external_id, channel_id, identity_id, kind, state, thread, title, url, likes, occurred_at, "
    "credited_at, source_updated_at, content_hash, deleted_at"
)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    with _database():
        _say(
            "store", "items", "COPY at once", "in pages", "store", "of COPY at once", "in pages", "again", "first/again"
        )
        for size in SIZES:
            _store(size)
        _say("imports over HTTP", "items", "first", "again", "first/again", "requests/1000", "times the least")
        for size in SIZES:
            for service in ("github", "discourse"):
                _import(service, size)
        for service in ("slack", "reddit", "stackexchange"):
            _import(service, SIZES[0])
        _idle()


def _say(*columns: object) -> None:
    first, *rest = columns
    sys.stdout.write(f"{first!s:22}" + "".join(f"{column!s:>16}" for column in rest) + "\n")
    sys.stdout.flush()


def _seconds(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def _records(size: int) -> Iterator[list[Any]]:
    """Pages of issues and comments by a few hundred people, as an importer hands them over."""
    from dashboard.importers.records import Account, Record

    people = [Account(str(n), f"person-{n}", f"Person {n}", url=f"https://a.example/{n}") for n in range(PEOPLE)]
    for start in range(0, size, PAGE):
        yield [
            Record(
                external_id=f"issue:{n}",
                kind="issue" if n % 3 else "comment",
                occurred_at=BEGAN + timedelta(minutes=n),
                account=people[n * 7 % PEOPLE],
                state="open",
                thread=f"1#{n // 3}",
                title=f"Something does not work as it should ({n})",
                url=f"https://github.example/acme/one/issues/{n}",
                source_updated_at=BEGAN + timedelta(minutes=n),
            )
            for n in range(start, min(start + PAGE, size))
        ]


def _store(size: int) -> None:
    """Every page in a transaction of its own, as imports do; so does the COPY it is held against."""
    from django.db import connection

    from dashboard.services.store import store
    from tests.dashboard.factories import NOW, ChannelFactory

    _empty()
    channel = ChannelFactory()
    pages = list(_records(size))  # groups of pages, as imports store them

    def run() -> None:
        for page in pages:
            store(source=channel.source, channel=channel, records=page, now=NOW, is_backfill=True)

    first, again = _seconds(run), _seconds(run)
    question = f"COPY (SELECT {COLUMNS} FROM dashboard_contribution ORDER BY id) TO STDOUT"  # noqa: S608
    with connection.cursor() as cursor, cursor.copy(question) as copy:
        lines = b"".join(bytes(part) for part in copy).splitlines(keepends=True)
    in_pages = _copy([lines[start : start + PAGE] for start in range(0, size, PAGE)])
    at_once = _copy([lines])
    _say(
        "", size, f"{at_once:.2f} s", f"{in_pages:.2f} s", f"{first:.2f} s", f"{at_once / first:.2f}",
        f"{in_pages / first:.2f}", f"{again:.2f} s", f"{first / again:.1f}",
    )  # fmt: skip


def _copy(pages: list[list[bytes]]) -> float:
    """Seconds of bare COPYs into the emptied table, each in a transaction of its own."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE dashboard_contribution CASCADE")

        def run() -> None:
            for page in pages:
                with cursor.copy(f"COPY dashboard_contribution ({COLUMNS}) FROM STDIN") as copy:
                    copy.write(b"".join(page))

        return _seconds(run)


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE dashboard_source, members_identity, members_member CASCADE")
        cursor.execute("VACUUM ANALYZE dashboard_contribution")


def _import(service: str, size: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from dashboard.models import Contribution
    from dashboard.services import runs
    from tests.benchmarks.big_worlds import WORLDS
    from tests.dashboard.factories import SourceFactory
    from tests.upstreams.server import Server

    _empty()
    world = WORLDS[service](size)
    with Server({"": world.app}) as server:
        settings.ALLOWED_PRIVATE_HOSTS = (server.host,)
        os.environ["SOURCE_BENCHMARK_TOKEN"] = world.token
        source = SourceFactory(name="benchmark", service=service, base_url=server.url(), options=dict(world.options))

        def run() -> None:
            done = runs.run_import(runs.ask_for_run(source=source), now=timezone.now())
            assert (done.state, done.error, done.n_rejected) == ("done", "", 0), (done.state, done.error)

        first = _seconds(run)
        n_requests, stored = len(server.log), Contribution.objects.count()
        # Stack Exchange wants no question twice in a minute: it is read once a day.
        again = None if service == "stackexchange" else _seconds(run)
    _say(
        service, stored, f"{first:.1f} s", "-" if again is None else f"{again:.2f} s",
        "-" if again is None else f"{first / again:.1f}", f"{n_requests / stored * 1000:.1f}",
        f"{n_requests / world.least:.2f}",
    )  # fmt: skip


def _idle() -> None:
    """A hundred repositories in which nothing happened since."""
    from django.conf import settings
    from django.utils import timezone

    from dashboard.services import runs
    from tests.dashboard.factories import SourceFactory
    from tests.upstreams.github import GitHubApp, GitHubWorld
    from tests.upstreams.server import Reply, Request, Server

    _empty()
    world, answers = GitHubWorld(), Counter[int]()
    for number in range(100):
        repository = world.add_repository(f"acme/part-{number}")
        for n in range(1, 4):
            world.add_issue(repository, n, world.user(f"person-{n}"), "2026-01-01T10:00:00Z")

    class Counting(GitHubApp):
        def respond(self, request: Request) -> Reply:
            reply = super().respond(request)
            answers[reply.status] += 1
            return reply

    with Server({"": Counting(world)}) as server:
        settings.ALLOWED_PRIVATE_HOSTS = (server.host,)
        os.environ["SOURCE_BENCHMARK_TOKEN"] = "word"
        source = SourceFactory(name="benchmark", service="github", base_url=server.url(), options={"org": "acme"})
        for _ in range(2):  # the first look after the import still reads the overlap
            runs.run_import(runs.ask_for_run(source=source), now=timezone.now())
        answers.clear()
        took = _seconds(lambda: runs.run_import(runs.ask_for_run(source=source), now=timezone.now()))
    asked = sum(answers.values())
    _say(
        "idle, 100 repositories", "requests", asked, "of them 304", f"{answers[304] / asked:.0%}", "in", f"{took:.1f} s"
    )


if __name__ == "__main__":
    main()
