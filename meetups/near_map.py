"""A small map around one place: what part of the world's outline it shows and where the dots lie. Pure.

Plate carrée like the outline it is drawn on (360 by 144 units, 84° north to 60° south), squeezed by the cosine of the
latitude so that a circle of kilometres looks round. Longitudes count from the centre: the 180th meridian is no edge.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.places.distances import KM_PER_DEGREE
from portal.ui.maps import HEIGHT, NORTH, WIDTH

#: Degrees of latitude from the centre to the rim: never less than a region, never more than a country.
CLOSEST, FARTHEST = 1.2, 6.0
WIDE = 1.6
MARGIN = 1.25


@dataclass(frozen=True, slots=True)
class Spot:
    """A number on the map, as in the list beside it."""

    x: int
    y: int
    number: int
    kind: str


@dataclass(frozen=True, slots=True)
class NearMap:
    """Everything the drawing needs, in units of the view box; `outlines` are the left edges of the world's outline."""

    view_box: str
    outlines: Sequence[int]
    outline_width: int
    outline_height: int
    x: int
    y: int
    radius: int
    dot: int
    letter: int
    spots: Sequence[Spot]


def draw(
    *, latitude: float, longitude: float, points: Sequence[tuple[float, float, int, str]], radius_km: float
) -> NearMap:
    """`points` are (latitude, longitude, number, kind); those too far away are left out and stay in the list."""
    squeeze = max(math.cos(math.radians(latitude)), 0.2)
    shifts = [(_turn(lon - longitude) * squeeze, latitude - lat, number, kind) for lat, lon, number, kind in points]
    reach = max((max(abs(x) / WIDE, abs(y)) for x, y, _number, _kind in shifts), default=0.0) * MARGIN
    high = min(max(reach, CLOSEST), FARTHEST)
    wide = high * WIDE
    centre_x, centre_y = (longitude + WIDTH / 2) * squeeze, NORTH - latitude
    world = WIDTH * squeeze
    edges = [edge for edge in (-world, 0.0, world) if edge < centre_x + wide and edge + world > centre_x - wide]
    box = (centre_x - wide, centre_y - high, 2 * wide, 2 * high)
    return NearMap(
        view_box=" ".join(str(_units(part)) for part in box),
        outlines=[_units(edge) for edge in edges],
        outline_width=_units(world),
        outline_height=_units(HEIGHT),
        x=_units(centre_x),
        y=_units(centre_y),
        radius=_units(radius_km / KM_PER_DEGREE),
        dot=_units(high / 13),
        letter=_units(high / 9),
        spots=[
            Spot(_units(centre_x + x), _units(centre_y + y), number, kind)
            for x, y, number, kind in shifts
            if abs(x) <= wide and abs(y) <= high
        ],
    )


def _units(degrees: float) -> int:
    """Browsers draw letters badly below one unit, so a degree has a thousand."""
    return round(degrees * 1000)


def _turn(degrees: float) -> float:
    """A difference of longitudes the short way round."""
    return (degrees + 180) % 360 - 180
