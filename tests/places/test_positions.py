"""Positions in addresses are rounded, and only those of this globe are taken."""

import pytest

from portal.places.positions import read_position


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("52.52437,13.41053", (52.5, 13.4)),
        (" 52.5 , 13.4 ", (52.5, 13.4)),
        ("-0.04,-0.04", (0.0, 0.0)),
        ("90,-180", (90.0, -180.0)),
        ("90.04,0", (90.0, 0.0)),
        ("90.1,0", None),
        ("0,180.1", None),
        ("52.5", None),
        ("52,5,13,4", None),
        ("nan,nan", None),
        ("1e1,0", None),
        ("٥٢,١٣", None),
        ("", None),
    ],
)
def test_position_is_read_in_tenths(text: str, expected: tuple[float, float] | None) -> None:
    assert read_position(text) == expected


def test_position_writes_itself_without_a_minus_before_nought() -> None:
    assert str(read_position("-0.04,13.40")) == "0,13.4"
