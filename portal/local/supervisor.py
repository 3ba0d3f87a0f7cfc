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
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from portal.local import programs
from portal.local.bundle import addresses_of, needed, own, tell
from portal.local.child import Child, describe_exit, say
from portal.local.parent import Parent
from portal.local.processes import Register, born, end, end_session, spawn
from portal.local.server import Server
from portal.local.site import Site, demo_signins
from portal.local.state import ROOT, LocalError, ensure_dir, read_json, write_private

TICK_SECONDS = 0.05
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: How long web, worker and beat may take to end; the servers come after them, and all must fit into ten seconds.
GRACE_SECONDS = 5.0


class Stop(Exception):
    """Someone asked us to end."""


class Supervisor:
    """The one process that owns all others of a running portal."""

    def __init__(self, var: Path) -> None:
        self.var = var
        self.site = Site(programs.port(), programs.host())
        self.register = Register(var / "processes.json")
        self.servers: list[Server] = []
        self.children: list[Child] = []
        self.step: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}
        self.selector = selectors.DefaultSelector()
        self.is_asked_to_stop = False
        self.parent = Parent()
        self.began = time.monotonic()

    def run(self) -> int:
        """Runs until asked to end; the exit code."""
        ensure_dir(self.var, 0o755)
        with open(self.var / "run.lock", "a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                address = read_json(self.var / "run.json").get("address", self.site.address)
                say(f"The portal already runs at {address}; Ctrl-C ends it where it was started.")
                return 0
            for number in SIGNALS:
                signal.signal(number, self._ask_to_stop)
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
                self._end_all()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.is_asked_to_stop = True

    # --- start ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.register.end_leftovers()
        self.site.check_free()
        write_private(self.var / "run.json", json.dumps({"address": self.site.address, "pid": os.getpid()}))
        for server in needed(self.var):
            own(server, "`make run`", self._pause)
            self.servers.append(server)
            server.start()
        # Each thread would else keep a heap of its own.
        small = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2")}
        self.environment = os.environ | addresses_of(self.servers, self.var) | small
        preparation = self._begin_step(programs.preparation())
        for server in self.servers:
            self._until(server.poll_ready)
        is_empty = self._finish_step(preparation, "Preparing the database") == programs.EMPTY
        self._add(programs.web())
        self._until(self._web_answers)
        say(f"The portal runs at {self.site.address} ({time.monotonic() - self.began:.1f} s); Ctrl-C ends it.")
        if is_empty:
            self._fill()
        elif lines := demo_signins(self.var):
            say("Sign-ins of the demo:\n" + "\n".join(lines))
        self._add(programs.worker())
        self._add(programs.beat(self.var))

    def _fill(self) -> None:
        """The portal stands without its demo too, so a failure is told and no more."""
        try:
            self._finish_step(self._begin_step(programs.filling()), "Filling the empty database")
        except LocalError as error:
            tell(str(error))

    def _begin_step(self, argv: Sequence[str]) -> subprocess.Popen[bytes]:
        self.step = spawn(argv, on_parent_death=signal.SIGTERM, env=self.environment, cwd=ROOT)
        return self.step

    def _finish_step(self, step: subprocess.Popen[bytes], what: str) -> int:
        """Waits for the step and gives its exit code; LocalError when it failed."""
        self._until(lambda: step.poll() is not None)
        self.step = None
        if step.returncode not in (0, programs.EMPTY):
            raise LocalError(f"{what} failed ({describe_exit(step.returncode)}); what it said stands above.")
        return step.returncode

    def _add(self, program: programs.Program) -> None:
        child = Child(program, self.environment)
        self.children.append(child)
        self._launch(child)

    def _launch(self, child: Child) -> None:
        pid, pipe = child.start()
        self.selector.register(pipe, selectors.EVENT_READ, child)
        self.register.add(child.program.name, pid)

    def _web_answers(self) -> bool:
        web = self.children[0]
        if web.deaths >= 3:
            raise LocalError("The web server does not start; what it said stands above.")
        return self.site.has_answered()

    # --- run --------------------------------------------------------------------------------------------------------

    def _until(self, is_reached: Callable[[], bool]) -> None:
        while not is_reached():
            self._tick()

    def _pause(self, sentence: str) -> None:
        if sentence:
            say(sentence)
        self._tick()

    def _tick(self) -> None:
        """One round: passes output on, starts again what has died, and notices that we shall end."""
        if self.is_asked_to_stop or self.parent.is_leaving():
            raise Stop
        self._relay(TICK_SECONDS)
        for child in self.children:
            if (code := child.notice_death()) is not None:
                say(f"{child.program.name} {describe_exit(code)}; it is started again.")
            elif child.is_due():
                self._launch(child)
        for server in self.servers:
            if server.has_died() and self.children:
                say(f"{server.title} has died; it is started again.")
                server.start()

    def _relay(self, seconds: float) -> None:
        if not self.selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self.selector.select(seconds):
            data = os.read(key.fd, 65536)
            if data:
                key.data.pass_on(data)
            else:
                self.selector.unregister(key.fd)
                os.close(key.fd)

    # --- end --------------------------------------------------------------------------------------------------------

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        running += [self.step] if self.step is not None else []
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        until = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < until and any(process.poll() is None for process in running):
            self._relay(TICK_SECONDS)
        for process in running:
            if process.poll() is None:
                end(process.pid, [(signal.SIGKILL, 1.0)], reap=process.poll)
            end_session(process.pid)
        for server in self.servers:
            if server.process is not None and born(server.process.pid):
                server.process.send_signal(server.stop_steps[0][0])
        for server in self.servers:
            server.stop()
        self.register.path.unlink(missing_ok=True)
        (self.var / "run.json").unlink(missing_ok=True)
        if self.environment:
            say(f"All ended after {time.monotonic() - self.began:.0f} s of running.")
