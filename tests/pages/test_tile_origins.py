"""Where map tiles may come from: nobody, unless a whole address of tiles is set."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.environment import tile_origins


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", []),
        ("https://tiles.example.org/{z}/{x}/{y}.png", ["https://tiles.example.org"]),
        ("https://{s}.tiles.example.org:8443/a/{z}/{x}/{y}{r}.png", ["https://*.tiles.example.org:8443"]),
    ],
)
def test_tiles_are_allowed_from_their_origin_only(template: str, expected: list[str]) -> None:
    assert tile_origins(template) == expected


@pytest.mark.parametrize(
    "template",
    ["tiles", "https://tiles.example.org/{z}/{x}.png", "ftp://a/{z}/{x}/{y}", "https://a; script-src *,b/{z}/{x}/{y}"],
)
def test_anything_else_is_refused_at_the_start(template: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAP_TILES_URL"):
        tile_origins(template)
