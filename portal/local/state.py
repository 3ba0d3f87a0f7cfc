"""Where one machine keeps its state: the folder `var/`, small private files in it, and the fault that ends a start."""

import json
import os
import socket
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class LocalError(Exception):
    """A start that cannot go on; its text is one sentence that says what is wrong and what to do."""


def var_dir() -> Path:
    """The folder of all state, `var/` beside manage.py or PORTAL_VAR (a relative one counts from the project)."""
    return ROOT / (os.environ.get("PORTAL_VAR") or "var")


def ensure_dir(path: Path, mode: int) -> Path:
    """Makes the folder with just this mode whatever the umask; an existing one keeps its own."""
    if not path.is_dir():
        try:
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(mode)
        except OSError as error:
            raise LocalError(f"{path} cannot be made ({error.strerror}): set PORTAL_VAR to another folder.") from error
    return path


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step; only its owner can read it at any moment."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def password(var: Path, name: str) -> str:
    """The password kept in `var/secrets/NAME`, made at the first call; safe when two processes make it at once."""
    folder = ensure_dir(ensure_dir(var, 0o755) / "secrets", 0o700)
    path, draft = folder / name, folder / f".{name}.{os.getpid()}"
    try:
        if text := path.read_text(encoding="utf-8"):
            return text
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise LocalError(
            f"{path} belongs to someone else: run as its owner, or set PORTAL_VAR to another folder."
        ) from error
    write_private(draft, os.urandom(24).hex())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """The object in the file; an absent or torn one counts as empty."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_port_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether we could listen there (a port in TIME_WAIT counts as free)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
