"""The web address of the portal on this machine: is it free, does it answer."""

import contextlib
import ipaddress
import json
import selectors
import socket
from pathlib import Path

from portal.local.state import LocalError, is_port_free


def demo_signins(var: Path) -> list[str]:
    """A line for each sign-in of the demo's cast, as `load_demo` left them; none without a demo."""
    try:
        rows = json.loads((var / "demo_signins.json").read_text(encoding="utf-8"))
        width = max((len(row["email"]) for row in rows), default=0)
        return [f"  {row['role']:<10} {row['email']:<{width}}  {row['password']}" for row in rows]
    except (OSError, ValueError, KeyError, TypeError):
        return []


class Site:
    """Where the web server will listen."""

    def __init__(self, port: int, host: str) -> None:
        self.port = port
        self.host = host
        #: Passkeys need the name, not the number.
        self.address = f"http://localhost:{port}"
        self._question: socket.socket | None = None

    def check_free(self) -> None:
        """Raises LocalError when another program listens there."""
        if not is_port_free(self.port, self.host):
            raise LocalError(
                f"Port {self.port} is taken by another program or not allowed: end it, or choose another,"
                f" such as `make run PORT={self.port + 1}`."
            )

    def has_answered(self) -> bool:
        """Whether the web server has answered a request; asks one question and looks for its answer at each call."""
        if self._question is None:
            with contextlib.suppress(OSError):
                self._question = socket.create_connection((self._near_host(), self.port), 1)
                self._question.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self._question, selectors.EVENT_READ)
            if not selector.select(0):
                return False
        said = b""
        with contextlib.suppress(OSError):
            said = self._question.recv(100)
        self._question.close()
        self._question = None
        return said.startswith(b"HTTP/")

    def _near_host(self) -> str:
        """Where to ask: a server that listens on all addresses listens on this machine's own."""
        return "127.0.0.1" if self.host == str(ipaddress.IPv4Address(0)) else self.host
