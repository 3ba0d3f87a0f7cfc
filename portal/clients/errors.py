"""What can go wrong when asking an outside service: each error is a sentence for people and says when to go on."""

from datetime import datetime


class ClientError(Exception):
    """Any failed call. `retry_at` (aware, UTC) is when to go on, None when waiting does not help."""

    def __init__(self, sentence: str, *, retry_at: datetime | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retry_at = retry_at


class ForbiddenAddress(ClientError):
    """The address is not public, or not one of the source's hosts: nothing was sent there."""


class RateLimited(ClientError):
    """The service asks for patience; `retry_at` is always set."""


class TransientError(ClientError):
    """Lost connections, timeouts, 5xx: tried a few times already; `retry_at` is always set."""


class UnknownHost(TransientError):
    """The name service says that there is no such host; it may be wrong for a while, so this is transient too."""


class PermanentError(ClientError):
    """The service refuses (404, 410, 422 ...): the stream stops until somebody looks."""

    def __init__(self, sentence: str, *, status: int, retry_at: datetime | None = None) -> None:
        super().__init__(sentence, retry_at=retry_at)
        self.status = status


class AuthError(PermanentError):
    """401 or a 403 that is no rate limit: the token is missing, expired, revoked or too narrow."""


class BadPayload(ClientError):
    """An answer that is not what the service sends: HTML with 200, broken or over-deep JSON, too large a body.

    `retry_at` is set: most such answers are maintenance pages or proxies that pass.
    """
