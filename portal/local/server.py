"""What both bundled servers have in common: one owner at a time, start, readiness, stop, and the way out of a crash."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, ClassVar

from portal.local.account import server_account
from portal.local.processes import Register, end, spawn
from portal.local.state import LocalError, ensure_dir

#: A log that has grown beyond this is started anew with the server.
LOG_LIMIT = 5_000_000


class Server(ABC):
    """One bundled server over one state folder.

    Whoever holds `var/NAME.lock` owns it: starts it, is its parent and stops it. Others hold `var/NAME.users` shared
    while they use it, and the owner of a short run waits for them.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    variable: ClassVar[str]
    stop_steps: ClassVar[Sequence[tuple[signal.Signals, float]]]
    on_parent_death: ClassVar[signal.Signals]

    def __init__(self, var: Path) -> None:
        self.var = var
        self.folder = var / self.name
        self.log_path = self.folder / "log"
        self.account = server_account(var)
        self.process: subprocess.Popen[bytes] | None = None
        self.register = Register(var / f"{self.name}.json")
        self._lock: IO[str] | None = None

    @abstractmethod
    def url(self) -> str:
        """The address for DATABASE_URL or REDIS_URL."""

    @abstractmethod
    def prepare(self) -> Sequence[str | Path]:
        """Makes data and configuration where there are none; the command line that starts the server."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it takes connections now."""

    def clear_crash(self) -> None:
        """Ends a server that a killed owner left behind, and removes what would stop the next start."""
        self.register.end_leftovers()

    def try_own(self, purpose: str) -> bool:
        """Becomes the owner unless another process is; `purpose` is told to those who wait for us."""
        ensure_dir(self.var, 0o755)
        try:
            lock = open(self.var / f"{self.name}.lock", "a+", encoding="utf-8")  # noqa: SIM115
        except PermissionError as error:
            raise LocalError(f"{self.var} belongs to someone else: run as its owner, or set PORTAL_VAR.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "purpose": purpose}))
        lock.flush()
        self._lock = lock
        return True

    def owner(self) -> str:
        """What the present owner does, for a sentence."""
        with contextlib.suppress(OSError, ValueError, KeyError):
            found = json.loads((self.var / f"{self.name}.lock").read_text(encoding="utf-8"))
            return f"{found['purpose']} (process {found['pid']})"
        return "another command"

    def start(self) -> None:
        """Starts the server without waiting for it; the caller owns it."""
        ensure_dir(self.folder, 0o700)
        if self.account:
            self.account.own(self.folder)
        self.clear_crash()
        argv = self.prepare()
        with self._open_log() as log:
            self.process = spawn(
                argv,
                on_parent_death=self.on_parent_death,
                account=self.account,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
                cwd=self.folder if self.account is None else Path("/"),
                output=log,
            )
        self.register.add(self.name, self.process.pid)

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Returns when the server takes connections; LocalError with the end of its log when it does not."""
        until = time.monotonic() + seconds
        while not self.poll_ready():
            if time.monotonic() > until:
                raise LocalError(f"{self.title} was not ready after {seconds:.0f} s; see {self.log_path}.")
            time.sleep(0.02)

    def poll_ready(self) -> bool:
        """Whether the server we started is ready by now; LocalError when it has ended instead."""
        if self.has_died():
            if not self.repair():
                raise LocalError(f"{self.title} did not start; the end of {self.log_path} says: {self.log_tail()}")
            self.start()
        return self.is_ready()

    def repair(self) -> bool:
        """Removes what kept it from starting; False when there is nothing to be done."""
        return False

    def has_died(self) -> bool:
        """Whether the server we started is gone."""
        return self.process is not None and self.process.poll() is not None

    def stop(self) -> None:
        """Ends the server we started and gives up owning it."""
        if self.process is not None:
            end(self.process.pid, self.stop_steps, reap=self.process.poll)
            self.process = None
            self.register.path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @contextlib.contextmanager
    def use(self) -> Iterator[None]:
        """Marks the server as used by us, who do not own it."""
        with open(self.var / f"{self.name}.users", "a", encoding="utf-8") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            yield

    def wait_unused(self, tell: Callable[[str], None]) -> None:
        """Returns when nobody else uses the server any more."""
        with open(self.var / f"{self.name}.users", "a", encoding="utf-8") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                tell(f"{self.title} stays up until the other commands that use it have ended.")
                fcntl.flock(users, fcntl.LOCK_EX)

    def log_tail(self, lines: int = 3) -> str:
        """The last lines of its log, in one."""
        try:
            found = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return "(no log)"
        return " | ".join(line for line in found[-lines:] if line.strip()) or "(empty)"

    def _open_log(self) -> IO[bytes]:
        too_long = self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT
        log = open(self.log_path, "wb" if too_long else "ab")  # noqa: SIM115
        if self.account:
            self.account.own(self.log_path)
        return log
