"""The ways an answer can go wrong on its way, for `Server.break_next`."""

import gzip
import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any

from tests.upstreams.server import Handler, Reply, Send, send_raw, send_whole

JSON = {"Content-Type": "application/json"}
PAGE = b"<!doctype html><title>Down for maintenance</title><p>Back soon."


def status(code: int, body: bytes = b"", **headers: str) -> Send:
    """Another status; header names with underscores become dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def send(handler: Handler, reply: Reply) -> None:
        send_raw(handler, code, {**JSON, "Content-Length": str(len(body)), **named}, body)

    return send


def body(content: bytes, **headers: str) -> Send:
    """Status 200 with this body."""
    return status(200, content, **headers)


def data(value: Any) -> Send:
    """Status 200 with this JSON instead."""
    return body(json.dumps(value).encode())


def html() -> Send:
    return status(200, PAGE, Content_Type="text/html; charset=utf-8")


def empty_list(key: str = "") -> Send:
    """An empty page; the headers (so the next link) stay."""

    def send(handler: Handler, reply: Reply) -> None:
        nothing: Any = {key: []} if key else []
        send_whole(handler, Reply(reply.status, nothing, reply.headers))

    return send


def relabelled(headers: Mapping[str, str]) -> Send:
    """The true answer under other headers; an empty value takes a header away."""

    def send(handler: Handler, reply: Reply) -> None:
        content = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.payload)), **reply.headers}
        send_raw(handler, reply.status, {**content, **headers}, reply.payload)

    return send


def truncated_json() -> Send:
    """Half of the JSON, honestly announced."""

    def send(handler: Handler, reply: Reply) -> None:
        half = reply.payload[: len(reply.payload) // 2]
        send_raw(handler, reply.status, {**JSON, "Content-Length": str(len(half))}, half)

    return send


def cut_off() -> Send:
    """A Content-Length that is never reached: the connection ends in mid-body."""

    def send(handler: Handler, reply: Reply) -> None:
        length = {"Content-Length": str(len(reply.payload))}
        send_raw(handler, reply.status, {**JSON, **length}, reply.payload[: len(reply.payload) // 2])
        handler.close_connection = True

    return send


def reset() -> Send:
    """Some bytes, then a TCP reset."""

    def send(handler: Handler, reply: Reply) -> None:
        send_raw(handler, reply.status, {**JSON, "Content-Length": str(len(reply.payload))}, reply.payload[:5])
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.connection.close()
        handler.close_connection = True

    return send


def drip(seconds: float, *, of_headers: bool = False) -> Send:
    """One byte at a time, in the body or already in the headers, until the caller hangs up."""

    def send(handler: Handler, reply: Reply) -> None:
        handler.close_connection = True
        content = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000 if of_headers else reply.payload
        if not of_headers:
            send_raw(handler, 200, {**JSON, "Content-Length": str(len(content))}, b"")
        for byte in content:
            handler.wfile.write(bytes([byte]))
            time.sleep(seconds)

    return send


def bomb(megabytes: int) -> Send:
    """A small gzip body that unpacks to a large one."""
    return body(gzip.compress(b"[" + b" " * (megabytes * 1024 * 1024) + b"]"), Content_Encoding="gzip")


def endless() -> Send:
    """A body without a length that goes on until the caller hangs up."""

    def send(handler: Handler, reply: Reply) -> None:
        handler.close_connection = True
        send_raw(handler, 200, {**JSON, "Connection": "close"}, b"[")
        while True:
            handler.wfile.write(b" " * 65536)

    return send
