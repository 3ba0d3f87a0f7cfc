"""Which topic of the community's forum an address names, and who wrote in it. Pure: nothing is asked here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

from portal.clients.addresses import endpoint_of
from portal.clients.errors import ForbiddenAddress

_NUMBER = re.compile(r"[0-9]{1,10}\Z")
_HIGHEST = 2**31 - 1
#: What may stand behind a topic's number instead of a post's.
_ENDINGS = frozenset({"print", "summary", "last"})
_FORMATS = (".json", ".rss")
REGULAR_POST = 1


class NoTopic(ValueError):
    """The address names no topic of our forum; the text is a sentence for people."""


def topic_id_of(url: str, forum_url: str) -> int:
    """The number of the topic an address names, in any form the forum writes it; raises NoTopic.

    `/t/slug/12`, `/t/12`, `/t/slug/12/3` (the third post), with a query, a fragment, `.json` or the folder the forum
    lives in. The slug says nothing: it changes with the title. The forum refuses slugs of digits alone, so of two
    numbers the first is the topic.
    """
    parts = _path_below(url.strip(), forum_url)
    if len(parts) < 2 or parts[0] != "t":
        raise NoTopic(
            _("This is not the address of a thread. Open the thread and copy the address the browser shows then.")
        )
    words = [_bare(part) for part in parts[1:]]
    if not _NUMBER.match(words[0]):
        words = words[1:]
    is_known_form = 1 <= len(words) <= 2 and _NUMBER.match(words[0])
    if not is_known_form or not (len(words) == 1 or _NUMBER.match(words[1]) or words[1] in _ENDINGS):
        raise NoTopic(
            _("The address of a thread ends with its number. Open the thread and copy the address the browser shows.")
        )
    number = int(words[0])
    if not 0 < number <= _HIGHEST:
        raise NoTopic(_("No thread of the forum can have the number in this address."))
    return number


def _path_below(url: str, forum_url: str) -> list[str]:
    """The parts of the path inside the forum; raises NoTopic for another place than the forum itself."""
    names = {"forum": forum_url}
    if not forum_url:
        raise NoTopic(_("The community has no forum, so a thread cannot be looked at."))
    try:
        asked, ours = endpoint_of(url), endpoint_of(forum_url)
    except ForbiddenAddress as refusal:
        raise NoTopic(
            _("This is no address a browser could open: %(forum)s is where threads are.") % names
        ) from refusal
    if asked.host != ours.host:
        raise NoTopic(_("Only threads on the community's own forum count: %(forum)s.") % names)
    if asked != ours:
        raise NoTopic(_("The address has to begin as the forum's does: %(forum)s.") % names)
    path, folder = urlsplit(url).path, urlsplit(forum_url).path.rstrip("/")
    if folder and not path.startswith(f"{folder}/"):
        raise NoTopic(_("Only threads on the community's own forum count: %(forum)s.") % names)
    parts = path[len(folder) :].strip("/").split("/")
    if any(unquote(part) in {"", ".", ".."} for part in parts):
        raise NoTopic(_("This is no address a browser could open: %(forum)s is where threads are.") % names)
    return parts


def _bare(part: str) -> str:
    for ending in _FORMATS:
        part = part.removesuffix(ending)
    return part


@dataclass(frozen=True, slots=True)
class Poster:
    """Somebody who wrote in a thread, as the forum names them."""

    uid: str
    username: str
    name: str = ""


def posters_of(posts: Iterable[Any]) -> list[Poster]:
    """Who wrote the posts that stand, each once, in order; bots (numbers below 1), hidden and deleted posts left out.

    A post whose person is gone, or that lacks a field, is nobody's.
    """
    found: dict[str, Poster] = {}
    for post in posts:
        if not isinstance(post, Mapping) or not _stands(post):
            continue
        uid, username, name = post.get("user_id"), post.get("username"), post.get("name")
        if type(uid) is not int or uid < 1 or not isinstance(username, str) or not username:
            continue
        found.setdefault(str(uid), Poster(str(uid), username, name if isinstance(name, str) else ""))
    return list(found.values())


def _stands(post: Mapping[str, Any]) -> bool:
    is_regular = post.get("post_type", REGULAR_POST) == REGULAR_POST
    is_gone = post.get("deleted_at") or post.get("user_deleted") or post.get("hidden")
    return is_regular and not is_gone


def root_path_of(forum_link: str) -> tuple[Sequence[str], int | None]:
    """(slugs from the top, number or None) of the category that an address such as /c/parent/child/12 names."""
    parts = urlsplit(forum_link).path.strip("/").split("/")
    below = parts[parts.index("c") + 1 :] if "c" in parts else []
    number = int(below[-1]) if below and _NUMBER.match(below[-1]) else None
    return [unquote(part) for part in (below[:-1] if number is not None else below)], number


def ancestry(category_id: object, categories: Iterable[Any]) -> list[Mapping[str, Any]]:
    """The category and those it stands in, innermost first; a circle ends where it closes."""
    by_id = {one.get("id"): one for one in categories if isinstance(one, Mapping) and isinstance(one.get("id"), int)}
    chain: list[Mapping[str, Any]] = []
    seen: set[object] = set()
    number = category_id if isinstance(category_id, int) else None
    while number in by_id and number not in seen:
        seen.add(number)
        chain.append(by_id[number])
        parent = by_id[number].get("parent_category_id")
        number = parent if isinstance(parent, int) else None
    return chain


def is_below(chain: Sequence[Mapping[str, Any]], slugs: Sequence[str], number: int | None) -> bool:
    """Whether a chain of categories (innermost first) passes through the one with this number, or this way of slugs."""
    if number is not None:
        return any(one.get("id") == number for one in chain)
    from_top = [one.get("slug") for one in reversed(chain)]
    return bool(slugs) and from_top[: len(slugs)] == list(slugs)
