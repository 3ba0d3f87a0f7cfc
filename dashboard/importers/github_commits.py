"""Commits as GraphQL gives them: those that were pushed directly, and which turned out to belong to a change."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard import kinds
from dashboard.importers import cleaning, github_items
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, Record, Rejected

_OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
#: The address GitHub gives people who keep their own to themselves: their id and their name.
_NAMELESS = re.compile(r"(\d{1,18})\+([\w.-]{1,80}(?:\[bot\])?)@users\.noreply\.github\.com", re.ASCII)


def direct(items: list[Any], *, now: datetime) -> tuple[list[Record | Rejected], tuple[str, ...]]:
    """Commits without a pull request as records; the external ids of those that have one."""
    found: list[Record | Rejected] = []
    merged = []
    for item in items:
        try:
            record, is_direct = _commit(item, now)
        except BadItem as problem:
            found.append(cleaning.rejected(kinds.COMMIT, item, str(problem)))
            continue
        if is_direct:
            found.append(record)
        else:
            merged.append(record.external_id)
    return found, tuple(merged)


def _commit(item: Any, now: datetime) -> tuple[Record, bool]:
    if not isinstance(item, Mapping):
        raise BadItem("the item is no object")
    oid = item.get("oid")
    if not isinstance(oid, str) or not _OID.fullmatch(oid):
        raise BadItem("“oid” is missing or no name of a commit")
    pulls = item.get("associatedPullRequests")
    n_pulls = cleaning.whole_number(pulls.get("totalCount")) if isinstance(pulls, Mapping) else None
    if n_pulls is None:
        raise BadItem("“associatedPullRequests” is missing")
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(item, "committedDate"), now)
    record = Record(
        external_id=f"{kinds.COMMIT}:{oid}",
        kind=kinds.COMMIT,
        occurred_at=occurred_at,
        account=_author(item.get("author")),
        title=cleaning.text(item.get("messageHeadline")),
        url=cleaning.web_address(item.get("url")),
        is_clamped=is_clamped,
    )
    return record, n_pulls == 0


def _author(author: Any) -> Account | None:
    """The account a commit belongs to; None where its address belongs to nobody known. No address is ever kept."""
    known = author if isinstance(author, Mapping) else {}
    if isinstance(known.get("user"), Mapping):
        return github_items.actor(known["user"])
    email = known.get("email")
    match = _NAMELESS.fullmatch(email) if isinstance(email, str) else None
    if match is None:
        return None
    login = match[2]
    return Account(uid=str(int(match[1])), username=login, is_bot=login.endswith("[bot]"))
