"""`make run`: servers, preparation, web, worker and beat; restarts what dies and ends all that it started.

Our own loop, since neither process manager we looked at serves: honcho stops everything when one process dies and keeps
a Python process beside each, circus brings tornado and zmq, and neither takes its children along when it is killed.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO

from portal.local import programs
from portal.local.bundle import addresses_of, needed, own, tell
from portal.local.child import Child
from portal.local.processes import Register, end
from portal.local.preparation import EMPTY
from portal.local.server import Server
from portal.local.site import Site
from portal.local.state import LocalError, ensure_dir, read_json, write_private

TICK_SECONDS = 0.1


class Stop(Exception):
    """Someone asked us to end."""


class Supervisor:
    """The one process that owns all others of a running portal."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.servers: list[Server] = []
        self.children: list[Child] = []
        self.step: subprocess.Popen[bytes] | None = None
        self.register = Register(var / "processes.json")
        self.site = Site(programs.port(), programs.host())
        self.selector = selectors.DefaultSelector()
        self.parent = os.getppid() if os.environ.get("MAKELEVEL") else None
        self.began = time.monotonic()

    def run(self) -> int:
        """Runs until asked to end; the exit code."""
        ensure_dir(self.var, 0o755)
        with open(self.var / "run.lock", "a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                address = read_json(self.var / "run.json").get("address", self.site.address)
                print(f"The portal already runs at {address}; end it with Ctrl-C where it was started.")
                return 0
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _stop)
            return self._run_locked()

    def _run_locked(self) -> int:
        try:
            self._start()
            while True:
                self._tick()
        except Stop:
            return 0
        except LocalError as error:
            tell(str(error))
            return 1
        finally:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            self._end_all()

    # --- start ------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.register.end_leftovers()
        self.site.check_free()
        write_private(self.var / "run.json", json.dumps({"address": self.site.address, "pid": os.getpid()}))
        self.servers = needed(self.var)
        for server in self.servers:
            own(server, "`make run`", self._say)
        environment = self._environment()
        for server in self.servers:
            server.start()
        # An address may have changed when a stranger had taken a port, so the step starts after the servers.
        environment = self._environment()
        self.step = subprocess.Popen(programs.preparation(), env=environment, start_new_session=True)
        for server in self.servers:
            server.wait_ready()
        is_empty = self._wait_step("The preparation of the database") == EMPTY
        self._add(programs.web())
        self._wait_answer()
        self._say(f"The portal runs at {self.site.address} ({time.monotonic() - self.began:.1f} s). Ctrl-C ends it.")
        if is_empty and os.environ.get("DEMO", "1") != "0":
            self.step = subprocess.Popen(programs.demo(), env=environment, start_new_session=True)
            self._wait_step("Loading the demo community")
        self._add(programs.worker())
        self._add(programs.beat(self.var))
        self.site.print_signins(self.var)
