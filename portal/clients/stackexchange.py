"""The Stack Exchange API 2.3: the questions of a tag, their answers and comments, a hundred at a time."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from portal.clients.errors import BadPayload, RateLimited
from portal.clients.gate import STACK_EXCHANGE, Quota
from portal.clients.http import HttpClient, Limits, Surroundings, clean_token
from portal.clients.refusals import PATIENCE_SECONDS, limited
from portal.clients.stackexchange_manners import EVERY_METHOD, Manners, StackExchangeLimits, day_after, meaning

PAGE_SIZE: Final = 100
#: A caller with more than 30 requests a second is dropped for minutes.
SECONDS_BETWEEN: Final = 0.05
EMPTY_AGAIN: Final = timedelta(seconds=90)

QUESTIONS: Final = "questions"
ANSWERS: Final = "questions/answers"
QUESTION_COMMENTS: Final = "questions/comments"
ANSWER_COMMENTS: Final = "answers/comments"
_PATHS: Final = {
    ANSWERS: "questions/{ids}/answers",
    QUESTION_COMMENTS: "questions/{ids}/comments",
    ANSWER_COMMENTS: "answers/{ids}/comments",
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of a list."""

    items: list[Any]
    has_more: bool


class StackExchangeClient:
    """One site of the network. `manners` is what must be kept between runs; a call before its time is not made."""

    def __init__(
        self,
        base_url: str,
        *,
        site: str,
        key: str = "",
        user_agent: str,
        allowed_private_hosts: tuple[str, ...] = (),
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._around = surroundings or Surroundings()
        self._shared = {"site": site, **({"key": clean_token(key)} if key.strip() else {})}
        self.has_key = "key" in self._shared
        self.manners = Manners()
        self.quota: tuple[int, int] | None = None
        self.http = HttpClient(
            base_url,
            user_agent=user_agent,
            has_secret=self.has_key,
            allowed_private_hosts=allowed_private_hosts,
            policy=StackExchangeLimits(),
            meaning=meaning,
            paces=STACK_EXCHANGE,
            limits=limits,
            surroundings=self._around,
        )

    def close(self) -> None:
        self.http.close()

    def remember(self, value: Any) -> None:
        """Take up the manners of an earlier run as its cursor holds them."""
        self.manners = Manners.from_cursor(value, self._around.clock())

    def kept(self) -> dict[str, dict[str, int]]:
        """The manners as a cursor holds them."""
        return self.manners.as_cursor(self._around.clock())

    def questions(self, tag: str, *, until: int | None = None, page: int = 1, size: int = PAGE_SIZE) -> Listing:
        """Questions of a tag, newest first, those asked at `until` (epoch seconds) or before."""
        params = {"tagged": tag, "sort": "creation", "order": "desc", **({} if until is None else {"max": str(until)})}
        return self._list(QUESTIONS, QUESTIONS, params, page, size)

    def below(self, method: str, ids: Sequence[int], *, page: int = 1) -> Listing:
        """What stands below up to a hundred posts: ANSWERS, QUESTION_COMMENTS or ANSWER_COMMENTS, oldest first."""
        path = _PATHS[method].format(ids=";".join(str(number) for number in ids))
        return self._list(method, path, {"sort": "creation", "order": "asc"}, page, PAGE_SIZE)

    def _list(self, method: str, path: str, params: Mapping[str, str], page: int, size: int) -> Listing:
        asked = {**params, "page": str(page), "pagesize": str(size), **self._shared}
        question = hashlib.blake2b(repr((path, sorted(asked.items()))).encode(), digest_size=6).hexdigest()
        self._wait(method, question)
        data = self.http.get(path, asked, method_name=method).data
        if not isinstance(data, dict):
            raise self._unusable("The answer of Stack Exchange is no object.")
        self._note(method, question, data)
        items, has_more = data.get("items"), data.get("has_more") is True
        if not isinstance(items, list):
            raise self._unusable("The answer of Stack Exchange holds no list of items.")
        if has_more and not items:
            at = self._around.clock() + EMPTY_AGAIN
            raise RateLimited(
                f"Stack Exchange sent an empty page in the middle of a list: it is asked again after {at:%H:%M} UTC.",
                retry_at=at,
            )
        return Listing(items, has_more)

    def _wait(self, method: str, question: str) -> None:
        """Rest as asked: a few seconds here, more in the database."""
        now = self._around.clock()
        until = self.manners.rest_until(method, question, now)
        seconds = (until - now).total_seconds() if until else 0.0
        if until and seconds > PATIENCE_SECONDS:
            raise limited(until)
        self._around.sleep(max(seconds, SECONDS_BETWEEN))

    def _note(self, method: str, question: str, data: Mapping[str, Any]) -> None:
        """Keep to what an answer asks for, and say so to whoever shares the key."""
        now = self._around.clock()
        self.manners.note(method, question, data, now)
        for key in {method, EVERY_METHOD} & set(self.manners.rests):
            rest = (self.manners.rests[key] - now).total_seconds()
            if rest > 0:
                self._around.gate.block(rest, "" if key == EVERY_METHOD else key)
        left, most = data.get("quota_remaining"), data.get("quota_max")
        if isinstance(left, int) and isinstance(most, int):
            self.quota = (left, most)
            self._around.gate.note(Quota("calls", left, most, day_after(now)))

    def _unusable(self, sentence: str) -> BadPayload:
        return BadPayload(sentence, retry_at=self.http.later())
