"""Keeping machines out of a form that everybody may send: how long it was open, and how often one client sends."""

import logging
from datetime import datetime

from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SALT = "portal.conduct.opened"
FASTEST_SECONDS, OLDEST_SECONDS = 3, 24 * 3600
PER_HOUR = 5


def opened_stamp(now: datetime) -> str:
    """A signed note of when the form was handed out."""
    return signing.dumps(int(now.timestamp()), salt=SALT)


def seconds_open(stamp: str, *, now: datetime) -> float | None:
    """How long ago the form was handed out; None when the stamp is not ours or is a day old."""
    try:
        opened = signing.loads(stamp, salt=SALT)
    except signing.BadSignature:
        return None
    seconds = now.timestamp() - opened
    return seconds if seconds <= OLDEST_SECONDS else None


def may_send(client: str) -> bool:
    """Count one report of this client; False for the sixth in an hour.

    The cache holds a keyed digest of the address for that hour and nothing of the report. Without a cache everybody may
    send: a report that is turned away is worse than one too many.
    """
    key = f"conduct:sent:{salted_hmac('portal.conduct.client', client, algorithm='sha256').hexdigest()}"
    try:
        cache.add(key, 0, timeout=3600)
        return cache.incr(key) <= PER_HOUR
    except ValueError:  # it ran out between the two calls
        return True
    except (RedisError, OSError) as error:
        logger.warning("no cache, reports are taken without a limit: %s", type(error).__name__)
        return True
