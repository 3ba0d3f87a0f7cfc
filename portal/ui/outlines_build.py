"""Making the outlines of the big map from world-atlas; pure, for developers, never imported by the running portal.

The file of the package is a topology: lines ("arcs") shared by the countries on both sides. Its rings were joined
across the 180th meridian, so a flat map would draw a streak round the world through each: they are cut there again.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

Point = tuple[float, float]
Line = list[Point]

#: Hundredths of a degree: about a kilometre, finer than the data.
SCALE = 100
#: Corners that bend a line by less are left out, and islands that are smaller both ways (degrees).
TOLERANCE, SMALLEST = 0.025, 0.08
#: Nobody meets south of here; Mercator would draw it as wide as the rest of the world.
SOUTH = -60.0


def outlines(topology: dict[str, Any]) -> dict[str, Any]:
    """`land`: rings, `borders`: lines between two countries; each a list of whole numbers, x and y, as steps."""
    arcs = [simplified(arc) for arc in _decoded(topology)]
    land = topology["objects"]["land"]["geometries"][0]["arcs"]
    rings = (_ring(part, arcs) for polygon in land for part in polygon)
    pieces = (piece for ring in rings for piece in cut(ring))
    shared = Counter(
        _plain(index)
        for country in topology["objects"]["countries"]["geometries"]
        for index in set(map(_plain, _indexes(country.get("arcs", []))))
    )
    return {
        "scale": SCALE,
        "land": [steps(piece) for piece in pieces if _is_shown(piece)],
        "borders": [steps(arcs[index]) for index in sorted(shared) if shared[index] > 1],
    }


def as_json(found: dict[str, Any]) -> str:
    """The same bytes for the same outlines."""
    return json.dumps(found, separators=(",", ":"), sort_keys=True) + "\n"


def cut(ring: Line) -> Iterator[Line]:
    """The ring's parts between 180° west and 180° east; one that crosses the meridian becomes one on each side."""
    unrolled = _unrolled(ring)
    for turn in (-360.0, 0.0, 360.0):
        moved = [(x + turn, y) for x, y in unrolled]
        piece = _clipped(_clipped(moved, -180.0, keep_east=True), 180.0, keep_east=False)
        if len(piece) > 3:
            yield piece


def simplified(line: Line) -> Line:
    """Without the corners that hardly bend it (Douglas and Peucker); both ends stay, so shared lines still meet."""
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, at = max(
            ((_offset(line[i], line[first], line[last]), i) for i in range(first + 1, last)), default=(0.0, first)
        )
        if far > TOLERANCE:
            kept.add(at)
            spans += [(first, at), (at, last)]
    return [line[index] for index in sorted(kept)]


def steps(line: Line) -> list[int]:
    """Whole hundredths of a degree, each point as the step from the one before; points that fall together are one."""
    numbers: list[int] = []
    before = (0, 0)
    for index, (x, y) in enumerate(line):
        here = (round(x * SCALE), round(y * SCALE))
        if index == 0 or here != before:
            numbers += [here[0] - before[0], here[1] - before[1]]
            before = here
    return numbers


def _decoded(topology: dict[str, Any]) -> Iterator[Line]:
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        yield line


def _ring(indexes: Iterable[int], arcs: list[Line]) -> Line:
    """The arcs end to end; a negative index (its complement) runs backwards."""
    points: Line = []
    for index in indexes:
        line = arcs[index] if index >= 0 else arcs[~index][::-1]
        points += line[1:] if points else line
    return points


def _indexes(nested: list[Any]) -> Iterator[int]:
    for entry in nested:
        if isinstance(entry, list):
            yield from _indexes(entry)
        else:
            yield entry


def _plain(index: int) -> int:
    return index if index >= 0 else ~index


def _unrolled(ring: Line) -> Line:
    """Longitudes that run on instead of jumping from 180 to -180."""
    found = [ring[0]]
    for x, y in ring[1:]:
        before = found[-1][0]
        found.append((x + 360.0 * round((before - x) / 360.0), y))
    return found


def _clipped(ring: Line, edge: float, *, keep_east: bool) -> Line:
    """What lies on one side of a meridian (Sutherland and Hodgman)."""
    sign = 1 if keep_east else -1
    found: Line = []
    for index, (x, y) in enumerate(ring):
        before_x, before_y = ring[index - 1]
        is_in, was_in = sign * (x - edge) >= 0, sign * (before_x - edge) >= 0
        if is_in != was_in:
            found.append((edge, before_y + (y - before_y) * (edge - before_x) / (x - before_x)))
        if is_in:
            found.append((x, y))
    return found


def _is_shown(ring: Line) -> bool:
    xs, ys = [x for x, _y in ring], [y for _x, y in ring]
    is_islet = max(xs) - min(xs) < SMALLEST and max(ys) - min(ys) < SMALLEST
    return max(ys) > SOUTH and not is_islet


def _offset(point: Point, first: Point, last: Point) -> float:
    """Degrees between a point and the line through two others; between points where those are one."""
    width, height = last[0] - first[0], last[1] - first[1]
    length = math.hypot(width, height)
    if length == 0:
        return math.hypot(point[0] - first[0], point[1] - first[1])
    return abs(height * (point[0] - first[0]) - width * (point[1] - first[1])) / length
