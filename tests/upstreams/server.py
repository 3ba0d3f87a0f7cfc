"""A loopback HTTP server that plays one or more services, keeps a log and breaks on demand."""

import gzip
import json
import re
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """A call as the service sees it; `base` is the address the caller knows the service by.

    `query` holds the last value of each name, `pairs` all of them.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    base: str = ""
    pairs: Sequence[tuple[str, str]] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.body or b"null")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answers; `data` is sent as JSON unless `body` is given."""

    status: int = 200
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json; charset=utf-8"

    @property
    def payload(self) -> bytes:
        return json.dumps(self.data).encode() if self.body is None else self.body


class App(Protocol):
    """A service: one answer per call, from its world as it is now."""

    def respond(self, request: Request) -> Reply: ...


Send = Callable[["Handler", Reply], None]


@dataclass(slots=True)
class Fault:
    """Breaks the next `times` calls whose path and query match; `skip` lets that many through first."""

    pattern: str
    send: Send
    times: int = 1
    skip: int = 0

    def takes(self, target: str) -> bool:
        if self.times <= 0 or not re.search(self.pattern, target):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Handler(BaseHTTPRequestHandler):
    """Reads a call, asks the service below its path prefix, and sends the answer whole or broken."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 30
    server: "Server"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        request, prefix = self._read()
        with self.server.lock:
            self.server.log.append(request)
            reply = self.server.apps[prefix].respond(request) if prefix is not None else Reply(404, {"message": "?"})
            fault = next((fault for fault in self.server.faults if fault.takes(self.path)), None)
        try:
            (fault.send if fault else send_whole)(self, reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _read(self) -> tuple[Request, str | None]:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        prefix = next(
            (one for one in self.server.prefixes if parts.path == one or parts.path.startswith(f"{one}/")), None
        )
        headers = {key.lower(): value for key, value in self.headers.items()}
        base = f"http://{headers.get('host', '')}{prefix or ''}"
        path = parts.path.removeprefix(prefix or "") or "/"
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        return Request(self.command, path, dict(pairs), headers, body, base, pairs), prefix

    def log_message(self, format: str, *args: Any) -> None:
        if self.server.is_loud:
            super().log_message(format, *args)


def send_whole(handler: Handler, reply: Reply) -> None:
    """The answer as it is, gzip when the caller takes it and it is worth it."""
    body = reply.payload if reply.status not in (204, 304) else b""
    headers = {"Content-Type": reply.content_type, **reply.headers}
    if len(body) > 1400 and "gzip" in handler.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
    send_raw(handler, reply.status, {**headers, "Content-Length": str(len(body))}, body)


def send_raw(handler: Handler, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Status, headers and body exactly as given."""
    handler.send_response(status)
    for name, value in headers.items():
        if value:
            handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Serves apps below path prefixes ("" for the whole server) until `stop`; a context manager."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, apps: Mapping[str, App], *, port: int = 0, is_loud: bool = False) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.apps = dict(apps)
        self.prefixes = sorted(self.apps, key=len, reverse=True)
        self.faults: list[Fault] = []
        self.log: list[Request] = []
        self.lock = threading.Lock()
        self.is_loud = is_loud

    @property
    def host(self) -> str:
        """The pair for ALLOWED_PRIVATE_HOSTS."""
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, prefix: str = "") -> str:
        return f"http://{self.host}{prefix}"

    def break_next(self, pattern: str, send: Send, *, times: int = 1, skip: int = 0) -> None:
        """Break the next calls whose path matches; faults stand in the order they were added."""
        self.faults.append(Fault(pattern, send, times, skip))

    def calls(self, pattern: str = "") -> list[Request]:
        return [request for request in self.log if re.search(pattern, request.path)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that hang up are what half of the faults are about; anything else is shown."""
        if not isinstance(sys.exception(), OSError | ValueError):
            super().handle_error(request, client_address)

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()
