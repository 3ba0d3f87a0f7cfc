"""The demo's sign-ins: fixed addresses, passwords made for each installation and kept where only its owner reads."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from portal.pages.demo.places_of_work import DOMAIN

ROLES = ("admin", "lead", "reviewer", "organiser", "partner", "member")
#: Auth groups (made by migrations) that the staff of the demo belong to.
STAFF_GROUPS = {
    "reviewer": ("Application reviewers", "Contribution reviewers"),
    "lead": ("Application leads", "Contribution reviewers"),
}
#: Letters and digits that nobody mixes up.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Signin(NamedTuple):
    """Role of the demo's cast, address and password."""

    role: str
    email: str
    password: str


def path() -> Path:
    return Path(settings.VAR_DIR) / "demo_signins.json"


def signins() -> list[Signin]:
    """What was made when the demo was loaded here; empty when it was not, or when the file is gone."""
    try:
        kept = json.loads(path().read_text(encoding="utf-8"))
        return [Signin(str(row["role"]), str(row["email"]), str(row["password"])) for row in kept]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def new_signins() -> list[Signin]:
    """The cast with fresh passwords of 16 signs, 79 bits each."""
    return [Signin(role, f"{role}@{DOMAIN}", _password()) for role in ROLES]


def _password() -> str:
    return "-".join("".join(secrets.choice(_ALPHABET) for _sign in range(4)) for _part in range(4))


def keep(rows: Sequence[Signin]) -> None:
    """Write the file with mode 0600, whole or not at all."""
    target = path()
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump([row._asdict() for row in rows], file, indent=1)
    fresh.replace(target)


def forget() -> None:
    path().unlink(missing_ok=True)
