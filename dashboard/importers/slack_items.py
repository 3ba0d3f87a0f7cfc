"""What Slack's objects mean: pure functions from any JSON to a record, a dead letter or nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, Record, Rejected

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TS: Final = re.compile(r"([0-9]{9,11})\.([0-9]{1,6})")
_ID: Final = re.compile(r"[A-Z0-9]{2,40}")
#: What people write; everything else with a subtype is a notice of Slack or of a program.
_WRITTEN: Final = frozenset({"me_message", "file_share", "thread_broadcast"})
_SLACKBOT: Final = "USLACKBOT"
#: A reply that starts so is off the record, or does not name its author.
_UNRECORDED: Final = (":no_entry_sign:", "\N{NO ENTRY SIGN}")
_UNNAMED: Final = (":bust_in_silhouette:", "\N{BUST IN SILHOUETTE}")


@dataclass(frozen=True, slots=True)
class Room:
    """The channel that messages are read of; `site` is the workspace's web address, "" when not known."""

    key: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A public channel of the workspace."""

    key: str
    name: str
    is_archived: bool
    is_member: bool


def place(item: Any) -> Place | None:
    """A channel of conversations.list; None for what is none or is not public."""
    if not isinstance(item, Mapping) or item.get("is_private") is True:
        return None
    key = item.get("id")
    if not isinstance(key, str) or not _ID.fullmatch(key):
        return None
    name = cleaning.text(item.get("name"), cleaning.NAME_LIMIT) or key
    return Place(key, name, item.get("is_archived") is True, item.get("is_member") is True)


def micros(ts: Any) -> int | None:
    """Microseconds of a time stamp "1712345678.000200"; None for anything else. Never a float: it would be rounded."""
    match = _TS.fullmatch(ts) if isinstance(ts, str) else None
    return int(match[1]) * 1_000_000 + int(match[2].ljust(6, "0")) if match else None


def stamp(when: datetime) -> str:
    """The time stamp of a moment."""
    whole = (when - _EPOCH) // timedelta(microseconds=1)
    return f"{whole // 1_000_000}.{whole % 1_000_000:06}"


def moment(ts: str) -> datetime:
    """The moment of a time stamp that `micros` knows."""
    return _EPOCH + timedelta(microseconds=micros(ts) or 0)


def message_id(channel: str, ts: str) -> str:
    return f"message:{channel}:{ts}"


def thread_id(channel: str, ts: str) -> str:
    return f"thread:{channel}:{ts}"


def normalise(item: Any, *, room: Room, now: datetime) -> Record | Rejected | None:
    """A message or reply as a record; None for what no person wrote or asked to leave out."""
    if not isinstance(item, Mapping):
        return cleaning.rejected("message", item, "it is no object")
    try:
        return _record(item, room, now) if _is_written(item) else None
    except BadItem as problem:
        letter = cleaning.rejected("message", item, str(problem))
        known = micros(item.get("ts")) is not None
        own = message_id(room.key, item["ts"]) if known else f"{letter.external_id}:{room.key}"
        return Rejected(own, letter.reason, letter.payload)


def _is_written(item: Mapping[str, Any]) -> bool:
    """By a person, and not gone: what programs, joins and tombstones are is seen without looking at the author."""
    subtype = item.get("subtype")
    is_notice = subtype is not None and (not isinstance(subtype, str) or subtype not in _WRITTEN)
    is_other = item.get("type", "message") != "message" or item.get("hidden") is True
    return not (is_notice or is_other or item.get("bot_id") or item.get("user") == _SLACKBOT)


def _record(item: Mapping[str, Any], room: Room, now: datetime) -> Record | None:
    ts = _stamp(item, "ts")
    thread = ts if item.get("thread_ts") is None else _stamp(item, "thread_ts")
    occurred_at = moment(ts)
    if occurred_at < cleaning.EARLIEST:
        raise BadItem("“ts” lies before 1990")
    is_reply = thread != ts
    text = item["text"].lstrip() if isinstance(item.get("text"), str) else ""
    if is_reply and text.startswith(_UNRECORDED):
        return None
    is_unnamed = is_reply and text.startswith(_UNNAMED)
    when, is_clamped = cleaning.clamped(occurred_at, now)
    return Record(
        # A reply that loses its author's name later is another row: an author of a stored row never changes.
        external_id=message_id(room.key, ts) + (":unnamed" if is_unnamed else ""),
        kind=kinds.REPLY if is_reply else kinds.MESSAGE,
        occurred_at=when,
        account=None if is_unnamed else account_of(item),
        thread=thread_id(room.key, thread),
        url=_link(room, ts, thread),
        source_updated_at=_edited_at(item.get("edited"), now),
        is_clamped=is_clamped,
    )


def _stamp(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or micros(value) is None:
        raise BadItem(f"“{name}” is missing or no time stamp")
    return value


def account_of(item: Mapping[str, Any]) -> Account | None:
    """The author; None where Slack no longer names one.

    Without a name: the profile in a message is as old as the message, names come with the list of people.
    """
    if "user" not in item:
        raise BadItem("“user” is missing")
    uid = item["user"]
    if uid is None:
        return None
    if not isinstance(uid, str) or not _ID.fullmatch(uid):
        raise BadItem("“user” is no id of a person")
    return Account(uid)


def person(item: Any, *, with_address: bool = False) -> Account | None:
    """A person of users.list; None for what is none. Of addresses only those that Slack made sure of, where wanted."""
    uid = item.get("id") if isinstance(item, Mapping) else None
    if not isinstance(uid, str) or not _ID.fullmatch(uid):
        return None
    profile = item.get("profile")
    named = profile if isinstance(profile, Mapping) else {}
    shown, real, login = (
        cleaning.text(value, cleaning.NAME_LIMIT)
        for value in (named.get("display_name"), named.get("real_name"), item.get("name"))
    )
    is_known = with_address and item.get("is_email_confirmed") is True
    return Account(
        uid,
        shown or login,
        real,
        item.get("is_bot") is True or uid == _SLACKBOT,
        email=cleaning.mail_address(named.get("email")) if is_known else "",
        is_email_verified=is_known,
    )


def _edited_at(edited: Any, now: datetime) -> datetime | None:
    ts = edited.get("ts") if isinstance(edited, Mapping) else None
    known = isinstance(ts, str) and micros(ts) is not None
    return cleaning.clamped(moment(str(ts)), now)[0] if known else None


def _link(room: Room, ts: str, thread: str) -> str:
    if not room.site:
        return ""
    link = f"{room.site}/archives/{room.key}/p{ts.replace('.', '')}"
    return link if thread == ts else f"{link}?thread_ts={thread}&cid={room.key}"
