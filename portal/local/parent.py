"""The `make` above us: when it ends or is interrupted, so do we."""

import os
import signal
from pathlib import Path


class Parent:
    """Whoever started us, if it is make; by itself `python -m portal.local run` may outlive its shell."""

    def __init__(self) -> None:
        self.pid = os.getppid() if os.environ.get("MAKELEVEL") else None
        self._was_listening = self._listens()

    def is_leaving(self) -> bool:
        """Whether make is gone, or was interrupted alone.

        Ctrl-C reaches us by the terminal. A SIGINT sent to make only does not: make gives up its handler and waits for
        us, which is all there is to see.
        """
        if self.pid is None:
            return False
        return os.getppid() != self.pid or (self._was_listening and not self._listens())

    def _listens(self) -> bool:
        """Whether it has a handler for SIGINT; False where the system does not tell."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8").splitlines()
            caught = next(int(line.split()[1], 16) for line in lines if line.startswith("SigCgt:"))
        except (OSError, StopIteration):
            return False
        return bool(caught >> (signal.SIGINT - 1) & 1)
