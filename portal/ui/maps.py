"""The small world map: plate carrée, 84° north to 60° south, in a view box of 360 by 144."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, NORTH = 360, 144, 84


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    state: str


def project(lat: float, lon: float) -> tuple[float, float]:
    """Where a coordinate lies on the map."""
    return round(lon + 180, 1), round(NORTH - lat, 1)


def dots(points: Iterable[Any]) -> list[Dot]:
    """Dots for objects or mappings with lat and lon; `state` may be "quiet" or "now"."""
    placed = []
    for point in points:
        get = (
            point.get
            if isinstance(point, Mapping)
            else lambda key, default=None, point=point: getattr(point, key, default)
        )
        lat, lon = get("lat"), get("lon")
        if lat is None or lon is None:
            continue
        x, y = project(float(lat), float(lon))
        placed.append(Dot(x, y, get("state", "") or ""))
    return sorted(placed, key=lambda dot: dot.state == "now")
