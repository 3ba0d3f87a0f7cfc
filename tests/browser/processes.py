"""The portal in processes of its own, on a database, a broker number, a folder and a port nobody else has."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

import environ
import httpx
import psycopg
import redis
from django.conf import settings
from psycopg import sql

from portal.local import processes, programs
from portal.local.state import free_port

ROOT = Path(__file__).resolve().parents[2]
#: What the portal's processes take over from whoever runs the tests: all else comes from here.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH", "TZ")
PATIENCE_SECONDS = 30.0
#: The database with all that is in it, by one process: each of its own would read all modules again.
_PREPARE = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("load_places")
call_command("load_demo")
"""
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
STOP = ((signal.SIGTERM, 6.0), (signal.SIGKILL, 2.0))


@dataclass(frozen=True)
class Portal:
    """A portal that runs: where it answers and where it keeps its things."""

    url: str
    var: Path
    environment: dict[str, str] = field(repr=False)

    def manage(self, *arguments: str, **environment: str) -> str:
        """Runs a management command; what it printed. Raises with all it said when it failed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def log(self, name: str) -> str:
        """What `web` or `worker` wrote so far."""
        return (self.var / f"{name}.log").read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_portal(var: Path, *, private_hosts: str) -> Iterator[Portal]:
    """The demo community, served by the portal's own web server, with one worker; all of it gone afterwards."""
    port = free_port()
    with ExitStack() as stack:
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        environment |= {
            "PORTAL_VAR": str(var),
            "PORT": str(port),
            "SITE_URL": f"http://localhost:{port}",
            "DATABASE_URL": stack.enter_context(_own_database()),
            "REDIS_URL": stack.enter_context(_own_broker()),
            "ALLOWED_PRIVATE_HOSTS": private_hosts,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "WARNING",
            "DECISION_DELAY_MINUTES": "0",
        }
        portal = Portal(f"http://localhost:{port}", var, environment)
        with mock.patch.dict(os.environ, environment):
            commands = {program.name: list(program.argv) for program in (programs.web(), programs.worker())}
        prepare = _begin(portal, "-c", _PREPARE)
        stack.callback(prepare.kill)
        _finish(_begin(portal, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"))
        for name, argv in commands.items():
            stack.enter_context(_process(portal, name, argv))
        _finish(prepare)
        _wait_until_it_answers(portal)
        yield portal


def _begin(portal: Portal, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=portal.environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def _finish(process: subprocess.Popen[str]) -> None:
    said, _ = process.communicate()
    if process.returncode:
        raise AssertionError(f"{process.args!r} failed:\n{said}")


@contextmanager
def _process(portal: Portal, name: str, argv: list[str]) -> Iterator[None]:
    with (portal.var / f"{name}.log").open("wb") as log:
        process = processes.spawn(argv, on_parent_death=signal.SIGTERM, env=portal.environment, cwd=ROOT, output=log)
        try:
            yield
        finally:
            processes.end(process.pid, STOP, process.poll)
            processes.end_session(process.pid)
            process.wait()


def _wait_until_it_answers(portal: Portal) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            if httpx.get(f"{portal.url}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The portal does not answer at {portal.url}:\n{portal.log('web')}")


@contextmanager
def _own_database() -> Iterator[str]:
    """A new database on the server of the settings; its address in the same form."""
    address = settings.DATABASE_URL
    known = environ.Env.db_url_config(address)
    name = f"browser_{os.getpid()}"
    keys = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    parameters = {keys[key]: str(value) for key, value in known.items() if key in keys and value}
    # An address without a host carries the folder of its socket as an option.
    parameters |= {key: str(value) for key, value in known.get("OPTIONS", {}).items() if key == "host"}
    parameters["dbname"] = "postgres"

    def run(statement: str) -> None:
        with psycopg.connect(**parameters, autocommit=True) as connection:  # type: ignore[arg-type]
            # Not WITH (FORCE): that ends all sessions or fails, and a vacuum of the server's own is not ours to end.
            connection.execute(_END_SESSIONS, [name])
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    run("DROP DATABASE IF EXISTS {}")
    run("CREATE DATABASE {} TEMPLATE template0")
    try:
        yield re.sub(r"^([a-z]+://[^/]*/)[^?]*", rf"\g<1>{name}", address)
    finally:
        run("DROP DATABASE IF EXISTS {}")


@contextmanager
def _own_broker() -> Iterator[str]:
    """The highest empty database of the server of the settings, marked as taken, emptied afterwards."""
    address = settings.REDIS_URL
    server = redis.Redis.from_url(address)
    count = int(server.config_get("databases").get("databases", 16))  # type: ignore[union-attr]
    server.close()
    for number in reversed(range(1, count)):
        own = re.sub(r"(/\d*)?$", f"/{number}", address, count=1)
        client = redis.Redis.from_url(own)
        if client.dbsize() == 0 and client.set("browser:taken-by", os.getpid(), nx=True, ex=3600):
            try:
                yield own
            finally:
                client.flushdb()
                client.close()
            return
        client.close()
    raise AssertionError("Every database of the Valkey server is in use: empty one.")
