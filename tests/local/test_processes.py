"""Recognising and ending processes of ours, and no others."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.local.account import Account, check_reach
from portal.local.processes import Register, born, command_line, end, spawn
from portal.local.state import LocalError

SLEEP = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)")
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def spawn_ready(*argv: str) -> subprocess.Popen[bytes]:
    """A child that has come as far as its first line."""
    child = spawn(argv, on_parent_death=signal.SIGKILL, output=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    child.stdout.close()
    return child


def test_born_tells_the_living_from_the_dead() -> None:
    child = spawn_ready(*SLEEP)
    first = born(child.pid)
    assert first is not None
    assert born(child.pid) == first
    assert "time.sleep(60)" in command_line(child.pid)
    child.kill()
    time.sleep(0.1)
    assert born(child.pid) is None, "a zombie counts as dead"
    child.wait()
    assert born(child.pid) is None


def test_end_goes_on_to_the_next_signal() -> None:
    child = spawn_ready(sys.executable, "-c", STUBBORN)
    assert end(child.pid, [(signal.SIGTERM, 0.2)], reap=child.poll) is False
    assert end(child.pid, [(signal.SIGTERM, 0.2), (signal.SIGKILL, 2)], reap=child.poll) is True
    assert child.returncode == -signal.SIGKILL


def test_register_ends_what_a_crash_left(folder: Path) -> None:
    child = spawn_ready(*SLEEP)
    Register(folder / "known").add("web", child.pid)
    assert Register(folder / "known").end_leftovers() == ["web"]
    assert child.wait(timeout=2) == -signal.SIGTERM
    assert not (folder / "known").exists()


def test_register_ends_the_children_of_a_dead_leader(folder: Path) -> None:
    script = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP[2]!r}])"
    leader = spawn((sys.executable, "-c", script), on_parent_death=signal.SIGKILL, output=subprocess.PIPE)
    Register(folder / "known").add("web", leader.pid)
    assert leader.stdout is not None
    leader.stdout.readline()
    leader.wait()
    assert Register(folder / "known").end_leftovers() == ["web"]
    assert leader.stdout.read() == b"", "the pipe closes when the last writer has gone"
    leader.stdout.close()


@pytest.mark.parametrize("change", [{"born": "1"}, {"boot": "another"}])
def test_register_leaves_a_stranger_with_a_recycled_pid_alone(folder: Path, change: dict[str, str]) -> None:
    child, known = spawn_ready(*SLEEP), folder / "known"
    Register(known).add("web", child.pid)
    entries = json.loads(known.read_text())
    entries["web"] |= change
    known.write_text(json.dumps(entries))
    assert Register(known).end_leftovers() == []
    assert child.poll() is None
    child.kill()
    child.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_spawn_ties_the_child_to_its_parent() -> None:
    script = (
        "import signal, sys, time\nfrom portal.local.processes import spawn\n"
        f"print(spawn({SLEEP!r}, on_parent_death=signal.SIGTERM, output=sys.stderr.fileno()).pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert born(child) is not None
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 3
    while born(child) is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert born(child) is None


def test_reach_names_the_folder_that_is_closed(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    stranger = Account(uid=os.getuid() + 4321, gid=os.getgid() + 4321, name="someone")
    check_reach(stranger, folder / "open")
    check_reach(None, closed / "deep" / "file")
    with pytest.raises(LocalError, match=rf"someone.* may not enter {closed}:") as caught:
        check_reach(stranger, closed / "deep" / "file")
    assert "\n" not in str(caught.value)
