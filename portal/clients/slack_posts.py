"""Writing to Slack: a message of blocks into a channel, and whether one with a certain mark stands there already."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from portal.clients.addresses import AddressGuard
from portal.clients.errors import BadPayload, TransientError
from portal.clients.http import clean_token
from portal.clients.slack_errors import error_of

#: What the app's token must be allowed for this.
SCOPES: Final = ("chat:write", "channels:history")
TIMEOUT_SECONDS: Final = 20
LATER: Final = timedelta(minutes=5)
#: Looked back so far for a message of ours; a channel that says more than that meanwhile is asked of a person.
PAGES, PER_PAGE = 10, 200


class SlackPoster:
    """One workspace as the app of the token may write to it."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        allowed_private_hosts: Iterable[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        AddressGuard.from_hosts(allowed_private_hosts).check_url(base_url)
        self._clock = clock
        # Without the library's own retries: what has to wait, waits as a row in the database.
        self._client = WebClient(clean_token(token), base_url=base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])

    def post(self, channel: str, *, blocks: list[dict[str, Any]], text: str) -> str:
        """Slack's `ts` of the new message. `text` is what notifications show."""
        data = self._call(
            self._client.chat_postMessage, channel=channel, blocks=blocks, text=text, unfurl_links=False,
            unfurl_media=False,
        )  # fmt: skip
        return str(data.get("ts") or "")

    def standing(self, channel: str, *, marker: str, since: datetime) -> str:
        """The `ts` of the message since then with a block of this `block_id`; empty when there is none."""
        cursor = ""
        for _page in range(PAGES):
            data = self._call(
                self._client.conversations_history, channel=channel, oldest=f"{since.timestamp():.6f}", limit=PER_PAGE,
                cursor=cursor or None,
            )  # fmt: skip
            for message in _items(data.get("messages")):
                if any(block.get("block_id") == marker for block in _items(message.get("blocks"))):
                    return str(message.get("ts") or "")
            about = data.get("response_metadata")
            cursor = str(about.get("next_cursor") or "") if isinstance(about, dict) else ""
            if not cursor:
                return ""
        raise BadPayload("The channel has more new messages than can be looked through.", retry_at=self._later())

    def _call(self, method: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
        try:
            answer = method(**arguments)
        except SlackApiError as error:
            data = error.response.data if isinstance(error.response.data, dict) else {}
            headers = {str(name).lower(): str(value) for name, value in error.response.headers.items()}
            raise error_of(data, headers, now=self._clock(), later=self._later()) from error
        except (SlackClientError, OSError, HTTPException, ValueError) as error:
            raise TransientError("Slack was not reached: it is tried again.", retry_at=self._later()) from error
        if not isinstance(answer.data, dict):
            raise BadPayload("Slack sent something else where its answer belongs.", retry_at=self._later())
        return answer.data

    def _later(self) -> datetime:
        return self._clock() + LATER


def _items(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
