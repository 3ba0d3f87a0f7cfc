"""How long a service asks us to wait: pure readers of the headers, all capped."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 3600.0


def as_seconds(text: object) -> float | None:
    """A finite, non-negative number of seconds, or None."""
    try:
        seconds = float(str(text).strip())
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def capped(seconds: float) -> float:
    """A wait between a second and an hour, so that a wrong clock or a hostile header cannot park a source."""
    return min(max(seconds, 1.0), LONGEST_WAIT)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds of a Retry-After header in either form, None when it is absent, negative or no time at all."""
    text = headers.get("retry-after", "")
    seconds = as_seconds(text)
    if seconds is not None:
        return capped(seconds)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    left = (moment - now).total_seconds()
    return capped(left) if left > 0 else None


def until_epoch(text: object, now: datetime) -> float | None:
    """Seconds until a moment given as epoch seconds, None when it is no such moment."""
    seconds = as_seconds(text)
    return None if seconds is None else capped(seconds - now.timestamp())


def after(now: datetime, seconds: float) -> datetime:
    return now + timedelta(seconds=seconds)
