"""Real workers and clocks in processes of their own, on the test's own database and broker."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from dashboard.models import ImportRun
from portal.local import processes
from portal.local.state import ROOT

_RUN_LOCK = 7_301_006
_HOLDER = """
SELECT application_name FROM pg_stat_activity
JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND classid = %s AND granted AND datname = current_database()
"""


def own_database_url() -> str:
    """The address of the test's database, in the form of the settings' own."""
    return re.sub(r"^([a-z]+://[^/]*/)[^?]*", rf"\g<1>{connection.settings_dict['NAME']}", settings.DATABASE_URL)


@dataclass
class Worker:
    """A Celery worker as production runs it: a parent and a pool of one child."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pool(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def kill(self) -> None:
        """Parent and child at once, as when the machine goes."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_child(self) -> None:
        """The child alone, as when the system is out of memory; the parent makes a new one."""
        for pid in self.pool:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Stage:
    """Starts workers and clocks, and ends all that it started."""

    folder: Path
    hosts: str
    budget: float = 60.0
    database_url: str = field(default_factory=own_database_url)
    redis_url: str = field(default_factory=lambda: settings.CELERY_BROKER_URL)
    workers: list[Worker] = field(default_factory=list)
    clocks: list[subprocess.Popen[bytes]] = field(default_factory=list)
    n_started: int = 0

    def environment(self, name: str) -> dict[str, str]:
        dropped = {"PYTEST_XDIST_WORKER", "DATABASE_URL_FILE", "REDIS_URL_FILE"}
        mark = "&" if "?" in self.database_url else "?"
        return {key: value for key, value in os.environ.items() if key not in dropped} | {
            "DJANGO_SETTINGS_MODULE": "tests.workers.settings",
            "DATABASE_URL": f"{self.database_url}{mark}application_name={name}",
            "REDIS_URL": self.redis_url,
            "ALLOWED_PRIVATE_HOSTS": self.hosts,
            "IMPORT_BUDGET_SECONDS": str(self.budget),
            "SECRET_KEY": settings.SECRET_KEY,
            "PORTAL_VAR": str(self.folder),
        }

    def start_worker(self) -> Worker:
        self.n_started += 1
        name = f"worker-{self.n_started}"
        argv = ["-m", "celery", "-A", "portal", "worker", "--queues", "default,imports,mail", "--concurrency", "1"]
        argv += ["--hostname", f"{name}@%h", "--without-gossip", "--without-mingle", "--loglevel", "DEBUG"]
        worker = Worker(name, self._spawn(name, argv), self.folder / f"{name}.log")
        self.workers.append(worker)
        return worker

    def start_clock(self) -> None:
        self.n_started += 1
        name = f"clock-{self.n_started}"
        self.clocks.append(self._spawn(name, ["-m", "portal.local.clock", str(self.folder / name)]))

    def _spawn(self, name: str, argv: list[str]) -> subprocess.Popen[bytes]:
        quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
        with (self.folder / f"{name}.log").open("wb") as log:
            return processes.spawn(
                [sys.executable, *quiet, *argv],
                on_parent_death=signal.SIGKILL,
                env=self.environment(name),
                cwd=ROOT,
                output=log,
            )

    def holder(self) -> Worker | None:
        """The worker that works on an import at this moment."""
        with connection.cursor() as cursor:
            cursor.execute(_HOLDER, [_RUN_LOCK])
            names = {name for (name,) in cursor.fetchall()}
        return next((one for one in self.workers if one.name in names and one.process.poll() is None), None)

    def kill_holder(self) -> bool:
        """Kill the worker that works on an import; False when none does at this moment."""
        if (victim := self.holder()) is None:
            return False
        victim.kill()
        self.workers.remove(victim)
        return True

    def kill_child_of_holder(self) -> bool:
        """Kill the process of the pool that works on an import; its worker makes a new one."""
        if (victim := self.holder()) is None:
            return False
        victim.kill_child()
        return True

    def are_all_ready(self) -> bool:
        return all(" ready." in worker.said() for worker in self.workers)

    def have_all_handed_on(self) -> bool:
        """Whether each worker has had a part in an import, which it says among its DEBUG lines."""
        return all(" state=waiting " in worker.said() for worker in self.workers)

    def wait(self, until: Callable[[], object], *, seconds: float = 50.0) -> None:
        """Until something has come true; an AssertionError with all that was said when it does not."""
        ends = time.monotonic() + seconds
        while not until():
            assert all(one.process.poll() is None for one in self.workers), f"a worker has quit:\n{self.said()}"
            assert time.monotonic() < ends, f"not within {seconds} s:\n{runs_there()}\n{self.said()}"
            time.sleep(0.01)

    def said(self) -> str:
        return "\n".join(f"--- {path.name}\n{path.read_text()[-3000:]}" for path in sorted(self.folder.glob("*.log")))

    def end(self) -> None:
        for worker in self.workers:
            worker.kill()
        for clock in self.clocks:
            clock.kill()
            clock.wait()


def runs_there() -> list[dict[str, object]]:
    return list(ImportRun.objects.values("pk", "state", "attempt", "n_new", "next_try_at", "lease_until", "error"))
