"""The whole portal in processes of its own: started, hurt, started twice, and ended without a trace."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.local.processes import born
from portal.local.state import ROOT, free_port
from tests.local.conftest import environment, open_folder, processes_of

pytestmark = [pytest.mark.start, pytest.mark.timeout(150)]


class Portal:
    """A supervisor under test."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.port = free_port()
        self.environment = environment(var, PORT=str(self.port), DEMO="0")
        self.log = var.with_name("output")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "portal.local", "run"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(argv, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        return self.process

    def second(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Another `run` beside the first, to its end."""
        argv = [sys.executable, "-m", "portal.local", "run"]
        return subprocess.run(
            argv, cwd=ROOT, env=self.environment | more, capture_output=True, text=True, timeout=60, check=False
        )

    def status(self) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return int(answer.status)
        except (OSError, urllib.error.URLError):
            return 0

    def pids(self) -> dict[str, int]:
        """What runs, by name."""
        found = {}
        for name in ("processes", "postgres", "valkey"):
            with contextlib.suppress(OSError, ValueError):
                entries = json.loads((self.var / f"{name}.json").read_text())
                found |= {key: entry["pid"] for key, entry in entries.items()}
        return found


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """One state for all tests here: the first start makes the database, the others find it."""
    for folder in open_folder():
        yield folder / "var"


@pytest.fixture
def portal(state: Path) -> Iterator[Portal]:
    """A supervisor that is ended whatever the test did."""
    made = Portal(state)
    made.log.unlink(missing_ok=True)
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.terminate()
        made.process.wait(timeout=15)


def wait_for(is_reached: Callable[[], bool], seconds: float, what: str) -> float:
    """The seconds it took."""
    began = time.monotonic()
    while not is_reached():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.05)
    return time.monotonic() - began


def test_portal_comes_back_from_every_blow_and_leaves_nothing(portal: Portal) -> None:
    supervisor = portal.start()
    wait_for(lambda: "beat" in portal.pids(), 90, portal.log.read_text())
    assert portal.status() == 200
    names = {"web", "worker", "beat", "postgres", "valkey"}
    assert set(portal.pids()) == names

    again = portal.second()
    assert (again.returncode, again.stdout.split(";")[0]) == (
        0,
        f"The portal already runs at http://localhost:{portal.port}",
    )

    before = portal.pids()
    for name in sorted(names):
        os.kill(before[name], signal.SIGKILL)
    wait_for(lambda: all(pid != before[name] for name, pid in portal.pids().items()), 20, "something stays dead")
    wait_for(lambda: portal.status() == 200, 30, "the web server stays silent")

    supervisor.terminate()
    took = wait_for(lambda: supervisor.poll() is not None, 10, "it does not end within ten seconds")
    assert took < 10
    assert supervisor.returncode == 0
    assert processes_of(portal.var) == []
    assert all(born(pid) is None for pid in before.values())


def test_portal_starts_after_its_supervisor_was_killed(portal: Portal) -> None:
    first = portal.start()
    wait_for(lambda: "beat" in portal.pids(), 90, portal.log.read_text())
    left = portal.pids()
    first.kill()
    first.wait()
    second = portal.start()
    wait_for(lambda: "beat" in portal.pids() and portal.pids() != left, 60, portal.log.read_text())
    assert portal.status() == 200
    assert all(born(pid) is None for pid in left.values())
    second.send_signal(signal.SIGINT)
    assert second.wait(timeout=12) == 0
    assert processes_of(portal.var) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_portal_ends_with_its_make(portal: Portal, number: signal.Signals) -> None:
    """Each signal is sent to make alone, as a script would, not to the group as a terminal does."""
    makefile = portal.var.with_name("Makefile")
    makefile.write_text(f"run:\n\t@cd '{ROOT}' && exec '{sys.executable}' -m portal.local run\n")
    with portal.log.open("wb") as log:
        make = subprocess.Popen(["make", "-f", makefile, "run"], env=portal.environment, stdout=log, stderr=log)
    wait_for(lambda: "web" in portal.pids(), 90, portal.log.read_text())
    make.send_signal(number)
    make.wait(timeout=15)
    wait_for(lambda: processes_of(portal.var) == [], 10, "something outlives make")
    wait_for(lambda: "All ended" in portal.log.read_text(), 2, portal.log.read_text())


def test_taken_port_is_told_in_a_sentence(portal: Portal) -> None:
    import socket

    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", portal.port))
        stranger.listen()
        done = portal.second()
    assert done.returncode == 1
    assert done.stderr == (
        f"Port {portal.port} is taken by another program or not allowed: end it, or choose another,"
        f" such as `make run PORT={portal.port + 1}`.\n"
    )
    assert processes_of(portal.var) == []


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_port_that_is_none_is_told_in_a_sentence(portal: Portal, port: str) -> None:
    done = portal.second(PORT=port)
    assert (done.returncode, done.stderr) == (1, f"PORT={port} is no port: give a number from 1 to 65535.\n")
