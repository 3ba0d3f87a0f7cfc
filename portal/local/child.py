"""One supervised process: started, its output passed on with its name before each line, started again when it dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

from portal.local.processes import end_session, spawn
from portal.local.programs import Program
from portal.local.state import ROOT

#: The pause before a restart doubles up to this, so that what dies is back within five seconds.
LONGEST_PAUSE = 4.0
#: After this long a process counts as healthy and the next pause is a short one again.
HEALTHY_SECONDS = 30.0


class Child:
    """A program that shall always run."""

    def __init__(self, program: Program, environment: Mapping[str, str]) -> None:
        self.program = program
        self.environment = environment
        self.process: subprocess.Popen[bytes] | None = None
        self.deaths = 0
        self._pause = 0.5
        self._started_at = 0.0
        self._start_at = 0.0
        self._rest = b""

    def start(self) -> tuple[int, int]:
        """Starts it; its pid and the pipe to read its output from."""
        self._started_at = time.monotonic()
        reading, writing = os.pipe()
        try:
            self.process = spawn(
                self.program.argv, on_parent_death=signal.SIGTERM, env=self.environment, cwd=ROOT, output=writing
            )
        finally:
            os.close(writing)
        return self.process.pid, reading

    def notice_death(self) -> int | None:
        """The exit code when it has just died: the restart is then due after a pause that grows with each failure."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        # A dead web server may leave a process behind that still holds the port.
        end_session(self.process.pid)
        now = time.monotonic()
        self._pause = 0.5 if now - self._started_at > HEALTHY_SECONDS else min(self._pause * 2, LONGEST_PAUSE)
        self._start_at = now + self._pause
        self.process = None
        self.deaths += 1
        return code

    def is_due(self) -> bool:
        """Whether it is down and its pause is over."""
        return self.process is None and time.monotonic() >= self._start_at

    def pass_on(self, data: bytes) -> None:
        """Prints the whole lines of its output."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            print(f"{self.program.name:<6} | {line.decode(errors='replace')}", flush=True)


def describe_exit(code: int) -> str:
    """An exit code in words."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def say(sentence: str) -> None:
    """A line of the supervisor itself."""
    print(sentence, flush=True, file=sys.stdout)
