"""The promises of the palette, computed from tokens.css itself."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = settings.BASE_DIR / "static" / "css"
TOKENS = dict(re.findall(r"--([\w-]+):\s*(light-dark\([^)]*\)|#[0-9A-Fa-f]{6})\s*;", (CSS / "tokens.css").read_text()))
GROUNDS = ("paper", "sheet", "sunk")
THEMES = (0, 1)


def colour(token: str, theme: int) -> str:
    return re.findall(r"#[0-9A-Fa-f]{6}", TOKENS[token])[theme if "light-dark" in TOKENS[token] else 0]


def luminance(hexadecimal: str) -> float:
    parts = [int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, theme: int) -> float:
    low, high = sorted((luminance(colour(one, theme)), luminance(colour(other, theme))))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", ["ink", "ink2", "ink3", "deep"])
def test_text_is_readable_on_every_ground(text, ground, theme):
    assert contrast(text, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *(("on-btn", "btn"), ("on-btn", "btn-hover"), ("on-amber", "amber"), ("on-amber", "amber-hover")),
        *(("honey-ink", "honey"), ("good", "good-wash"), ("bad", "bad-wash"), ("deep", "wash"), ("ink2", "wash")),
        *(("good", "paper"), ("bad", "paper"), ("ink2", "honey"), ("ink", "bad-wash"), ("on-tile-head", "tile-head")),
        *((f"avatar-{n}-ink", f"avatar-{n}") for n in range(1, 7)),
    ],
)
def test_text_is_readable_on_its_own_ground(text, ground, theme):
    assert contrast(text, ground, theme) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_borders_of_controls_and_focus_rings_are_visible(ground, theme):
    assert contrast("edge", ground, theme) >= 3
    assert contrast("brand", ground, theme) >= 3


def test_tokens_are_the_ones_of_the_brief():
    assert [colour("paper", 0), colour("paper", 1), colour("ink", 0), colour("amber", 0), colour("chart-5", 1)] == [
        *("#FAF6EE", "#151728", "#1E2344", "#FDB933", "#E0735A"),
    ]


def test_raw_colours_stand_in_tokens_only():
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\brgba?\(|\bhsla?\(")
    found = {
        str(path.relative_to(CSS)): raw.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))
        for path in CSS.rglob("*.css")
        if path.name != "tokens.css"
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_every_custom_property_in_use_is_defined():
    defined, used = {"series", "ground"}, set()
    for path in CSS.rglob("*.css"):
        text = path.read_text()
        defined |= set(re.findall(r"--([\w-]+)\s*:", text))
        used |= set(re.findall(r"var\(--([\w-]+)", text))
    assert used - defined == set()


def test_stylesheets_name_no_foreign_address():
    assert [
        path.name for path in Path(CSS).rglob("*.css") if re.search(r"url\([\"']?(https?:)?//", path.read_text())
    ] == []
