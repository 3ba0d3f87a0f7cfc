"""Reading the environment: secrets with their `*_FILE` twins, and the key a single machine makes for itself."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def read_secret(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file NAME_FILE points at; `default` when neither is set.

    Raises ImproperlyConfigured, naming the variable, when the file cannot be read.
    """
    if value := os.environ.get(name, ""):
        return value
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        return default
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE points at {path}, which cannot be read: {error.strerror}.") from error


def secret_key(var_dir: Path) -> str:
    """SECRET_KEY from the environment, else one made once and kept in a file only its owner can read."""
    if key := read_secret("SECRET_KEY"):
        return key
    path = var_dir / "secret_key"
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _wait_for(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Set SECRET_KEY or SECRET_KEY_FILE: none is set and {path} cannot be written ({error.strerror})."
        ) from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def tile_origins(template: str) -> list[str]:
    """Where map tiles come from, for the content security policy: "https://{s}.example.org/{z}/{x}/{y}.png" means any
    host below example.org. None without tiles. Raises ImproperlyConfigured for what is no address of tiles."""
    if not template:
        return []
    address = urlsplit(template)
    is_whole = address.scheme in {"http", "https"} and all(part in template for part in ("{z}", "{x}", "{y}"))
    host = address.netloc.replace("{s}", "*")
    if not is_whole or not host or any(sign in host for sign in "{}'\"; ,"):
        raise ImproperlyConfigured(
            "MAP_TILES_URL must be an address such as https://tiles.example.org/{z}/{x}/{y}.png; none by default."
        )
    return [f"{address.scheme}://{host}"]


def _wait_for(path: Path) -> str:
    """The key another process is just writing; a torn file is an error, never an empty key."""
    import time

    for _ in range(50):
        if key := path.read_text(encoding="utf-8").strip():
            return key
        time.sleep(0.02)
    raise ImproperlyConfigured(f"{path} is empty: delete it, or set SECRET_KEY.")
