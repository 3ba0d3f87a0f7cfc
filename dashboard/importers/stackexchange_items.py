"""What Stack Exchange's objects mean: pure functions from any JSON to a record or a dead letter."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from dashboard import kinds
from dashboard.importers import cleaning, epochs
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, Record, Rejected

_OWN_HOSTS: Final = frozenset({"stackoverflow", "serverfault", "superuser", "askubuntu", "mathoverflow", "stackapps"})
#: The field with the id of each kind of object.
ID_FIELDS: Final = {kinds.QUESTION: "question_id", kinds.ANSWER: "answer_id", kinds.COMMENT: "comment_id"}


@dataclass(frozen=True, slots=True)
class Thread:
    """The question that answers and comments belong to."""

    id: int
    title: str

    @property
    def key(self) -> str:
        return thread_key(self.id)


def thread_key(question_id: int) -> str:
    return f"question:{question_id}"


def site_url(site: str) -> str:
    """Where people read a site of the network: https://stackoverflow.com, https://gis.stackexchange.com."""
    name = site.strip().lower()
    if not re.fullmatch(r"[a-z0-9.-]{1,80}", name):
        return "https://stackexchange.com"
    if name in _OWN_HOSTS:
        return f"https://{name}.com" if name != "mathoverflow" else "https://mathoverflow.net"
    return f"https://{name}" if re.search(r"\.(com|net|org)$", name) else f"https://{name}.stackexchange.com"


def tag_url(site: str, tag: str) -> str:
    return f"{site_url(site)}/questions/tagged/{quote(tag, safe='')}"


def normalise(kind: str, item: Any, *, site: str, threads: Mapping[int, Thread], now: datetime) -> Record | Rejected:
    """A record of a question, answer or comment; `threads` holds the questions by the ids of all their posts."""
    if not isinstance(item, Mapping):
        return cleaning.rejected(kind, item, "The item is no object")
    try:
        return _record(kind, item, site_url(site), threads, now)
    except BadItem as problem:
        number = cleaning.whole_number(item.get(ID_FIELDS[kind]))
        letter = cleaning.rejected(kind, item, str(problem))
        return letter if number is None else Rejected(f"{kind}:{number}", letter.reason, letter.payload)


def _record(kind: str, item: Mapping[str, Any], url: str, threads: Mapping[int, Thread], now: datetime) -> Record:
    number = cleaning.required_id(item, ID_FIELDS[kind])
    occurred_at, is_clamped = cleaning.clamped(epochs.required(item, "creation_date"), now)
    thread = _thread(kind, item, number, threads)
    is_accepted = kind == kinds.ANSWER and item.get("is_accepted") is True
    return Record(
        external_id=f"{kind}:{number}",
        kind=kind,
        occurred_at=occurred_at,
        account=account_of(item.get("owner"), url),
        state=kinds.STATE_ACCEPTED if is_accepted else kinds.STATE_NONE,
        thread=thread.key,
        title=thread.title,
        url=_link(kind, item, number, thread, url),
        source_updated_at=epochs.past(item.get("last_edit_date"), now) or occurred_at,
        likes=min(max(cleaning.whole_number(item.get("score")) or 0, 0), 2**31 - 1),
        is_clamped=is_clamped,
    )


def _thread(kind: str, item: Mapping[str, Any], number: int, threads: Mapping[int, Thread]) -> Thread:
    if kind == kinds.QUESTION:
        return Thread(number, title_of(item))
    field = "question_id" if kind == kinds.ANSWER else "post_id"
    found = threads.get(cleaning.required_id(item, field))
    if found is None:
        raise BadItem(f"“{field}” is none of the posts that were asked about")
    return found


def title_of(item: Mapping[str, Any]) -> str:
    """The title of a question; the service sends it escaped for HTML."""
    return cleaning.text(_unescaped(item.get("title")))


def account_of(owner: Any, url: str) -> Account | None:
    """The author; None for a deleted user, of whom only a name is left. Ids below zero are the site itself."""
    if not isinstance(owner, Mapping) or owner.get("user_type") == "does_not_exist":
        return None
    number = cleaning.whole_number(owner.get("user_id"))
    if number is None:
        return None
    return Account(
        uid=str(number),
        username=cleaning.text(_unescaped(owner.get("display_name")), cleaning.NAME_LIMIT),
        is_bot=number < 0,
        url=cleaning.web_address(owner.get("link")) or f"{url}/users/{number}",
    )


def _link(kind: str, item: Mapping[str, Any], number: int, thread: Thread, url: str) -> str:
    if kind == kinds.QUESTION:
        return cleaning.web_address(item.get("link")) or f"{url}/q/{number}"
    if kind == kinds.ANSWER:
        return f"{url}/a/{number}"
    return f"{url}/q/{thread.id}#comment{number}_{cleaning.required_id(item, 'post_id')}"


def _unescaped(value: Any) -> Any:
    return html.unescape(value[:2_000]) if isinstance(value, str) else value
