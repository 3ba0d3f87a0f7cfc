"""What Stack Exchange asks of a caller: pauses per method, a daily quota, the same question once a minute."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from portal.clients.gate import Quota
from portal.clients.waiting import after, as_seconds

#: Waits are told in seconds and may last until the quota of the next day.
LONGEST_SECONDS: Final = 90_000.0
THROTTLED_SECONDS: Final = 120.0
SAME_QUESTION: Final = timedelta(seconds=60)
EVERY_METHOD: Final = "*"
_STATUSES: Final = {400: 400, 401: 401, 402: 401, 403: 403, 404: 404, 405: 401, 406: 401, 500: 500, 503: 503}
_SENTENCES: Final = {
    400: "Stack Exchange could not use the call: is the site of this source right? It says: {message}",
    401: "Stack Exchange refuses the key of this source: it is wrong or revoked. It says: {message}",
    403: "Stack Exchange does not let this key read here. It says: {message}",
    404: "Stack Exchange does not know this call: is the address of this source right? It says: {message}",
}


def told(body: bytes) -> tuple[int, str]:
    """`error_id` and message of an error, (0, "") when it has none: throttled callers get bodies of any kind."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return 0, ""
    number = data.get("error_id") if isinstance(data, dict) else None
    message = data.get("error_message") if isinstance(data, dict) else None
    text = re.sub(r"\s+", " ", message)[:200] if isinstance(message, str) else ""
    return (number if isinstance(number, int) else 0), text.encode("ascii", "replace").decode()


def meaning(status: int, body: bytes) -> tuple[int, str]:
    """The service answers most errors with HTTP 400: what they are stands in `error_id`."""
    number, message = told(body)
    meant = _STATUSES.get(number, status)
    sentence = _SENTENCES.get(meant, "") if number else ""
    return meant, sentence.format(message=message or "nothing") if sentence else ""


def day_after(now: datetime) -> datetime:
    """The next midnight in UTC, when the quota comes back."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class StackExchangeLimits:
    """502 `throttle_violation` with "more requests available in N seconds", and whatever a proxy says before it."""

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        number, message = told(body)
        if number != 502 and status != 429:
            return None
        found = re.search(r"(\d{1,9}) seconds?", message)
        seconds = as_seconds(found[1]) if found else as_seconds(headers.get("retry-after", ""))
        return min(max(THROTTLED_SECONDS if seconds is None else seconds, 1.0), LONGEST_SECONDS)

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        return None

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        return None


@dataclass(slots=True)
class Manners:
    """Until when which method must rest, and what was asked in the last minute; kept in the cursor between runs."""

    rests: dict[str, datetime] = field(default_factory=dict)
    asked: dict[str, datetime] = field(default_factory=dict)

    @classmethod
    def from_cursor(cls, value: Any, now: datetime) -> "Manners":
        stored = value if isinstance(value, Mapping) else {}
        rests, asked = (_moments(stored.get(name)) for name in ("rests", "asked"))
        latest = after(now, LONGEST_SECONDS)
        return cls(
            {key: when for key, when in rests.items() if now < when <= latest},
            {key: when for key, when in asked.items() if now - SAME_QUESTION < when <= now},
        )

    def as_cursor(self, now: datetime) -> dict[str, dict[str, int]]:
        return {
            "rests": {key: _seconds(when) for key, when in sorted(self.rests.items()) if when > now},
            "asked": {key: _seconds(when) for key, when in sorted(self.asked.items()) if when > now - SAME_QUESTION},
        }

    def rest_until(self, method: str, question: str, now: datetime) -> datetime | None:
        """When this question may be asked; None for now."""
        rests = [self.rests[key] for key in (method, EVERY_METHOD) if key in self.rests]
        again = [self.asked[question] + SAME_QUESTION] if question in self.asked else []
        latest = max([*rests, *again], default=now)
        return latest if latest > now else None

    def note(self, method: str, question: str, answer: Mapping[str, Any], now: datetime) -> None:
        """Remember what an answer asks for; a quota that is used up comes back after midnight UTC."""
        self.asked[question] = now
        backoff = as_seconds(answer.get("backoff"))
        if backoff:
            self.rests[method] = after(now, min(backoff, LONGEST_SECONDS))
        if answer.get("quota_remaining") == 0:
            self.rests[EVERY_METHOD] = day_after(now) + timedelta(minutes=1)


def _moments(value: Any) -> dict[str, datetime]:
    found = value.items() if isinstance(value, Mapping) else []
    return {
        str(key): datetime.fromtimestamp(when, UTC)
        for key, when in found
        if isinstance(when, int) and 0 <= when < 2**33 and not isinstance(when, bool)
    }


def _seconds(when: datetime) -> int:
    """Rounded up: a wait is never shortened by storing it."""
    return -int(-when.timestamp() // 1)
