"""Whom the bundled servers run as: the caller, or, when root calls, someone without privileges."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from portal.local.state import LocalError


@dataclass(frozen=True)
class Account:
    """An account to drop to; PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    name: str

    def own(self, path: Path) -> None:
        """Hands the folder or file over."""
        os.chown(path, self.uid, self.gid)


def server_account(var: Path) -> Account | None:
    """None when an ordinary user calls; for root the owner of the state or the project, else `nobody`."""
    if os.geteuid() != 0:
        return None
    existing = next(path for path in (var, *var.parents) if path.exists())
    owner = existing.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        return Account(owner or 65534, 65534, str(owner or 65534))
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def check_reach(account: Account | None, *paths: Path) -> None:
    """Raises LocalError naming the first folder above `paths` that the account may not enter."""
    if account is None:
        return
    for path in paths:
        for folder in reversed(path.parents):
            if folder.exists() and not _may_enter(folder.stat(), account):
                raise LocalError(
                    f"PostgreSQL does not run as root, and {account.name}, who runs it then, may not enter {folder}:"
                    f" run this as an ordinary user, move the project elsewhere, or chmod a+x {folder}."
                )


def _may_enter(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.uid:
        return bool(found.st_mode & 0o100)
    return bool(found.st_mode & (0o010 if found.st_gid == account.gid else 0o001))
