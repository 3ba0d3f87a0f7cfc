"""Discussions as GraphQL gives them: the root, its comments and replies, and which of them is the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard import kinds
from dashboard.importers import cleaning, github_items
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Record, Rejected


def normalise(node: Any, said: list[Any], *, repository_id: str, now: datetime) -> list[Record | Rejected]:
    """A discussion, first, and what was said in it; a comment that was taken back is left out."""
    try:
        root = _root(node, repository_id, now)
    except BadItem as problem:
        return [cleaning.rejected(kinds.DISCUSSION, _with_id(node), str(problem))]
    chosen_at = cleaning.past_moment(node.get("answerChosenAt"), now)
    found: list[Record | Rejected] = [root]
    for one in said:
        if isinstance(one, Mapping) and one.get("deletedAt"):
            continue
        try:
            found.append(_reply(one, root.thread, chosen_at, now))
        except BadItem as problem:
            found.append(cleaning.rejected(kinds.DISCUSSION_REPLY, _with_id(one), str(problem)))
    return found


def nodes(connection: Any) -> list[Any]:
    """What a connection inside a node holds."""
    found = connection.get("nodes") if isinstance(connection, Mapping) else None
    return [one for one in found if one is not None] if isinstance(found, list) else []


def _with_id(node: Any) -> Any:
    return {**node, "id": node.get("databaseId")} if isinstance(node, Mapping) else node


def _root(node: Any, repository_id: str, now: datetime) -> Record:
    if not isinstance(node, Mapping):
        raise BadItem("the item is no object")
    number = cleaning.required_id(node, "number")
    return _record(node, kinds.DISCUSSION, f"{repository_id}#{number}", now, title=cleaning.text(node.get("title")))


def _reply(node: Any, thread: str, chosen_at: datetime | None, now: datetime) -> Record:
    if not isinstance(node, Mapping):
        raise BadItem("the item is no object")
    is_answer = node.get("isAnswer") is True
    state = kinds.STATE_ACCEPTED if is_answer else kinds.STATE_NONE
    return _record(node, kinds.DISCUSSION_REPLY, thread, now, state=state, credited_at=chosen_at if is_answer else None)


def _record(node: Mapping[str, Any], kind: str, thread: str, now: datetime, **fields: Any) -> Record:
    own_id = cleaning.required_id(node, "databaseId")
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(node, "createdAt"), now)
    if "author" not in node:
        raise BadItem("“author” is missing")
    return Record(
        external_id=f"{kind}:{own_id}",
        kind=kind,
        occurred_at=occurred_at,
        account=github_items.actor(node["author"]),
        thread=thread,
        url=cleaning.web_address(node.get("url")),
        source_updated_at=cleaning.past_moment(node.get("updatedAt"), now),
        is_clamped=is_clamped,
        **fields,
    )
