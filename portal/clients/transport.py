"""Connections of the HTTP layer: to checked addresses only, with one deadline over everything a call does."""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore
import httpx

from portal.clients.addresses import AddressGuard

Monotonic = Callable[[], float]


class Deadline:
    """The moment by which a whole call must be over; set before each call, read by every socket operation."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        self._ends_at = float("inf")

    def start(self, seconds: float) -> None:
        self._ends_at = self._monotonic() + seconds

    def left(self) -> float:
        """Seconds left, zero or less when it is over."""
        return self._ends_at - self._monotonic()

    def cut(self, timeout: float | None) -> float:
        """A socket timeout that does not outlast the deadline; raises httpcore.ReadTimeout when it is over."""
        left = self.left()
        if left <= 0:
            raise httpcore.ReadTimeout("The total time of the call is over.")
        return left if timeout is None else min(timeout, left)


class _DeadlineStream(httpcore.NetworkStream):
    """A connection whose reads and writes end with the deadline, so that a slow drip of bytes cannot hold a worker."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cut(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cut(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.cut(timeout))
        return _DeadlineStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _GuardedBackend(httpcore.NetworkBackend):
    """Resolves a host once, checks every address and connects to one of exactly those: no second look-up to rebind."""

    def __init__(self, guard: AddressGuard, deadline: Deadline) -> None:
        self._guard = guard
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._guard.addresses(host, port):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.cut(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure or httpcore.ConnectError("The host has no address.")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise httpcore.ConnectError("Local sockets are never asked.")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(min(seconds, max(self._deadline.left(), 0.0)))


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over a pool with the guarded backend. Host header and TLS name stay those of the URL."""

    def __init__(self, guard: AddressGuard, deadline: Deadline) -> None:
        context = httpx.create_ssl_context(trust_env=True)
        super().__init__(verify=context)
        self._pool.close()
        # httpx offers no argument for the network backend; a test pins that the pool is the guarded one.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            max_connections=2,
            max_keepalive_connections=1,
            keepalive_expiry=15.0,
            network_backend=_GuardedBackend(guard, deadline),
        )
