"""Both bundled servers, started for real in folders of every kind, killed, and started again."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from portal.local import addresses
from portal.local.bundle import needed, up
from portal.local.postgres import Postgres
from portal.local.processes import born
from portal.local.state import ROOT, LocalError, password, write_private
from portal.local.valkey import Valkey
from tests.local.conftest import Run, environment, processes_of

DEEP = "a folder with spaces, 'quotes' and a long name that goes on and on/" + "x" * 60


@pytest.fixture
def postgres(var: Path) -> Iterator[Postgres]:
    """A started PostgreSQL of ours."""
    server = Postgres(var)
    assert server.try_own("a test")
    server.start()
    server.wait_ready()
    yield server
    server.stop()


@pytest.fixture
def valkey(var: Path) -> Iterator[Valkey]:
    """A started Valkey of ours."""
    server = Valkey(var)
    assert server.try_own("a test")
    server.start()
    server.wait_ready()
    yield server
    server.stop()


def ask(url: str, question: str) -> object:
    """The first value PostgreSQL answers."""
    with psycopg.connect(url.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("name", ["plain", DEEP])
def test_servers_serve_in_any_folder(folder: Path, name: str) -> None:
    var = folder / name
    with up(var, "a test") as found:
        assert ask(found["DATABASE_URL"], "SHOW data_checksums") == "on"
        assert redis.Redis.from_url(found["REDIS_URL"]).ping() is True
        assert len(processes_of(var)) >= 1
    assert processes_of(var) == []
    outside = addresses.addresses_for(var).socket_dir
    assert outside is not None
    assert outside.is_relative_to(var) == (name == "plain")


def test_postgres_is_set_up_as_the_notes_tell(postgres: Postgres) -> None:
    url = postgres.url()
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SHOW client_connection_check_interval") == "1s"
    assert ask(url, "SELECT datlocale FROM pg_database WHERE datname = 'portal' AND datlocprovider = 'b'") == "C.UTF-8"
    assert ask(url, "SELECT rolcreatedb AND NOT rolsuper FROM pg_roles WHERE rolname = current_user") is True
    assert ask(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'portal'") == "portal"
    for extension in ("pg_trgm", "unaccent", "btree_gist"):
        execute(url, f"CREATE EXTENSION {extension}")


def test_postgres_lets_nobody_in_without_the_password(postgres: Postgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(postgres.url().replace(password(postgres.var, "database"), "wrong"), "SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(f"postgresql://postgres:x@/postgres?host={postgres.folder / 'socket'}", "SELECT 1")


def test_postgres_folders_are_closed_to_others(postgres: Postgres) -> None:
    for path in (postgres.folder, postgres.data, postgres.folder / "socket"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert postgres.data.stat().st_uid != 0, "PostgreSQL never runs as root"


def test_postgres_loses_nothing_when_killed(postgres: Postgres) -> None:
    execute(postgres.url(), "CREATE TABLE kept (n int)")
    for number in range(3):
        execute(postgres.url(), f"INSERT INTO kept SELECT {number}")
        assert postgres.process is not None
        postgres.process.kill()
        postgres.process.wait()
        assert postgres.has_died()
        postgres.start()
        postgres.wait_ready()
    assert ask(postgres.url(), "SELECT array_agg(n ORDER BY n) FROM kept") == [0, 1, 2]


def test_postgres_starts_over_a_stale_pid_file(postgres: Postgres) -> None:
    pid_file = postgres.data / "postmaster.pid"
    stale = pid_file.read_text().splitlines()
    assert postgres.process is not None
    postgres.process.kill()
    postgres.process.wait()
    # The pid of the dead server now belongs to a stranger: this very test.
    pid_file.write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
    assert not postgres.is_ready()
    postgres.start()
    postgres.wait_ready()
    assert ask(postgres.url(), "SELECT 1") == 1


@pytest.mark.parametrize("text", ["", "\n", "12", "not a number\n" * 8])
def test_postgres_with_a_torn_pid_file_is_not_ready(var: Path, text: str) -> None:
    server = Postgres(var)
    server.data.mkdir(parents=True)
    (server.data / "postmaster.pid").write_text(text)
    assert server.is_ready() is False
    server.clear_crash()
    assert not (server.data / "postmaster.pid").exists()


def test_postgres_ends_a_server_that_outlived_its_owner(postgres: Postgres, var: Path) -> None:
    assert postgres.process is not None
    orphan = postgres.process
    heir = Postgres(var)
    assert not heir.try_own("a second owner"), "one owner at a time"
    postgres.process = None
    postgres.stop()
    assert born(orphan.pid) is not None
    assert heir.try_own("the heir")
    heir.start()
    heir.wait_ready()
    assert orphan.wait(timeout=5) == 0
    assert ask(heir.url(), "SELECT 1") == 1
    heir.stop()


def test_postgres_takes_a_half_made_cluster_for_none(var: Path) -> None:
    server = Postgres(var)
    (server.folder / "data.new").mkdir(parents=True)
    (server.folder / "data.new" / "PG_VERSION").write_text("18\n")
    server.data.mkdir()
    server.start()
    server.wait_ready()
    assert ask(server.url(), "SELECT 1") == 1
    server.stop()


def test_postgres_refuses_data_of_another_version(postgres: Postgres) -> None:
    postgres.stop()
    (postgres.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(LocalError, match=r"made by PostgreSQL 16, the installed one is 18"):
        postgres.start()


def test_valkey_wants_its_password_and_keeps_what_it_has(valkey: Valkey) -> None:
    client = redis.Redis.from_url(valkey.url())
    client.set("key", "value")
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    assert client.config_get("appendfsync") == {"appendfsync": "everysec"}
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(valkey.url().replace(password(valkey.var, "valkey"), "wrong")).ping()
    client.close()
    valkey.stop()
    assert valkey.try_own("again")
    valkey.start()
    valkey.wait_ready()
    assert redis.Redis.from_url(valkey.url()).get("key") == b"value"


def test_valkey_puts_a_damaged_log_aside(valkey: Valkey) -> None:
    redis.Redis.from_url(valkey.url()).set("key", "value")
    valkey.stop()
    (valkey.folder / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense")
    assert valkey.try_own("again")
    valkey.start()
    valkey.wait_ready()
    assert redis.Redis.from_url(valkey.url()).get("key") is None
    assert [path.name[:20] for path in valkey.folder.glob("appendonlydir.broken-*")] == ["appendonlydir.broken"]


def test_server_that_cannot_start_says_why(var: Path) -> None:
    server = Postgres(var)
    server.start()
    server.wait_ready()
    server.stop()
    (server.data / "postgresql.conf").write_text("nonsense = 1\n")
    server.start()
    with pytest.raises(LocalError, match=r"PostgreSQL did not start; .*nonsense"):
        server.wait_ready()
    server.stop()


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize(
    ("given", "names"),
    [
        ((), ["postgres", "valkey"]),
        (("DATABASE_URL",), ["valkey"]),
        (("REDIS_URL_FILE",), ["postgres"]),
        (("DATABASE_URL_FILE", "REDIS_URL"), []),
    ],
)
def test_needed_are_the_servers_without_an_address(
    var: Path, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...], names: list[str]
) -> None:
    for name in given:
        monkeypatch.setenv(name, "x")
    assert [server.name for server in needed(var)] == names


def test_with_returns_the_exit_code_and_ends_everything(launch: Run, var: Path) -> None:
    shown = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'], os.environ['PORTAL_VAR']); exit(7)"
    done = launch("with", "--", sys.executable, "-c", shown)
    assert done.returncode == 7
    assert done.stdout.split() == [addresses.database_url_for(var), addresses.redis_url_for(var), str(var)]
    assert processes_of(var) == []


def test_with_says_what_cannot_be_run(launch: Run, var: Path) -> None:
    done = launch("with", "--", "no-such-program")
    assert done.returncode == 1
    assert done.stderr == "no-such-program cannot be run: No such file or directory.\n"
    assert processes_of(var) == []


def test_two_commands_share_the_servers(launch: Run, var: Path) -> None:
    """The first one started them and ends earlier; they stay up until the second has ended too."""
    marks = var.parent
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(marks)!r}, 'NAME').exists(): time.sleep(0.02)"
    argv = [sys.executable, "-m", "portal.local", "with", "--", sys.executable, "-c"]
    first = subprocess.Popen([*argv, wait.replace("NAME", "first")], cwd=ROOT, env=environment(var))
    until = time.monotonic() + 20
    while not Valkey(var).is_ready() and time.monotonic() < until:
        time.sleep(0.05)
    ask_late = (
        f"import pathlib; pathlib.Path({str(marks)!r}, 'first').touch(); import os, time, psycopg; time.sleep(0.7);"
        "print(psycopg.connect(os.environ['DATABASE_URL']).execute('SELECT 42').fetchone())"
    )
    second = launch("with", "--", sys.executable, "-c", ask_late)
    assert (second.returncode, second.stdout) == (0, "(42,)\n")
    assert first.wait(timeout=20) == 0
    assert processes_of(var) == []


def test_start_after_kill_of_the_owner(launch: Run, var: Path) -> None:
    argv = [sys.executable, "-m", "portal.local", "with", "--", sys.executable, "-c", "import time; time.sleep(60)"]
    for _ in range(3):
        owner = subprocess.Popen(argv, cwd=ROOT, env=environment(var))
        until = time.monotonic() + 20
        while not Valkey(var).is_ready() and time.monotonic() < until:
            time.sleep(0.02)
        owner.send_signal(signal.SIGKILL)
        owner.wait()
        assert launch("with", "--", "true").returncode == 0
    assert processes_of(var) == []


def test_state_of_someone_else_is_told_in_a_sentence(launch: Run, var: Path) -> None:
    """A file stands where the folder should be: what an owner of another name meets reads the same."""
    write_private(var, "a file")
    done = launch("with", "--", "true")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "set PORTAL_VAR to another folder" in done.stderr
