"""The mail the portal sent, as its file backend wrote it."""

import re
import time
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

PATIENCE_SECONDS = 15.0
_RULE = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Letter:
    """A mail as its reader sees it."""

    to: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)

    def link(self, part: str) -> str:
        """The one address that contains `part`."""
        found = [link for link in self.links if part in link]
        assert len(set(found)) == 1, f"{part!r} is in {found} of:\n{self.text}"
        return found[0]

    @property
    def code(self) -> str:
        """The code that stands on a line of its own."""
        found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", self.text, re.MULTILINE)
        assert found, self.text
        return found.group(1)


@dataclass(frozen=True)
class Mailbox:
    """Everything under the portal's mail folder."""

    folder: Path

    def letters(self, to: str) -> list[Letter]:
        """What was sent to an address, oldest first."""
        found = []
        for path in sorted(self.folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns):
            for part in path.read_bytes().split(_RULE):
                if part.strip():
                    message = message_from_bytes(part.lstrip(b"\n"), policy=policy.default)
                    if to.lower() in str(message["To"]).lower():
                        found.append(_read(message))
        return found

    def wait_for(self, to: str, about: str) -> Letter:
        """The newest letter to the address with `about` in its subject or text; waits for the worker to send it."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            letters = self.letters(to)
            for letter in reversed(letters):
                if about.lower() in f"{letter.subject}\n{letter.text}".lower():
                    return letter
            if time.monotonic() > until:
                known = [letter.subject for letter in letters]
                raise AssertionError(f"No mail about {about!r} to {to} within {PATIENCE_SECONDS:.0f} s; sent: {known}")
            time.sleep(0.1)


def _read(message: EmailMessage) -> Letter:
    body = message.get_body(("plain",))
    return Letter(str(message["To"]), str(message["Subject"]), body.get_content() if body else "")
