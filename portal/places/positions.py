"""A position in an address: rounded to about ten kilometres, so that it says where a region is, never a home; pure."""

import re
from typing import NamedTuple

_NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
_PAIR = re.compile(rf"\s*({_NUMBER})\s*,\s*({_NUMBER})\s*", re.ASCII)


class Position(NamedTuple):
    """Degrees, in tenths."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        return f"{self.latitude:g},{self.longitude:g}"


def read_position(text: str) -> Position | None:
    """ "52.52437, 13.41" -> 52.5,13.4; None for what lies on no globe."""
    found = _PAIR.fullmatch(text)
    if found is None:
        return None
    latitude, longitude = (round(float(number), 1) + 0.0 for number in found.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Position(latitude, longitude)
