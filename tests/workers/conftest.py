"""A service that is played, and a stage for the workers that import it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as project

from dashboard.models import Source
from tests.dashboard.factories import SourceFactory
from tests.upstreams.server import Server
from tests.workers.stage import Stage
from tests.workers.worlds import SERVICES, Played, Slow

IS_SOAK = bool(os.environ.get("SOAK"))
SIZE = 2000 if IS_SOAK else 1000
SLOWNESS = 0.03

#: These take minutes: `make soak`.
collect_ignore = [] if IS_SOAK else ["test_deaths.py", "test_restarts.py"]


@pytest.fixture
def play(settings, monkeypatch) -> Iterator[Callable[[str], tuple[Source, Played, Server]]]:
    """Plays a service of many items, quick until workers come on stage; gives the source that imports it."""
    servers = []

    def build(service: str) -> tuple[Source, Played, Server]:
        world = SERVICES[service](SIZE)
        server = Server({"": Slow(world.app)})
        servers.append(server)
        server.__enter__()
        settings.ALLOWED_PRIVATE_HOSTS = (server.host,)
        monkeypatch.setenv("SOURCE_PLAYED_TOKEN", world.token)
        source = SourceFactory(name="played", service=service, base_url=server.url(), options=dict(world.options))
        return source, world, server

    yield build
    for server in servers:
        server.__exit__()


@pytest.fixture
def on_stage(tmp_path: Path) -> Iterator[Callable[..., Stage]]:
    """Brings workers and clocks on a stage with an empty broker; nothing of it outlives the test."""
    broker = redis.Redis.from_url(project.CELERY_BROKER_URL)
    stages = []

    def build(server: Server, *, workers: int, clocks: int, budget: float = 60.0, **places: str) -> Stage:
        broker.flushdb()
        stages.append(Stage(tmp_path, server.host, budget, **places))
        for _ in range(workers):
            stages[-1].start_worker()
        for _ in range(clocks):
            stages[-1].start_clock()
        server.apps[""].seconds = SLOWNESS  # type: ignore[attr-defined]
        return stages[-1]

    yield build
    for stage in stages:
        stage.end()
    broker.flushdb()
    broker.close()
