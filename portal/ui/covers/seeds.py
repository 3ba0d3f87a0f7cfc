"""The stream of numbers a cover is drawn from: SHA-256 in counter mode, the same in every language and version."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Seed:
    """Numbers that depend on nothing but the text they grow from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.digest = hashlib.sha256(text.encode()).digest()
        self._block = b""
        self._count = 0

    def unit(self) -> float:
        """The next number in [0, 1), in steps of 1/65536."""
        if len(self._block) < 2:
            self._block = hashlib.sha256(self.digest + self._count.to_bytes(4, "big")).digest()
            self._count += 1
        value, self._block = int.from_bytes(self._block[:2], "big"), self._block[2:]
        return value / 65536

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.unit() * len(options))]
