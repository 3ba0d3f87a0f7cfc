"""What Slack's `ok: false` means: each error code as a sentence that says what to do, and when to go on."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from portal.clients.errors import AuthError, ClientError, PermanentError, TransientError
from portal.clients.refusals import PLAIN_SECONDS, limited
from portal.clients.waiting import after, retry_after

#: What the app's token must be allowed, as "OAuth & Permissions" of the app's settings names it.
SCOPES: Final = ("channels:read", "channels:history", "users:read")
#: Somebody has to do something at Slack first, and then the stream goes on by itself.
LOOK_AGAIN: Final = timedelta(hours=1)

NARROW: Final = (
    "Slack gives this app one call a minute and 15 messages a call: it counts as an app that is distributed to others. "
    "Create the app inside the community's own workspace, with public distribution switched off, and use its token."
)

_INSTALL: Final = "install the app in the workspace again and set its token for this source."
_DEAD: Final[Mapping[str, str]] = {
    "not_authed": "Slack asks for a token: set the one of the community's own app for this source.",
    "invalid_auth": f"Slack does not know the token: {_INSTALL}",
    "token_revoked": f"The token was revoked at Slack: {_INSTALL}",
    "token_expired": f"The token has expired at Slack: {_INSTALL}",
    "account_inactive": f"The app or the account behind the token was removed from the workspace: {_INSTALL}",
    "org_login_required": "The workspace is being moved into an organisation: set a new token when that is done.",
}
_REFUSALS: Final[Mapping[str, str]] = {
    "not_in_channel": (
        "Slack shows this channel to its members only: invite the app there (type /invite @name-of-the-app in the "
        "channel); the import goes on by itself."
    ),
    "channel_not_found": "Slack does not have this channel, or does not show it to the app: it may be private by now.",
    "thread_not_found": "Slack does not have this thread any more.",
    "invalid_cursor": "Slack does not know the place in the list any more.",
    "not_allowed_token_type": (
        "Slack does not take this kind of token here: use the bot token (xoxb-) or user token (xoxp-) of the app."
    ),
    "access_denied": "Slack does not let this app read that: a workspace administrator has to allow it.",
    "no_permission": "Slack does not let this app read that: a workspace administrator has to allow it.",
    "team_access_not_granted": "The app is not allowed in this workspace: an administrator has to grant it.",
    "ekm_access_denied": "The organisation's administrators have blocked access to messages at Slack for now.",
}
_PASSING: Final = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org", "accesslimited"}
)


class SlackError(PermanentError):
    """An `ok: false` answer; `code` is Slack's word for it."""

    def __init__(self, sentence: str, *, code: str, retry_at: datetime | None) -> None:
        super().__init__(sentence, status=200, retry_at=retry_at)
        self.code = code


def error_of(data: Mapping[str, Any], headers: Mapping[str, str], *, now: datetime, later: datetime) -> ClientError:
    """The error of an `ok: false` answer."""
    code = _word(data.get("error")) or "an error without a name"
    if code in ("ratelimited", "rate_limited"):
        return limited(after(now, retry_after(headers, now) or PLAIN_SECONDS))
    if code in _DEAD:
        return AuthError(_DEAD[code], status=401)
    if code == "missing_scope":
        return AuthError(_missing(data), status=403, retry_at=now + LOOK_AGAIN)
    if code in _PASSING:
        return TransientError(
            f"Slack has a problem of its own ({code}): the import tries again by itself.", retry_at=later
        )
    sentence = _REFUSALS.get(code, f"Slack refused the call: {code}.")
    return SlackError(sentence, code=code, retry_at=now + LOOK_AGAIN)


def lacking_scopes(needed: Iterable[str], provided: Iterable[str]) -> str:
    """The sentence on permissions that the token does not have."""
    wanted, has = ", ".join(needed) or "it needs", ", ".join(sorted(provided)) or "none"
    return (
        f"The token lacks the permission {wanted} (it has {has}): add it under “OAuth & Permissions” in the settings "
        "of the app, install the app again, and set the new token."
    )


def _missing(data: Mapping[str, Any]) -> str:
    needed, provided = (_word(data.get(name)).split(",") for name in ("needed", "provided"))
    return lacking_scopes(filter(None, needed), filter(None, provided))


def _word(value: Any) -> str:
    """A code or a list of scopes as Slack sends them; nothing that could break out of a sentence."""
    kept = value[:200] if isinstance(value, str) else ""
    return "".join(sign for sign in kept if sign.isascii() and (sign.isalnum() or sign in "_:.,-"))
