"""Reading the body of an answer within limits: bytes read, bytes unpacked, and JSON that cannot hurt the worker."""

import json
import zlib
from collections.abc import Iterable
from typing import Any, NoReturn

READ_LIMIT = 10 * 1024 * 1024
UNPACKED_LIMIT = 50 * 1024 * 1024
_STEP = 256 * 1024
_PAGE = (
    "A web page came instead of data: a login, error or maintenance page? "
    "Open the address in a browser and see; it is asked again later."
)


class Refused(Exception):
    """A body that was refused; `is_passing` when the same call may well bring a whole one."""

    def __init__(self, sentence: str, *, is_passing: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.is_passing = is_passing


class _Unpacker:
    """Unpacks gzip piece by piece, so that a bomb is stopped at the limit and not after it."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._machine = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        self.body = bytearray()

    def feed(self, chunk: bytes) -> None:
        while chunk:
            self.body += self._machine.decompress(chunk, _STEP)
            if len(self.body) > self._limit:
                raise Refused(_too_large(self._limit, "unpacked"), is_passing=False)
            chunk = self._machine.unconsumed_tail

    def finish(self) -> bytes:
        if not self._machine.eof:
            raise zlib.error("the packed body ends too early")
        return bytes(self.body)


def _too_large(limit: int, how: str) -> str:
    return f"The answer is larger than {limit // (1024 * 1024)} MB {how}: reading was stopped."


def read_body(
    chunks: Iterable[bytes], encoding: str, *, read_limit: int = READ_LIMIT, unpacked_limit: int = UNPACKED_LIMIT
) -> bytes:
    """The whole body, unpacked. `chunks` are the bytes as sent, `encoding` the Content-Encoding header."""
    packing = encoding.strip().lower()
    if packing in ("", "identity"):
        return _collect(chunks, read_limit)
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise Refused(f"The answer is packed as “{packing[:40]}”, which was not asked for.", is_passing=False)
    unpacker = _Unpacker(unpacked_limit)
    size = 0
    try:
        for chunk in chunks:
            size += len(chunk)
            if size > read_limit:
                raise Refused(_too_large(read_limit, "on the line"), is_passing=False)
            unpacker.feed(chunk)
        return unpacker.finish() if size else b""
    except zlib.error as error:
        raise Refused(f"The packed answer is broken ({error}).", is_passing=True) from error


def _collect(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise Refused(_too_large(limit, "on the line"), is_passing=False)
    return bytes(body)


def check_length(content_length: str, limit: int = READ_LIMIT) -> None:
    """Refuse a body that announces itself as too large before reading any of it."""
    if content_length.isdigit() and int(content_length[:18]) > limit:
        raise Refused(_too_large(limit, "on the line"), is_passing=False)


def check_content_type(content_type: str) -> None:
    """Refuse what is not JSON; an answer without any type is given the chance to be JSON."""
    kind = content_type.split(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise Refused(_PAGE, is_passing=False)
    if kind and not kind.endswith("json"):
        raise Refused(f"Data of type “{kind[:60]}” came instead of JSON.", is_passing=False)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def parse_json(body: bytes) -> Any:
    """The JSON of a body. Broken, over-deep and over-long ones raise Refused, never anything else."""
    if not body.strip():
        raise Refused("The answer is empty.", is_passing=True)
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except RecursionError as error:
        raise Refused("The answer is nested too deeply to be real.", is_passing=False) from error
    except ValueError as error:  # also JSONDecodeError, UnicodeDecodeError and numbers of thousands of digits
        if body.lstrip()[:1] == b"<":
            raise Refused(_PAGE, is_passing=True) from error
        raise Refused(
            f"The answer is broken ({str(error)[:120]}): the service, or a proxy before it, has a problem of its own. "
            "It is asked again later.",
            is_passing=True,
        ) from error
