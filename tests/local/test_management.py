"""manage.py: servers for the length of a command when none is given, and nothing of this when both are."""

import subprocess
import sys
from pathlib import Path

import pytest

from portal.local.management import needs_servers
from portal.local.state import ROOT
from tests.local.conftest import environment, processes_of

LOADED = (
    "import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main();"
    "print([name for name in sys.modules if name.startswith('portal.local')])"
)


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        ([], False),
        (["help"], False),
        (["--version"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        (["import_activity", "--help"], False),
        (["import_activity"], True),
        (["migrate", "--noinput"], True),
        (["makemigrations", "--check"], True),
    ],
)
def test_command_gets_servers_only_where_it_needs_them(arguments: list[str], needed: bool) -> None:
    assert needs_servers(arguments) is needed


@pytest.mark.parametrize("suffix", ["", "_FILE"])
def test_both_addresses_given_leave_the_launcher_unloaded(var: Path, folder: Path, suffix: str) -> None:
    given = {"DATABASE_URL": "postgres://portal@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
    if suffix:
        for name, value in given.items():
            (folder / name).write_text(value)
        given = {f"{name}_FILE": str(folder / name) for name in given}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=ROOT,
        env=environment(var, **given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
    assert not (var / "servers.json").exists()


def test_command_without_addresses_brings_its_servers_and_ends_them(var: Path) -> None:
    argv = [sys.executable, "manage.py", "shell", "--no-imports", "-c"]
    code = (
        "from django.db import connection; from django.core.cache import cache; cache.set('a', 41);"
        "cursor = connection.cursor(); cursor.execute('SELECT 1'); print(cursor.fetchone()[0] + cache.get('a'))"
    )
    done = subprocess.run(
        [*argv, code], cwd=ROOT, env=environment(var), capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["42"]), done.stderr
    assert processes_of(var) == []
