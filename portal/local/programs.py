"""What runs beside the servers: web, worker, beat, and the steps before them, as command lines."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from portal.local.state import ROOT

#: The exit code by which the preparation says: all is ready, and nobody lives here yet.
EMPTY = 3


@dataclass(frozen=True)
class Program:
    """A long-running process of the portal."""

    name: str
    argv: tuple[str, ...]


def port() -> int:
    """The port of the web server, from PORT."""
    from portal.local.state import LocalError

    text = os.environ.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise LocalError(f"PORT={text} is no port: give a number from 1 to 65535.")
    return int(text)


def host() -> str:
    """The address the web server listens on, from HOST; only this machine unless asked otherwise."""
    return os.environ.get("HOST") or "127.0.0.1"


def web() -> Program:
    """One process of two threads: sync Django is served best so, and each thread costs a database session."""
    options = ["--interface", "wsgi", "--host", host(), "--port", str(port()), "--workers", "1"]
    options += ["--blocking-threads", "2", "--backlog", "512", "--respawn-failed-workers", "--respawn-interval", "0.5"]
    options += ["--workers-kill-timeout", "4", "--no-ws", "--log-level", "warning", "--working-dir", str(ROOT)]
    return Program("web", (sys.executable, "-m", "granian", *options, "portal.wsgi:application"))


def worker() -> Program:
    """One Celery worker for all queues, which saves processes, of six threads: five imports at once leave one for mail.

    Threads know no time limit; the deadlines of the clients and the leases of the work bound it here.
    """
    options = ["-Q", "default,imports,mail", "--pool", "threads", "--concurrency", "6", "--loglevel", "WARNING"]
    options += ["--without-gossip", "--without-mingle", "--hostname", "worker@%h"]
    # Whoever runs this as root on their own machine has chosen so.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    return Program("worker", (sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "portal", "worker", *options))


def beat(var: Path) -> Program:
    """Celery's clock, with its schedule in a file."""
    return Program("beat", (sys.executable, "-m", "portal.local.clock", str(var / "beat-schedule")))


def preparation() -> tuple[str, ...]:
    """Static files, migrations, and whether there is anything in the database."""
    return (sys.executable, "-m", "portal.local.preparation")


def filling() -> tuple[str, ...]:
    """What an empty database is filled with: the demo community, or with DEMO=0 only the towns of the world.

    The progress bar goes straight to the terminal.
    """
    wanted = ("load_demo",) if os.environ.get("DEMO", "1") != "0" else ("load_places", "--if-empty")
    return (sys.executable, str(ROOT / "manage.py"), *wanted)
