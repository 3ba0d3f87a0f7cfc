"""How a person looks without a picture: initials on one of six soft pairs, chosen by a stable hash."""

import hashlib
from collections.abc import Mapping
from typing import Any

PAIRS = 6


def initials(name: str) -> str:
    """One or two letters: first and last word of a name, or the first two of a handle such as priya-builds."""
    name = name.partition("@")[0]
    words = [word for word in name.replace("-", " ").replace("_", " ").replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return (name.strip()[:1] or "?").upper()
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return letters.upper()


def pair(seed: object) -> int:
    """1 to 6, by the SHA-256 of the member's id: the same on every server and version."""
    return hashlib.sha256(str(seed).encode()).digest()[0] % PAIRS + 1


def name_and_seed(person: Any) -> dict[str, Any]:
    """What an avatar needs, from a mapping or an object with name and seed (or handle, or id)."""

    def get(key: str) -> Any:
        return person.get(key) if isinstance(person, Mapping) else getattr(person, key, None)

    name = get("name") or get("handle") or "?"
    return {"name": str(name), "seed": get("seed") or get("handle") or get("id") or name}
