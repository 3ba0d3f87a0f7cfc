"""A gate in Redis, the same for every worker on every machine. What it forgets costs pace, never data."""

import hashlib
import hmac
import logging
import math
import time
from functools import lru_cache
from typing import Any, Final

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.clients.gate import OpenGate, Paces, Wait

logger = logging.getLogger(__name__)

#: Redis that did not answer is left alone for so long: an import does not wait for it before every call.
AWAY_SECONDS: Final = 10.0
#: A call that has not ended after so long belongs to a worker that died; longer than any call takes (60 s).
HELD_SECONDS: Final = 65.0
#: How soon a caller looks again whether somebody else's call has ended.
LOOK_AGAIN_SECONDS: Final = 0.05
KEPT_SECONDS: Final = 90_000

# One hash per credential, so that one script sees all of it: until when callers were told to wait (each method on its
# own, or all), holder and held (the one call that is under way), tokens and time of each bucket. The clock is that of
# Redis, since those of the workers may differ.
_ENTER: Final = """
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local holder, held_ms, keep_s = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local rate, burst, bucket, method = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[7]
local got = redis.call('HMGET', KEYS[1], 'until:', 'holder', 'held', 'tokens:' .. bucket, 'at:' .. bucket,
    'until:' .. method)
local told = math.max(tonumber(got[1]) or 0, tonumber(got[6]) or 0)
if told > ms then return {told - ms, 0} end
if got[2] and got[2] ~= holder and (tonumber(got[3]) or 0) > ms then return {0, 1} end
if rate > 0 then
    local tokens, at = tonumber(got[4]) or burst, tonumber(got[5]) or ms
    tokens = math.min(burst, tokens + math.max(ms - at, 0) * rate / 1000)
    if tokens < 1 then return {math.ceil((1 - tokens) * 1000 / rate), 0} end
    redis.call('HSET', KEYS[1], 'tokens:' .. bucket, tostring(tokens - 1), 'at:' .. bucket, ms)
end
redis.call('HSET', KEYS[1], 'holder', holder, 'held', ms + held_ms)
redis.call('EXPIRE', KEYS[1], keep_s)
return {-1, 0}
"""
_LEAVE: Final = """
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('HDEL', KEYS[1], 'holder', 'held') end
return 0
"""
# A wait that was told is never shortened by a later, shorter one.
_BLOCK: Final = """
local now = redis.call('TIME')
local told, name = now[1] * 1000 + math.floor(now[2] / 1000) + tonumber(ARGV[1]), 'until:' .. ARGV[3]
if told > (tonumber(redis.call('HGET', KEYS[1], name)) or 0) then redis.call('HSET', KEYS[1], name, told) end
redis.call('EXPIRE', KEYS[1], ARGV[2])
return 0
"""


def gate_key(secret: str, *, service: str, host: str, credential: str) -> str:
    """The name of a credential at a service, which tells nothing about it; without one, of this machine there."""
    text = "\x00".join((service, host, credential))
    return "portal:gate:" + hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


class SharedGate(OpenGate):
    """One credential as one source uses it.

    `holder` names whoever works with it: a second worker of the same holder takes over a call that the first left
    behind when it died. `is_paced` False keeps to what the service says, without a pace of our own.
    """

    def __init__(self, url: str, key: str, *, holder: str, is_paced: bool = True) -> None:
        super().__init__()
        self._scripts = scripts_of(url)
        self._key = key
        self._holder = holder
        self._is_paced = is_paced
        self._is_inside = False
        self._away_until = 0.0

    def enter(self, method: str, paces: Paces) -> Wait | None:
        name, pace = paces.bucket(method)
        rate, burst = (pace.per_second, pace.burst) if self._is_paced else (0, 0)
        arguments = [self._holder, int(HELD_SECONDS * 1000), KEPT_SECONDS, rate, burst, name, method]
        answer = self._ask("enter", arguments)
        if answer is None:
            return None
        milliseconds, is_busy = answer
        if is_busy:
            return Wait(LOOK_AGAIN_SECONDS, is_busy=True)
        if milliseconds >= 0:
            return Wait(max(milliseconds, 1) / 1000)
        self._is_inside = True
        return None

    def leave(self) -> None:
        if self._is_inside:
            self._is_inside = False
            self._ask("leave", [self._holder])

    def block(self, seconds: float, method: str = "") -> None:
        self._ask("block", [math.ceil(seconds * 1000), max(KEPT_SECONDS, int(seconds) + 60), method])

    def _ask(self, name: str, arguments: list[Any]) -> Any:
        """What the script says, None when Redis cannot be asked."""
        if time.monotonic() < self._away_until:
            return None
        try:
            return self._scripts[name](keys=[self._key], args=arguments)
        except (redis.RedisError, OSError) as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("Redis cannot be asked (%s): the import goes on without its pace", type(error).__name__)
            return None


@lru_cache(maxsize=4)
def scripts_of(url: str) -> dict[str, Any]:
    """The scripts over one pool of connections; they are loaded again where Redis has lost them."""
    client = redis.Redis.from_url(
        url, socket_timeout=1.0, socket_connect_timeout=1.0, retry=Retry(NoBackoff(), 1), health_check_interval=30
    )
    return {
        "enter": client.register_script(_ENTER),
        "leave": client.register_script(_LEAVE),
        "block": client.register_script(_BLOCK),
    }
