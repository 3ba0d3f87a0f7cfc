"""Turning any JSON into clean values: text, addresses, times, numbers, or a sentence on the field that is wrong."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.importers.records import PAYLOAD_LIMIT, TITLE_LIMIT, Rejected

URL_LIMIT = 2000
NAME_LIMIT = 200
LARGEST_INT = 2**63 - 1
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE_TOLERANCE = timedelta(days=1)

# NUL and other control characters, marks that turn the direction of text, line separators, lone surrogates, byte order
# marks and non-characters.
_UNWANTED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]+"
)
_ADDRESS = re.compile(r"[^\s@<>()\",;:]{1,64}@(?:[^\s@<>()\",;:.]{1,63}\.)+[^\s@<>()\",;:.]{2,63}")
_SPACES = re.compile(r"\s+")


class BadItem(ValueError):
    """An item that lacks what a record needs; the text names the field."""


def text(value: Any, limit: int = TITLE_LIMIT) -> str:
    """Clean single-line text, cut to `limit` characters; "" for anything that is no text."""
    if not isinstance(value, str):
        return ""
    cleaned = _SPACES.sub(" ", _UNWANTED.sub(" ", value[: limit * 4])).strip()
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1].rstrip() + "…"


def web_address(value: Any) -> str:
    """An http or https address, "" for any other thing."""
    if not isinstance(value, str) or len(value) > URL_LIMIT or _UNWANTED.search(value) or _SPACES.search(value):
        return ""
    return value if value.lower().startswith(("https://", "http://")) else ""


def mail_address(value: Any) -> str:
    """An e-mail address in small letters, "" for anything that is none."""
    found = text(value, 254).lower()
    return found if _ADDRESS.fullmatch(found) else ""


def whole_number(value: Any) -> int | None:
    """A whole number, as number or digits, that the database can hold; None for anything else, true and false too."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) and value.is_integer() else None
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"-?[0-9]{1,19}", value) else None
    return value if isinstance(value, int) and -LARGEST_INT <= value <= LARGEST_INT else None


def required_id(item: Mapping[str, Any], field: str = "id") -> int:
    """A positive id; raises BadItem."""
    number = whole_number(item.get(field))
    if number is None or number < 1:
        raise BadItem(f"“{field}” is missing or no positive whole number")
    return number


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time in UTC. Without an offset it is taken as UTC, a leap second as the second before."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(":60", ":59"))
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found


def required_moment(item: Mapping[str, Any], field: str) -> datetime:
    """A time not before 1990; raises BadItem."""
    found = moment(item.get(field))
    if found is None:
        raise BadItem(f"“{field}” is missing or no time")
    if found < EARLIEST:
        raise BadItem(f"“{field}” lies before 1990")
    return found


def clamped(when: datetime, now: datetime) -> tuple[datetime, bool]:
    """A time more than a day ahead becomes `now`; the second value says so."""
    return (now, True) if when > now + FUTURE_TOLERANCE else (when, False)


def past_moment(value: Any, now: datetime) -> datetime | None:
    """An optional time that a wrong clock cannot push ahead of us, where it would outrank every later edit."""
    found = moment(value)
    return None if found is None else clamped(found, now)[0]


def as_json(item: Any) -> str:
    """The JSON of an item for people to look at, printable and cut."""
    try:
        return json.dumps(item, ensure_ascii=True, sort_keys=True, default=str)[:PAYLOAD_LIMIT]
    except (ValueError, TypeError, RecursionError):
        return "(cannot be shown)"


def rejected(prefix: str, item: Any, reason: str) -> Rejected:
    """A dead letter; without an id of its own it gets one from its content, so that it is the same letter next time."""
    payload = as_json(item)
    number = whole_number(item.get("id")) if isinstance(item, Mapping) else None
    own = str(number) if number is not None else "unknown-" + hashlib.sha256(payload.encode()).hexdigest()[:16]
    return Rejected(f"{prefix}:{own}", text(reason), payload)
