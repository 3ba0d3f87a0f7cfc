"""The outlines of the big map: cut at the 180th meridian, the same bytes each time."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.management import call_command

from portal.ui.outlines_build import cut, outlines, simplified, steps

FILE = Path(__file__).parents[2] / "static" / "map" / "outlines.json"
#: Two countries that share a border, one of them reaching over the meridian; in whole degrees.
TOPOLOGY: dict[str, Any] = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[170, 10], [0, -20]],
        [[170, -10], [10, 0], [-355, 0], [0, 20], [355, 0], [-10, 0]],
        [[170, 10], [-10, 0], [0, -20], [10, 0]],
    ],
    "objects": {
        "land": {"geometries": [{"arcs": [[[1, 2]]]}]},
        "countries": {"geometries": [{"arcs": [[0, 1]]}, {"arcs": [[[2, -1]]]}, {}]},
    },
}


def points(numbers: list[int]) -> list[tuple[int, int]]:
    x = y = 0
    found = []
    for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append((x, y))
    return found


def test_land_over_the_meridian_becomes_two_pieces_and_the_border_stays_one_line() -> None:
    found = outlines(TOPOLOGY)
    west, east = sorted((points(ring) for ring in found["land"]), key=min)
    assert {x for x, _y in west} == {-18000, -17500}
    assert {x for x, _y in east} <= {16000, 17000, 18000}
    assert [points(line) for line in found["borders"]] == [[(17000, 1000), (17000, -1000)]]


def test_ring_that_stays_on_its_side_is_not_touched() -> None:
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    [piece] = cut(ring)
    assert set(piece) == set(ring)


def test_corners_that_hardly_bend_are_left_out_and_ends_stay() -> None:
    assert simplified([(0.0, 0.0), (1.0, 0.001), (2.0, 0.0), (2.0, 3.0)]) == [(0.0, 0.0), (2.0, 0.0), (2.0, 3.0)]
    assert simplified([(5.0, 5.0), (6.0, 6.0), (5.0, 5.0)]) == [(5.0, 5.0), (6.0, 6.0), (5.0, 5.0)]


def test_steps_are_from_the_point_before_and_never_nothing() -> None:
    assert steps([(1.0, 1.0), (1.001, 1.0), (1.5, 0.0)]) == [100, 100, 50, -100]


def test_bundled_outlines_stay_on_the_globe_and_streak_nowhere() -> None:
    found = json.loads(FILE.read_text())
    assert len(found["land"]) > 1000
    assert len(found["borders"]) > 300
    for ring in map(points, [*found["land"], *found["borders"]]):
        assert all(-18000 <= x <= 18000 and -9000 <= y <= 9000 for x, y in ring)
        assert max((abs(b[0] - a[0]) for a, b in pairwise(ring)), default=0) < 3000


def test_command_writes_the_same_bytes_each_time(tmp_path: Path) -> None:
    source = tmp_path / "countries.json"
    source.write_text(json.dumps(TOPOLOGY))
    written = []
    for name in ("one.json", "two.json"):
        call_command("build_outlines", source, output=tmp_path / name, stdout=open("/dev/null", "w"))  # noqa: SIM115
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert json.loads(written[0])["scale"] == 100
