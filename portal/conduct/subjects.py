"""What a page of ours is about, read from its path alone: this app knows nothing of those who serve it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

LIMIT = 300


@dataclass(frozen=True, slots=True)
class Subject:
    """Type and key as text: ("group", "leipzig"); both empty for a page about nothing in particular."""

    type: str = ""
    key: str = ""


def local_path(text: str, *, site_url: str) -> str:
    """The path when `text` is one of this site or a whole address of it, else nothing; without query and fragment."""
    path = text.strip()
    if path == site_url or path.startswith(f"{site_url}/"):
        path = path[len(site_url) :] or "/"
    is_odd = not path.isprintable() or "\\" in path or len(path) > LIMIT
    if is_odd or not path.startswith("/") or path.startswith("//"):
        return ""
    return urlsplit(path).path


def subject_of(path: str) -> Subject:
    """What a local path shows: the name of its view without `_detail`, and what the path says which one."""
    try:
        match = resolve(path)
    except Resolver404:
        return Subject()
    key = "/".join(str(value) for value in match.kwargs.values())
    if not match.url_name or not key:
        return Subject()
    return Subject(match.url_name.removesuffix("_detail")[:40], key[:120])
