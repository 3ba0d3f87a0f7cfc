"""The one HTTP layer: guarded addresses, hand-followed redirects, limits on time and size, and patient retries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import httpx

from portal.clients import payloads
from portal.clients.addresses import AddressGuard, endpoint_of
from portal.clients.errors import AuthError, BadPayload, ForbiddenAddress, PermanentError, TransientError
from portal.clients.gate import UNPACED, Paces
from portal.clients.refusals import (
    PATIENCE_SECONDS,
    TRIES,
    LimitPolicy,
    Meaning,
    Passing,
    PlainLimits,
    as_told,
    limited,
    refusal,
    too_slow,
)
from portal.clients.surroundings import Limits, Surroundings
from portal.clients.transport import Deadline, GuardedTransport
from portal.clients.turns import turn
from portal.clients.waiting import after

__all__ = ["Answer", "HttpClient", "Limits", "Surroundings", "clean_token"]

MOST_REDIRECTS = 3
LATER_SECONDS = 120.0
ERROR_BODY_LIMIT = 64 * 1024

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """A read answer: `data` is its JSON, None with status 304; `headers` have lower-case names."""

    status: int
    data: Any
    headers: Mapping[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class _Ask:
    method: str
    url: str
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    is_repeatable: bool = True
    form: Mapping[str, str] | None = None
    method_name: str = ""


def clean_token(token: str) -> str:
    """A token as it may stand in a header: without the line end of the file it came from; raises AuthError."""
    cleaned = token.strip()
    if not (cleaned.isascii() and cleaned.isprintable()):
        raise AuthError("The token holds characters that no token has: copy it anew.", status=401)
    return cleaned


class HttpClient:
    """Asks one service, one call at a time (not for several threads at once).

    `headers` go with every call and may hold credentials: they are sent to the base address only.
    """

    def __init__(
        self,
        base_url: str,
        *,
        user_agent: str,
        headers: Mapping[str, str] | None = None,
        has_secret: bool = False,
        allowed_private_hosts: tuple[str, ...] = (),
        policy: LimitPolicy | None = None,
        meaning: Meaning = as_told,
        paces: Paces = UNPACED,
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.requests = 0
        self._limits = limits or Limits()
        self._around = surroundings or Surroundings()
        self._guard = AddressGuard.from_hosts(allowed_private_hosts, self._around.resolver)
        self._base = endpoint_of(self.base_url)
        self._has_secret = has_secret
        self._policy: LimitPolicy = policy or PlainLimits()
        self._meaning = meaning
        self._paces = paces
        self.blocked_until: datetime | None = None
        self._deadline = Deadline()
        self._client = httpx.Client(
            transport=GuardedTransport(self._guard, self._deadline),
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": user_agent,
                **(headers or {}),
            },
            timeout=httpx.Timeout(self._limits.read_seconds, connect=self._limits.connect_seconds),
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._client.close()

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        method_name: str = "",
    ) -> Answer:
        """GET a path below the base address, or an absolute URL on the same host (a next link).

        `method_name` is the service's own name of the call, where it limits each of them on its own.
        """
        return self._call(_Ask("GET", self.absolute(path), params, headers or {}, method_name=method_name))

    def post(
        self, path: str, json: Any = None, *, form: Mapping[str, str] | None = None, is_repeatable: bool = True
    ) -> Answer:
        """POST JSON or the fields of a form; redirects are not followed.

        `is_repeatable=False`: sent once, since it makes something.
        """
        return self._call(_Ask("POST", self.absolute(path), json=json, form=form, is_repeatable=is_repeatable))

    def block(self, seconds: float) -> None:
        """The service asks to wait: neither this client nor another one with its credential calls before that."""
        self.blocked_until = after(self._around.clock(), seconds)
        self._around.gate.block(seconds)

    def absolute(self, path: str) -> str:
        return path if "://" in path else f"{self.base_url}/{path.lstrip('/')}"

    def allows(self, url: str) -> bool:
        """Whether a URL stays on the host of this service."""
        try:
            self._check_target(url)
        except ForbiddenAddress:
            return False
        return True

    def _call(self, ask: _Ask) -> Answer:
        """One answer, within the deadline, five tries and five seconds of sleep between them."""
        now = self._around.clock()
        if self.blocked_until is not None and now < self.blocked_until:
            raise limited(self.blocked_until)
        self._deadline.start(self._limits.total_seconds)
        patience = PATIENCE_SECONDS
        for tries in range(1, TRIES + 1):
            try:
                return self._follow(ask)
            except Passing as failure:
                rest = self._around.dice(0, 0.25 * 2**tries) if failure.wait is None else failure.wait
                most_tries = failure.most_tries if ask.is_repeatable else 1
                if tries >= most_tries or rest > patience or rest >= self._deadline.left():
                    raise failure.error from failure
                patience -= rest
                self._around.sleep(rest)
        raise AssertionError("the loop above returns or raises")

    def _follow(self, ask: _Ask) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            self._check_target(ask.url)
            answer = self._send(ask)
            if answer.status not in _REDIRECTS:
                return answer
            if ask.method != "GET":
                raise PermanentError(f"The service moved {ask.url} elsewhere.", status=answer.status)
            target = urljoin(answer.url, answer.headers.get("location", ""))
            ask = _Ask("GET", target, None, ask.headers, method_name=ask.method_name)
        raise PermanentError("The service redirects in a circle.", status=310)

    def _check_target(self, url: str) -> None:
        """Refuse what is not the service's own host, and credentials on an open line."""
        target = self._guard.check_url(url)
        ports = {self._base.port, 443} if self._base.port in (80, 443) else {self._base.port}
        if target.host != self._base.host or target.port not in ports:
            raise ForbiddenAddress(
                f"The service pointed to {target.host}:{target.port} instead of {self._base.host}:{self._base.port}: "
                "the link was not followed."
            )
        if target.scheme == "http" and self._base.scheme == "https":
            raise ForbiddenAddress("The service pointed from https to http: the link was not followed.")
        if self._has_secret and target.scheme == "http" and not self._guard.is_listed(target.host, target.port):
            raise ForbiddenAddress(f"The token is not sent to {target.host} over http: use its https address.")

    def _send(self, ask: _Ask) -> Answer:
        try:
            with turn(self._around, ask.method_name, self._paces):
                self.requests += 1
                return self._exchange(ask)
        except TransientError as error:
            raise self._passing(error.sentence) from error
        except httpx.TimeoutException as error:
            raise self._passing("The service did not answer in time.") from error
        except (httpx.TransportError, httpx.StreamError) as error:
            raise self._passing("The connection to the service broke.") from error
        except (httpx.InvalidURL, httpx.HTTPError, UnicodeError) as error:
            raise ForbiddenAddress("The address cannot be asked.") from error

    def _exchange(self, ask: _Ask) -> Answer:
        with self._client.stream(
            ask.method, ask.url, params=ask.params or None, headers=dict(ask.headers), json=ask.json, data=ask.form
        ) as response:
            return self._judge(response)

    def _judge(self, response: httpx.Response) -> Answer:
        """The answer when it is a success, a redirect or a 304; else the fitting error."""
        status, headers = response.status_code, {key.lower(): value for key, value in response.headers.items()}
        url = str(response.url)
        if status in _REDIRECTS or status == 304:
            return Answer(status, None, headers, url)
        if not 200 <= status < 300:
            raise self._refusal(status, headers, self._error_body(response))
        self._note_quota(headers)
        data = self._read(response, headers)
        self.blocked_until = None
        if pause := self._policy.pause(headers, self._around.clock()):
            self.block(pause)
        return Answer(status, data, headers, url)

    def _read(self, response: httpx.Response, headers: Mapping[str, str]) -> Any:
        try:
            payloads.check_content_type(headers.get("content-type", ""))
            payloads.check_length(headers.get("content-length", ""), self._limits.read_bytes)
            body = payloads.read_body(
                response.iter_raw(),
                headers.get("content-encoding", ""),
                read_limit=self._limits.read_bytes,
                unpacked_limit=self._limits.unpacked_bytes,
            )
            return payloads.parse_json(body)
        except payloads.Refused as refused:
            error = BadPayload(refused.sentence, retry_at=self.later())
            if refused.is_passing:
                raise Passing(error, most_tries=3) from refused
            raise error from refused

    def _error_body(self, response: httpx.Response) -> bytes:
        """What an error says, as far as it can be read; a broken error body is no error of its own."""
        encoding = response.headers.get("content-encoding", "")
        try:
            return payloads.read_body(
                _cut(response.iter_raw(), ERROR_BODY_LIMIT), encoding, unpacked_limit=ERROR_BODY_LIMIT
            )
        except (payloads.Refused, httpx.HTTPError, httpx.StreamError):
            return b""

    def _refusal(self, status: int, headers: Mapping[str, str], body: bytes) -> Exception:
        now = self._around.clock()
        self._note_quota(headers)
        wait = self._policy.wait(status, headers, body, now)
        if wait is None:
            meant, sentence = self._meaning(status, body)
            return refusal(meant, headers, has_secret=self._has_secret, now=now, later=self.later(), sentence=sentence)
        self.block(wait)
        return too_slow(wait, now)

    def _note_quota(self, headers: Mapping[str, str]) -> None:
        if (quota := self._policy.quota(headers, self._around.clock())) is not None:
            self._around.gate.note(quota)

    def _passing(self, sentence: str) -> Passing:
        return Passing(TransientError(sentence, retry_at=self.later()))

    def now(self) -> datetime:
        return self._around.clock()

    def later(self) -> datetime:
        return after(self._around.clock(), LATER_SECONDS + self._around.dice(0, LATER_SECONDS))


def _cut(chunks: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The chunks up to a limit; what comes after is left unread."""
    for chunk in chunks:
        yield chunk
        limit -= len(chunk)
        if limit <= 0:
            return
