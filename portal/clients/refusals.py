"""What an answer that is no success means: a rate limit, a passing problem, a bad token or a plain no."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from portal.clients.errors import AuthError, ClientError, PermanentError, RateLimited, TransientError
from portal.clients.gate import Quota
from portal.clients.waiting import after, retry_after

TRIES = 5
PATIENCE_SECONDS = 5.0
PLAIN_SECONDS = 60.0

_PASSING_STATUSES = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 530})
_AUTH_SENTENCES = {
    True: "The service refuses the token (status {status}): it is wrong, revoked, expired or may not read this.",
    False: "The service asks for a token (status {status}): set one for this source.",
}
_SENTENCES = {
    404: "The service does not have this, or does not show it without the right token (status 404).",
    410: "The service has this no longer (status 410).",
    422: "The service could not use the call (status 422).",
    451: "The service may not show this for legal reasons (status 451).",
}


#: What an answer that is no success means to a service with error codes of its own: the status it should have had, and
#: a sentence ("" for the usual one).
Meaning = Callable[[int, bytes], tuple[int, str]]


def as_told(status: int, body: bytes) -> tuple[int, str]:
    """The meaning for a service whose statuses say it all."""
    return status, ""


class LimitPolicy(Protocol):
    """How a service says "slow down"; both return seconds to wait or None."""

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        """For an answer that is no success: the wait when it is a rate limit."""
        ...

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        """For a success: the wait when the quota is now used up, so that the next call is not even sent."""
        ...

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        """What any answer says is left."""
        ...


class PlainLimits:
    """Retry-After on 429, a minute without it."""

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        return (retry_after(headers, now) or PLAIN_SECONDS) if status == 429 else None

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        return None

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        return None


class Passing(Exception):
    """A failure worth another try now; `error` is raised when there is no time for it, `wait` None means jitter."""

    def __init__(self, error: ClientError, wait: float | None = None, *, most_tries: int = TRIES) -> None:
        super().__init__(error.sentence)
        self.error = error
        self.wait = wait
        self.most_tries = most_tries


def limited(until: datetime) -> RateLimited:
    """The error of a quota that is used up."""
    return RateLimited(f"The service asks to slow down: the import goes on after {until:%H:%M} UTC.", retry_at=until)


def too_slow(seconds: float, now: datetime) -> Exception:
    """A rate limit of so many seconds: waited for when that is short."""
    error = limited(after(now, seconds))
    return Passing(error, seconds) if seconds <= PATIENCE_SECONDS else error


def refusal(
    status: int,
    headers: Mapping[str, str],
    *,
    has_secret: bool,
    now: datetime,
    later: datetime,
    sentence: str = "",
) -> Passing | PermanentError:
    """The error of a status outside 200 to 299 that is no rate limit; `later` is when to go on by default."""
    if status in _PASSING_STATUSES:
        wait = retry_after(headers, now)
        retry_at = later if wait is None else after(now, wait)
        problem = f"The service has a problem of its own (status {status}): the import tries again by itself."
        return Passing(TransientError(problem, retry_at=retry_at), wait)
    if status in (401, 403, 407):
        return AuthError(sentence or _AUTH_SENTENCES[has_secret].format(status=status), status=status)
    plain = _SENTENCES.get(status, f"The service refused the call (status {status}).")
    return PermanentError(sentence or plain, status=status)
