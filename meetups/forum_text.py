"""The words of a group's category on the forum: its name, its colour, and the text somebody pastes by hand."""

import re
import zlib
from urllib.parse import urlsplit

MOST_NAME = 50
_COLOURS = ("0B7A75", "4E5E9E", "B5532A", "7A4E9E", "2F7D3B", "9E3E5E", "8A6A00", "2B6E99")


def category_name(name: str, *, number: int = 1) -> str:
    """A name the forum takes: one line, at most 50 characters; `number` above 1 tells groups of one name apart."""
    clean = " ".join("".join(char for char in name if char.isprintable()).split())
    end = f" {number}" if number > 1 else ""
    return (clean[: MOST_NAME - len(end)].rstrip() or "Meetup") + end


def colour_of(name: str) -> str:
    """A colour that stays with the name; white text is readable on each of them."""
    return _COLOURS[zlib.crc32(name.encode()) % len(_COLOURS)]


def category_number(url: str) -> int | None:
    """The id at the end of a category's address (…/c/slug/7 or …/c/parent/slug/7); None when there is none."""
    found = re.fullmatch(r".*/c/(?:[^/]+/)*([1-9][0-9]{0,8})", urlsplit(url).path.rstrip("/"))
    return int(found.group(1)) if found else None


def same_words(one: str, other: str) -> bool:
    """Whether the forum would call two names the same: case and spaces do not count."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
