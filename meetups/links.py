"""Web addresses as plain text: what they point at, and whether two of them are the same."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

PORTS = {"http": 80, "https": 443}
#: Parts of a query that only say where a visitor came from.
_TRACES = re.compile(r"^(utm_.*|fbclid|gclid|ref|refsrc|mibextid|igshid|trk|si|share|_rdr|locale)$", re.IGNORECASE)
_FRONTS = ("www.", "m.", "mobile.", "web.", "business.")
_ONE_HOST = {"fb.com": "facebook.com", "telegram.me": "t.me", "telegram.dog": "t.me", "discord.com": "discord.gg"}


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address; a port that cannot be is 0."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", "", 0
    try:
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        port = 0
    return parts.scheme, parts.hostname or "", port


def host_of(url: str) -> str:
    """The host as people read it, without www; empty when there is none."""
    return origin(url)[1].removeprefix("www.")


def link_key(url: str) -> str:
    """One form for addresses of the same page: no scheme, www, trailing slash, fragment or tracking; at most 500."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url.strip()[:500]
    host = (parts.hostname or "").rstrip(".").lower()
    for front in _FRONTS:
        host = host.removeprefix(front)
    host = re.sub(r"^[a-z]{2}-[a-z]{2}\.(?=facebook\.)", "", host)
    host = _ONE_HOST.get(host, host)
    path = re.sub(r"/+", "/", parts.path).rstrip("/").lower()
    if host == "discord.gg":
        path = path.removeprefix("/invite")
    query = sorted((key, value) for key, value in parse_qsl(parts.query) if not _TRACES.match(key))
    return (host + path + (f"?{urlencode(query)}" if query else ""))[:500]
