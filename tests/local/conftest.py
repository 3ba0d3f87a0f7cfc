"""State folders outside of the project, and a way to run the launcher as people do."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.local.state import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


def open_folder() -> Iterator[Path]:
    """An empty folder that every account may enter: pytest's own ones are closed to the one root drops to."""
    made = Path(tempfile.mkdtemp(prefix="portal-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An open folder of the test's own."""
    yield from open_folder()


@pytest.fixture
def var(folder: Path) -> Path:
    """A state folder that does not exist yet."""
    return folder / "var"


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that gives no server's address."""
    for name in ("DATABASE_URL", "REDIS_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE", "PORTAL_VAR"):
        monkeypatch.delenv(name, raising=False)


def environment(var: Path, **more: str) -> dict[str, str]:
    """What a shell that knows only PORTAL_VAR has."""
    left_out = {
        "DATABASE_URL",
        "REDIS_URL",
        "DATABASE_URL_FILE",
        "REDIS_URL_FILE",
        "MAKELEVEL",
        "PORT",
        "DJANGO_SETTINGS_MODULE",
    }
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {"PORTAL_VAR": str(var)} | more


@pytest.fixture
def launch(var: Path) -> Run:
    """`python -m portal.local ...` to its end."""

    def run(*arguments: str, var: Path = var, **more: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "portal.local", *arguments]
        return subprocess.run(
            argv, cwd=ROOT, env=environment(var, **more), capture_output=True, text=True, timeout=60, check=False
        )

    return run


def processes_of(var: Path) -> list[str]:
    """The command lines of living processes that name the state folder."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(var) in line and line.split()[1][0] != "Z"]
