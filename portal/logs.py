"""What must never stand in a log line."""

import logging
import re

_TOKENS = re.compile(
    r"gh[pousr]_\w{8,}|github_pat_\w+|xox[abeprs]-[\w-]+|(?<=Bearer )[\w.=~+/-]+|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)"
)


def holds_secret(text: str) -> bool:
    """Whether there is the known shape of a token or a password in it."""
    return _TOKENS.search(text) is not None


class MaskSecrets(logging.Filter):
    """Replaces known shapes of tokens and passwords in addresses by `***`, in the message and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = _TOKENS.sub("***", message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True
