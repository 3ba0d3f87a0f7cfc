"""Both servers killed and started again in the middle of an import, and the broker away for a while."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from portal.local.postgres import Postgres
from portal.local.server import Server as Bundled
from portal.local.state import ROOT
from portal.local.valkey import Valkey
from tests.local.conftest import open_folder
from tests.workers.stage import Stage
from tests.workers.test_imports import unbroken

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

STORED = """
SELECT c.external_id, channel.key, i.uid, i.username, c.kind, c.state, c.thread, c.title, c.url, c.likes,
       c.occurred_at, c.credited_at, c.deleted_at
FROM dashboard_contribution c JOIN dashboard_channel channel ON channel.id = c.channel_id
JOIN members_identity i ON i.id = c.identity_id
"""


@pytest.fixture
def bundle() -> Iterator[tuple[Postgres, Valkey]]:
    """PostgreSQL and Valkey of the test's own, up."""
    for folder in open_folder():
        servers = (Postgres(folder / "var"), Valkey(folder / "var"))
        for server in servers:
            assert server.try_own("a test")
            server.start()
        for server in servers:
            server.wait_ready()
        yield servers
        for server in servers:
            server.stop()


def restart(server: Bundled, away: float) -> None:
    """Kill it, and start it again after so many seconds."""
    assert server.process is not None
    server.process.kill()
    server.process.wait()
    time.sleep(away)
    server.start()
    server.wait_ready()


def ask(stage: Stage, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(stage.database_url.replace("postgres://", "postgresql://")) as connection:
        return connection.execute(question).fetchall()  # type: ignore[call-overload]


def manage(stage: Stage, *arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=stage.environment("command"), check=True)


@pytest.mark.parametrize("which", ["postgres", "valkey", "valkey for a while", "both in turn"])
def test_import_survives_restarts(
    which: str, play: Any, on_stage: Callable[..., Stage], bundle: tuple[Postgres, Valkey]
) -> None:
    source, world, server = play("github")
    truth = unbroken(source)
    postgres, valkey = bundle
    stage = on_stage(server, workers=0, clocks=0, budget=1.0, database_url=postgres.url(), redis_url=valkey.url())
    manage(stage, "migrate", "--verbosity", "0")
    options = [f"--option={name}={value}" for name, value in world.options.items()]
    manage(stage, "add_source", source.service, "--name", "played", "--base-url", server.url(), *options)
    for _ in range(2):
        stage.start_worker()
    stage.start_clock()
    stage.wait(lambda: len(ask(stage, STORED)) > len(world.ids) // 4)
    if which in ("postgres", "both in turn"):
        restart(postgres, 1.0)
    if which in ("valkey", "both in turn"):
        restart(valkey, 0.5)
    if which == "valkey for a while":
        restart(valkey, 12.0)
    stage.wait(lambda: ask(stage, "SELECT state FROM dashboard_importrun") == [("done",)], seconds=90)
    assert sorted(ask(stage, STORED), key=repr) == truth
    assert ask(stage, "SELECT n_new, n_rejected, error FROM dashboard_importrun") == [(len(world.ids), 0, "")]
    assert [worker.process.poll() for worker in stage.workers] == [None, None], "no worker quits"
