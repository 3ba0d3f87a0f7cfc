"""Reddit's API for applications: tokens, lists of a subreddit, comment threads, and how it slows callers down."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from portal.clients.errors import AuthError, BadPayload, PermanentError
from portal.clients.gate import REDDIT, Quota
from portal.clients.http import Answer, HttpClient, Limits, Surroundings, clean_token
from portal.clients.waiting import after, as_seconds, capped, retry_after

API: Final = "https://oauth.reddit.com"
SITE: Final = "https://www.reddit.com"
PAGE_SIZE: Final = 100
THREAD_SIZE: Final = 500
PLAIN_SECONDS: Final = 60.0
_EARLY: Final = 60.0  # seconds before its end that a token is renewed
_NEW_KEYS: Final = "Since November 2025 Reddit gives no key without its approval (Responsible Builder Policy)."


class RedditLimits:
    """X-Ratelimit-Remaining calls until X-Ratelimit-Reset, which is seconds left and no moment."""

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        if status != 429:
            return None
        told = retry_after(headers, now)
        reset = as_seconds(headers.get("x-ratelimit-reset", ""))
        waits = [seconds for seconds in (told, None if reset is None else capped(reset)) if seconds is not None]
        return max(waits) if waits else PLAIN_SECONDS

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        left = as_seconds(headers.get("x-ratelimit-remaining", ""))
        if left is None or left >= 1:
            return None
        reset = as_seconds(headers.get("x-ratelimit-reset", ""))
        return PLAIN_SECONDS if reset is None else capped(reset)

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        told = (headers.get(f"x-ratelimit-{name}", "") for name in ("remaining", "used", "reset"))
        left, used, reset = map(as_seconds, told)
        if left is None:
            return None
        most = None if used is None else int(left + used)
        return Quota("calls", int(left), most, None if reset is None else after(now, capped(reset)))


@dataclass(frozen=True, slots=True)
class Listing:
    """Things ({"kind", "data"}) and the fullname that the next page comes after, "" at the end."""

    things: list[Any]
    after: str


def agent(app_id: str, version: str, username: str) -> str:
    """The User-Agent that Reddit asks for: platform:app:version (by /u/name); others are slowed down."""
    return f"web:{app_id or 'community-portal'}:{version} (by /u/{username or 'unknown'})"


class RedditClient:
    """One application. `token` is "id:secret"; the hosts for tokens and for the API are two at Reddit itself."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        auth_url: str = "",
        username: str = "",
        user_agent: str,
        allowed_private_hosts: tuple[str, ...] = (),
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._around = surroundings or Surroundings()
        self._pair = clean_token(token)
        self._bearer = ""
        self._ends_at: datetime | None = None
        self.left: float | None = None
        product = user_agent.partition(" ")[0].partition("/")[2] or "1"
        named = agent(self._pair.partition(":")[0], product, username)
        shared: dict[str, Any] = {
            "user_agent": named,
            "has_secret": True,
            "allowed_private_hosts": allowed_private_hosts,
            "policy": RedditLimits(),
            "paces": REDDIT,
            "limits": limits,
            "surroundings": self._around,
        }
        self.http = HttpClient(base_url, **shared)
        basic = base64.b64encode(self._pair.encode()).decode()
        self._door = HttpClient(
            auth_url or (SITE if base_url.rstrip("/") == API else base_url),
            headers={"Authorization": f"Basic {basic}"},
            **shared,
        )

    def close(self) -> None:
        self.http.close()
        self._door.close()

    @property
    def requests(self) -> int:
        return self.http.requests + self._door.requests

    def submissions(self, subreddit: str, *, after: str = "") -> Listing:
        """Up to a hundred submissions, newest first; Reddit ends the list at about a thousand."""
        return self._listing(f"r/{subreddit}/new", after)

    def comments(self, subreddit: str, *, after: str = "") -> Listing:
        """Up to a hundred comments of all threads, newest first; Reddit ends the list at about a thousand."""
        return self._listing(f"r/{subreddit}/comments", after)

    def thread(self, submission: str, comment: str = "") -> list[Any]:
        """The comments of a submission (base 36 id) as a tree with `more` stubs; with `comment`, those below it."""
        params = {"limit": str(THREAD_SIZE), "sort": "new", **({"comment": comment} if comment else {})}
        data = self._get(f"comments/{submission}", params)
        if not isinstance(data, list) or len(data) < 2:
            raise self._unusable()
        return self._things(data[1])

    def more(self, submission: str, comments: Sequence[str]) -> list[Any]:
        """Up to a hundred comments that a stub stands for, by their base 36 ids; may hold stubs again."""
        params = {"link_id": f"t3_{submission}", "children": ",".join(comments), "api_type": "json", "sort": "new"}
        data = self._get("api/morechildren", params)
        inner = data.get("json") if isinstance(data, dict) else None
        found = inner.get("data") if isinstance(inner, dict) else None
        things = found.get("things") if isinstance(found, dict) else None
        if not isinstance(things, list):
            raise self._unusable()
        return things

    def info(self, fullnames: Sequence[str]) -> list[Any]:
        """Up to a hundred things by their fullnames; what Reddit no longer has is left out."""
        return self._things(self._get("api/info", {"id": ",".join(fullnames)}))

    def _listing(self, path: str, after: str) -> Listing:
        data = self._get(path, {"limit": str(PAGE_SIZE), **({"after": after} if after else {})})
        things = self._things(data)
        following = data["data"].get("after")
        return Listing(things, following if isinstance(following, str) else "")

    def _things(self, listing: Any) -> list[Any]:
        data = listing.get("data") if isinstance(listing, dict) else None
        children = data.get("children") if isinstance(data, dict) else None
        if not isinstance(children, list):
            raise self._unusable()
        return children

    def _get(self, path: str, params: Mapping[str, str]) -> Any:
        """An answer with a token that is good; a refused one is renewed once."""
        try:
            answer = self._ask(path, params, self._token())
        except AuthError as error:
            if error.status != 401 or not self._bearer:
                raise
            self._bearer = ""
            answer = self._ask(path, params, self._token(), is_new=True)
        self.left = as_seconds(answer.headers.get("x-ratelimit-remaining", ""))
        return answer.data

    def _ask(self, path: str, params: Mapping[str, str], token: str, *, is_new: bool = False) -> Answer:
        try:
            return self.http.get(path, {"raw_json": "1", **params}, {"Authorization": f"bearer {token}"})
        except AuthError as error:
            if error.status != 401:
                raise _closed(error.status) from error
            if is_new:
                raise AuthError(f"Reddit refuses every token of this application. {_NEW_KEYS}", status=401) from error
            raise
        except PermanentError as error:
            raise (_closed(404) if error.status == 404 else error) from error

    def _token(self) -> str:
        now = self._around.clock()
        if not self._bearer or self._ends_at is None or now >= self._ends_at:
            self._bearer, seconds = self._new_token()
            self._ends_at = now + timedelta(seconds=max(seconds - _EARLY, 1.0))
        return self._bearer

    def _new_token(self) -> tuple[str, float]:
        if ":" not in self._pair:
            raise AuthError(
                f"The token of this source must hold id and secret of the Reddit application as id:secret. {_NEW_KEYS}",
                status=401,
            )
        try:
            data = self._door.post("api/v1/access_token", form={"grant_type": "client_credentials"}).data
        except AuthError as error:
            raise AuthError(f"Reddit refuses id and secret of the application. {_NEW_KEYS}", status=401) from error
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or " " in token:
            if isinstance(data, dict) and data.get("error"):
                raise AuthError(f"Reddit gives this application no token. {_NEW_KEYS}", status=401)
            raise self._unusable()
        return token, as_seconds(data.get("expires_in")) or 3600.0

    def _unusable(self) -> BadPayload:
        return BadPayload("The answer of Reddit holds no list of things.", retry_at=self.later())

    def later(self) -> datetime:
        return self.http.later()


def _closed(status: int) -> PermanentError:
    """403 and 404 of a subreddit: somebody has to look."""
    if status == 404:
        return PermanentError("Reddit has no such subreddit, or has banned it (status 404).", status=404)
    return AuthError(
        f"Reddit does not show this subreddit: it is private, quarantined or closed to applications (status {status}).",
        status=status,
    )
