"""Where the bundled servers are, or will be, reached: cheap to ask, starts nothing."""

import json
import os
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from portal.local.account import server_account
from portal.local.state import ensure_dir, free_port, is_port_free, password, read_json, var_dir, write_private

#: A socket address holds 107 bytes and a closing NUL (Linux; macOS has four fewer).
SOCKET_PATH_LIMIT = 103
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Addresses:
    """How to reach both servers; PostgreSQL by a socket in `socket_dir` or, without one, by a loopback port."""

    socket_dir: Path | None
    postgres_port: int
    valkey_port: int


def database_url() -> str:
    """The address of the bundled PostgreSQL in the form of libpq, as the settings take it."""
    return database_url_for(var_dir())


def redis_url() -> str:
    """The address of the bundled Valkey, for cache and broker alike."""
    return redis_url_for(var_dir())


def database_url_for(var: Path) -> str:
    """`database_url` of another state folder."""
    found, secret = addresses_for(var), password(var, "database")
    if found.socket_dir is None:
        return f"postgres://portal:{secret}@127.0.0.1:{found.postgres_port}/portal"
    return f"postgres://portal:{secret}@/portal?host={quote(str(found.socket_dir))}"


def redis_url_for(var: Path) -> str:
    """`redis_url` of another state folder."""
    return f"redis://:{password(var, 'valkey')}@127.0.0.1:{addresses_for(var).valkey_port}/0"


def addresses_for(var: Path) -> Addresses:
    """The addresses kept in `var/servers.json`; planned anew at the first call and when the folder was moved."""
    kept = read_json(var / "servers.json")
    if kept.get("var") != str(var):
        return _keep(var, Addresses(_socket_dir(var), 5432, free_port()))
    folder = kept.get("socket_dir")
    return Addresses(Path(folder) if folder else None, int(kept["postgres_port"]), int(kept["valkey_port"]))


def renew_valkey_port(var: Path) -> None:
    """Another port for Valkey when a stranger has taken the planned one."""
    found = addresses_for(var)
    if not is_port_free(found.valkey_port):
        _keep(var, Addresses(found.socket_dir, found.postgres_port, free_port()))


def renew_postgres_address(var: Path) -> None:
    """Another way to PostgreSQL when the planned socket folder is not to be had, or a stranger has the port."""
    found = addresses_for(var)
    if found.socket_dir is not None and (found.socket_dir.is_relative_to(var) or _is_private(var, found.socket_dir)):
        return
    if found.socket_dir is None and is_port_free(found.postgres_port):
        return
    _keep(var, Addresses(None, free_port(), found.valkey_port))


def _keep(var: Path, found: Addresses) -> Addresses:
    ensure_dir(var, 0o755)
    entry = {
        "var": str(var),
        "socket_dir": str(found.socket_dir) if found.socket_dir else None,
        "postgres_port": found.postgres_port,
        "valkey_port": found.valkey_port,
    }
    write_private(var / "servers.json", json.dumps(entry, indent=1))
    return found


def _socket_dir(var: Path) -> Path:
    """Beside the data where the path is short enough, else in the user's runtime folder, else a private one in /tmp."""
    inside = var / "postgres" / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    mark = f"{zlib.crc32(os.fsencode(var)):08x}"
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.geteuid() != 0 and os.access(runtime, os.W_OK | os.X_OK) and len(os.fsencode(runtime)) < 60:
        return Path(runtime) / f"portal-{mark}"
    from tempfile import gettempdir  # costs two megabytes, seldom needed

    return Path(gettempdir()) / f"portal-{os.geteuid()}-{mark}"


def _is_private(var: Path, folder: Path) -> bool:
    """Makes a folder outside of `var` for the servers' account; False when it is another's or too deep."""
    account = server_account(var)
    uid = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
        if account:
            account.own(folder)
    except FileExistsError:
        pass
    except OSError:
        return False
    found = folder.lstat()
    fits = len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT
    return fits and stat.S_ISDIR(found.st_mode) and found.st_uid == uid and stat.S_IMODE(found.st_mode) == 0o700
