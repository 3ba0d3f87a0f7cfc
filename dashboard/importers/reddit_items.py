"""What Reddit's things mean: pure functions from any JSON to a record, a dead letter, or word that it is gone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning, epochs
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, Record, Rejected

SITE: Final = "https://www.reddit.com"
SUBMISSION: Final = "t3"
COMMENT: Final = "t1"
MORE: Final = "more"
KINDS: Final = {SUBMISSION: kinds.SUBMISSION, COMMENT: kinds.COMMENT}
_NO_CONTENT: Final = frozenset({"[deleted]", "[removed]", "[deleted by user]"})
_BOTS: Final = frozenset({"automoderator"})


@dataclass(frozen=True, slots=True)
class Gone:
    """Something that its author or a moderator has taken away: nothing of it may stay with us."""

    external_id: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a list of things holds. `orphaned`, `closed` and `gone` as in `records.Page`."""

    records: tuple[Record, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    gone: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stub:
    """A `more` stub: the comments it stands for, or the comment below which the thread goes on."""

    children: tuple[str, ...]
    below: str = ""


def own_id(value: Any) -> str:
    """An id in base 36, "" for anything else."""
    return value if isinstance(value, str) and re.fullmatch(r"[0-9a-z]{1,13}", value) else ""


def id_of(fullname: Any, kind: str) -> str:
    """The id in a fullname of this kind (t3_abc), "" for anything else."""
    prefix, _, rest = fullname.partition("_") if isinstance(fullname, str) else ("", "", "")
    return own_id(rest) if prefix == kind else ""


def fullname_of(external_id: str) -> str:
    """t3_abc for submission:abc."""
    kind, _, rest = external_id.partition(":")
    return f"{SUBMISSION if kind == kinds.SUBMISSION else COMMENT}_{rest}"


def found_in(things: Iterable[Any], *, now: datetime) -> Found:
    """Everything a list holds, one of each id; stubs are left out."""
    by_id: dict[str, Record | Rejected | Gone] = {}
    orphaned: set[str] = set()
    closed: set[str] = set()
    for thing in things:
        one = normalise(thing, now=now)
        if one is None:
            continue
        by_id[one.external_id] = one
        if isinstance(one, Record) and one.account is None:
            (closed if _has_text(thing["data"]) else orphaned).add(one.external_id)
    return Found(
        tuple(one for one in by_id.values() if isinstance(one, Record)),
        tuple(one for one in by_id.values() if isinstance(one, Rejected)),
        tuple(one.external_id for one in by_id.values() if isinstance(one, Gone)),
        tuple(sorted(orphaned)),
        tuple(sorted(closed)),
    )


def normalise(thing: Any, *, now: datetime) -> Record | Rejected | Gone | None:
    """A submission or comment; None for stubs and advertisements."""
    kind = thing.get("kind") if isinstance(thing, Mapping) else None
    data = thing.get("data") if isinstance(thing, Mapping) else None
    if kind == MORE:
        return None
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(data, Mapping):
        return cleaning.rejected("thing", thing, "The item is neither a submission nor a comment")
    if data.get("promoted") is True:
        return None
    number = own_id(data.get("id"))
    try:
        if not number:
            raise BadItem("“id” is missing or no id of Reddit")
        external_id = f"{KINDS[kind]}:{number}"
        return Gone(external_id) if is_gone(data) else _record(kind, external_id, number, data, now)
    except BadItem as problem:
        letter = cleaning.rejected(KINDS[kind], data, str(problem))
        return Rejected(f"{KINDS[kind]}:{number}", letter.reason, letter.payload) if number else letter


def is_gone(data: Mapping[str, Any]) -> bool:
    """Whether author or moderators took it away; the place in the thread is all that is left then."""
    if data.get("removed_by_category"):
        return True
    return any(data.get(name) in _NO_CONTENT for name in ("body", "selftext") if isinstance(data.get(name), str))


def _has_text(data: Mapping[str, Any]) -> bool:
    """Text that stayed when its author vanished: then the account is gone, not the post."""
    return any(isinstance(data.get(name), str) and bool(data[name].strip()) for name in ("body", "selftext"))


def _record(kind: str, external_id: str, number: str, data: Mapping[str, Any], now: datetime) -> Record:
    occurred_at, is_clamped = cleaning.clamped(epochs.required(data, "created_utc"), now)
    root = number if kind == SUBMISSION else id_of(data.get("link_id"), SUBMISSION)
    if not root:
        raise BadItem("“link_id” is missing or no submission")
    permalink = data.get("permalink")
    path = f"/comments/{root}/" if kind == SUBMISSION else f"/comments/{root}/_/{number}/"
    is_path = isinstance(permalink, str) and re.fullmatch(r"/r/[\w/%.-]{3,400}", permalink)
    return Record(
        external_id=external_id,
        kind=KINDS[kind],
        occurred_at=occurred_at,
        account=account_of(data),
        thread=f"{kinds.SUBMISSION}:{root}",
        # Only some lists tell a comment the title of its submission: it would change back and forth.
        title=cleaning.text(data.get("title")) if kind == SUBMISSION else "",
        url=f"{SITE}{permalink if kind == SUBMISSION and is_path else path}",
        source_updated_at=epochs.past(data.get("edited"), now) or occurred_at,
        likes=min(max(cleaning.whole_number(data.get("score")) or 0, 0), 2**31 - 1),
        is_clamped=is_clamped,
    )


def account_of(data: Mapping[str, Any]) -> Account | None:
    """The author; None for one who is gone. Old answers hold no id: the name, which nobody can change, serves then."""
    name = cleaning.text(data.get("author"), 40)
    if not name or name == "[deleted]":
        return None
    number = id_of(data.get("author_fullname"), "t2")
    return Account(
        uid=f"t2_{number}" if number else f"name:{name.lower()}",
        username=name,
        is_bot=name.lower() in _BOTS,
        url=f"{SITE}/user/{name}" if re.fullmatch(r"[\w-]{1,40}", name, re.ASCII) else "",
    )


def flattened(things: Iterable[Any]) -> Iterator[Any]:
    """A tree of comments as a row, stubs among them."""
    waiting = list(things)
    while waiting:
        thing = waiting.pop()
        yield thing
        data = thing.get("data") if isinstance(thing, Mapping) else None
        replies = data.get("replies") if isinstance(data, Mapping) else None
        inner = replies.get("data") if isinstance(replies, Mapping) else None
        children = inner.get("children") if isinstance(inner, Mapping) else None
        waiting += children if isinstance(children, list) else []


def stub(thing: Any) -> Stub | None:
    """What a `more` stub stands for, None when the thing is none."""
    if not isinstance(thing, Mapping) or thing.get("kind") != MORE or not isinstance(thing.get("data"), Mapping):
        return None
    data = thing["data"]
    listed = data.get("children")
    children = tuple(filter(None, map(own_id, listed))) if isinstance(listed, list) else ()
    return Stub(children, "" if children else id_of(data.get("parent_id"), COMMENT))


def created(thing: Any) -> float | None:
    """Epoch seconds of a thing, None when it tells none."""
    data = thing.get("data") if isinstance(thing, Mapping) else None
    found = epochs.moment(data.get("created_utc")) if isinstance(data, Mapping) else None
    return None if found is None else found.timestamp()


def fullname(thing: Any) -> str:
    """The fullname of a submission or comment, "" for anything else."""
    data = thing.get("data") if isinstance(thing, Mapping) else None
    number = own_id(data.get("id")) if isinstance(data, Mapping) else ""
    kind = thing.get("kind") if number else None
    return f"{kind}_{number}" if isinstance(kind, str) and kind in KINDS else ""
