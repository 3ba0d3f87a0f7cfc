"""The README's quick start, word for word, in a fresh copy of the tree at a long path with spaces."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.local.state import free_port
from tests.local.conftest import environment, processes_of

ROOT = Path(__file__).resolve().parent.parent
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "*.pyc", ".hypothesis")


def quick_start() -> list[str]:
    """The commands of the fenced blocks under "Quick start", up to the next heading."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Quick start\n(.*?)(?=^## )", text, re.MULTILINE | re.DOTALL)
    assert section, "README.md has no section called Quick start"
    blocks = re.findall(r"^```(?:sh|bash|console)?\n(.*?)^```", section[1], re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture
def copy() -> Iterator[Path]:
    """The tree without anything made in it, with this run's packages as its .venv."""
    made = Path(tempfile.mkdtemp(prefix="portal-start-"))
    made.chmod(0o755)
    tree = made / ("a fresh copy of the portal, " + "far down " * 8).strip()
    shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
    (tree / ".venv").symlink_to(sys.prefix)
    yield tree
    shutil.rmtree(made, ignore_errors=True)


def status(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def wait_for_text(log: Path, text: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    until = time.monotonic() + seconds
    while text not in log.read_text(errors="replace"):
        said = log.read_text(errors="replace")[-3000:]
        assert process.poll() is None, f"it ended with {process.returncode}: {said}"
        assert time.monotonic() < until, f"{text!r} was not said in {seconds} s: {said}"
        time.sleep(0.05)


def test_quick_start_is_two_commands() -> None:
    assert quick_start() == ["make run", "make test"]


def test_quick_start_names_commands_that_exist() -> None:
    for command in quick_start():
        subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.start
@pytest.mark.timeout(180)
def test_quick_start_runs_as_written(copy: Path) -> None:
    port, log = free_port(), copy.with_name("output")
    variables = {name: value for name, value in environment(copy).items() if name not in ("PORTAL_VAR", "DEMO")}
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S602  as a reader would type it
            quick_start()[0],
            shell=True,
            cwd=copy,
            env=variables | {"PORT": str(port)},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_for_text(log, f"The portal runs at http://localhost:{port}", process, 90)
        wait_for_text(log, "admin@demo.example", process, 60)
        assert {path: status(port, path) for path in ("/", "/meetups/", "/dashboard/", "/healthz")} == {
            "/": 200,
            "/meetups/": 200,
            "/dashboard/": 200,
            "/healthz": 200,
        }
        assert len(processes_of(copy)) > 3
    finally:
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=15)
    assert time.monotonic() - began < 10
    assert processes_of(copy) == []
    assert "All ended" in log.read_text()
