"""Slack's Web API: channels, messages, threads and people of one workspace, page by page. Knows no contributions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from portal.clients.errors import BadPayload, RateLimited
from portal.clients.gate import SLACK
from portal.clients.http import HttpClient, Limits, Surroundings, clean_token
from portal.clients.slack_errors import NARROW, error_of

#: Messages a call may bring at most; Slack advises 200 for channels and people.
MESSAGES_PER_CALL: Final = 999
OBJECTS_PER_CALL: Final = 200
#: What a distributed app outside of Slack's directory gets since 2025, whatever it asks for.
NARROW_PAGE: Final = 15
MOST_PAGES: Final = 5_000


@dataclass(frozen=True, slots=True)
class SlackPage:
    """One page of a list; it may be short or empty before the last.

    `has_more` without a `next_cursor` asks to go on by time. `is_limited`: the workspace's plan hides what is older.
    """

    items: list[Any]
    next_cursor: str
    is_limited: bool = False
    has_more: bool = False

    @property
    def is_last(self) -> bool:
        return not self.next_cursor and not (self.has_more and self.items)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Whom the token belongs to. `scopes` is empty where Slack does not tell."""

    team_id: str
    name: str
    url: str
    scopes: frozenset[str]


class SlackClient:
    """One workspace as the app of the token sees it. Slack limits each method on its own and says when to go on."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str = "",
        user_agent: str,
        allowed_private_hosts: tuple[str, ...] = (),
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        token = clean_token(token)
        self._around = surroundings or Surroundings()
        self._is_narrow = False
        self.http = HttpClient(
            base_url,
            user_agent=user_agent,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            has_secret=bool(token),
            allowed_private_hosts=allowed_private_hosts,
            paces=SLACK,
            limits=limits,
            surroundings=self._around,
        )

    def close(self) -> None:
        self.http.close()

    def workspace(self) -> Workspace:
        """auth.test: the workspace and what the token may do."""
        data, headers = self._call("auth.test", {})
        scopes = {part.strip() for part in headers.get("x-oauth-scopes", "").split(",")}
        team_id, team, url = (_text(data.get(name)) for name in ("team_id", "team", "url"))
        return Workspace(team_id, team, url, frozenset(scopes - {""}))

    def channels(self) -> Iterator[Any]:
        """Every public channel, archived ones too."""
        params = {"types": "public_channel", "exclude_archived": "false", "limit": str(OBJECTS_PER_CALL)}
        cursors: set[str] = set()
        cursor = ""
        while True:
            page = self._page("conversations.list", {**params, "cursor": cursor}, "channels")
            yield from page.items
            cursor = page.next_cursor
            if not cursor:
                return
            if cursor in cursors or len(cursors) >= MOST_PAGES:
                raise self.circle()
            cursors.add(cursor)

    def people(self, cursor: str = "") -> SlackPage:
        """A page of the workspace's people, deactivated ones and bots too, in no order."""
        return self._page("users.list", {"limit": str(OBJECTS_PER_CALL), "cursor": cursor}, "members")

    def history(self, channel: str, *, cursor: str = "", oldest: str = "", latest: str = "") -> SlackPage:
        """A page of a channel's messages, newest first, without the replies in threads; bounds are exclusive."""
        return self._messages("conversations.history", channel, cursor, {"oldest": oldest, "latest": latest})

    def replies(self, channel: str, thread: str, *, cursor: str = "", oldest: str = "") -> SlackPage:
        """A page of a thread, oldest first, the message that opened it included."""
        return self._messages("conversations.replies", channel, cursor, {"ts": thread, "oldest": oldest})

    def circle(self) -> BadPayload:
        """The error of a list that leads back to where it was."""
        return BadPayload("Slack's list leads in a circle: reading was stopped.", retry_at=self.http.later())

    def _messages(self, method: str, channel: str, cursor: str, bounds: Mapping[str, str]) -> SlackPage:
        params = {"channel": channel, "limit": str(MESSAGES_PER_CALL), "cursor": cursor, **bounds}
        try:
            page = self._page(method, params, "messages")
        except RateLimited as error:
            if self._is_narrow:
                raise RateLimited(NARROW, retry_at=error.retry_at) from error
            raise
        self._is_narrow = self._is_narrow or (len(page.items) == NARROW_PAGE and not page.is_last)
        return page

    def _page(self, method: str, params: Mapping[str, str], key: str) -> SlackPage:
        data, _ = self._call(method, params)
        items = data.get(key)
        if not isinstance(items, list):
            raise BadPayload(f"Slack's answer has no list “{key}”.", retry_at=self.http.later())
        about = data.get("response_metadata")
        cursor = about.get("next_cursor") if isinstance(about, dict) else ""
        if cursor is not None and not isinstance(cursor, str):
            raise BadPayload("Slack's answer says where to go on in a way nobody knows.", retry_at=self.http.later())
        return SlackPage(items, cursor or "", data.get("is_limited") is True, data.get("has_more") is True)

    def _call(self, method: str, params: Mapping[str, str]) -> tuple[dict[str, Any], Mapping[str, str]]:
        given = {name: value for name, value in params.items() if value}
        answer = self.http.get(method, given, method_name=method)
        data = answer.data
        if not isinstance(data, dict) or not isinstance(data.get("ok"), bool):
            raise BadPayload("Slack sent something else where its answer belongs.", retry_at=self.http.later())
        if data["ok"]:
            return data, answer.headers
        error = error_of(data, answer.headers, now=self._now(), later=self.http.later())
        if isinstance(error, RateLimited) and error.retry_at is not None:
            self.http.block((error.retry_at - self._now()).total_seconds())
        raise error

    def _now(self) -> datetime:
        return self._around.clock().astimezone(UTC)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
