"""Starting, recognising and ending processes of ours, so that none outlives us and none of another's is touched."""

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from portal.local.account import Account
from portal.local.state import read_json, write_private

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Output = int | IO[bytes] | None


def spawn(
    argv: Sequence[str | Path],
    *,
    on_parent_death: signal.Signals,
    account: Account | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: Output = None,
) -> subprocess.Popen[bytes]:
    """Starts a child in a session of its own, so that Ctrl-C reaches only us.

    On Linux the kernel sends it `on_parent_death` when we are killed; elsewhere `end_leftovers` finds it at the next
    start. Call it from the main thread only: the kernel takes the end of the calling thread for our death.
    """
    drop = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    return subprocess.Popen(
        [str(part) for part in argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output is not None else None,
        env=dict(env) if env is not None else None,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=tie_to_parent(on_parent_death),
        **drop,  # type: ignore[call-overload]
    )


def tie_to_parent(number: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the child this signal when we die, where there is a kernel that can."""
    parent = os.getpid()

    def tie() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def born(pid: int) -> str | None:
    """When the process was started, as its system writes it; None when there is none (a zombie is none)."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    found = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = found.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def command_line(pid: int) -> str:
    """The arguments of a process, parted by blanks; empty when there is no such process."""
    path = Path(f"/proc/{pid}/cmdline")
    with contextlib.suppress(OSError):
        return path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
    found = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.strip()


def end(pid: int, steps: Sequence[tuple[signal.Signals, float]], reap: Callable[[], object] | None = None) -> bool:
    """Sends one signal after the other to the process group, waiting the given seconds after each; True when it ended.

    `reap` collects our own child, so that its zombie does not count as living.
    """
    for number, seconds in steps:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number) if number == signal.SIGKILL else os.kill(pid, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if reap is not None:
                reap()
            if born(pid) is None:
                return True
            time.sleep(0.02)
    return born(pid) is None


def end_session(leader: int) -> None:
    """Kills what is left of the session that the process led."""
    for pid in _members(leader):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


class Register:
    """The file that remembers what runs for us, for a start after a crash."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, name: str, pid: int) -> None:
        """Remembers the process by its pid and the moment of its start."""
        known = read_json(self.path)
        known[name] = {"pid": pid, "born": born(pid), "boot": _boot()}
        write_private(self.path, json.dumps(known))

    def end_leftovers(self) -> list[str]:
        """Ends what an earlier run of ours left behind and forgets it all; the names of those that still lived."""
        names = []
        for name, entry in read_json(self.path).items():
            pid, born_now = int(entry["pid"]), born(int(entry["pid"]))
            # A session cannot lose its number to another while a member lives, so members without a leader are ours.
            if entry["boot"] != _boot() or (born_now or entry["born"]) != entry["born"]:
                continue
            if born_now or _members(pid):
                names.append(name)
                end(pid, [(signal.SIGTERM, 2.0)])
                end_session(pid)
        self.path.unlink(missing_ok=True)
        return names


def _members(leader: int) -> list[int]:
    """The processes of the leader's session, itself included; without /proc only the leader."""
    if not Path("/proc/self/stat").exists():
        return [leader] if born(leader) else []
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if fields[3] == str(leader) and fields[0] not in "ZX":
                found.append(int(path.parent.name))
    return found


def _boot() -> str:
    """What pids are valid for: this boot and this container."""
    with contextlib.suppress(OSError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    return ""
