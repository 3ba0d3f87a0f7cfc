"""Five palettes for covers, each as (ground, soft, mid, strong, spark), for light and for dark."""

from typing import NamedTuple


class Palette(NamedTuple):
    light: tuple[str, str, str, str, str]
    dark: tuple[str, str, str, str, str]


PALETTES: dict[str, Palette] = {
    "dusk": Palette(
        ("#3A4780", "#4E5E9E", "#7686C4", "#AEB9E6", "#FDB933"), ("#2A3364", "#38437F", "#5C6BB3", "#A9B5EA", "#FDB933")
    ),
    "clay": Palette(
        ("#EBCDB7", "#E0B595", "#C9805E", "#A24A34", "#36437A"), ("#46281F", "#67382A", "#A65F45", "#E0A284", "#FDB933")
    ),
    "moss": Palette(
        ("#D3DFC8", "#B4CAA6", "#7BA077", "#2F6B4F", "#FDB933"), ("#1D372C", "#2A4E3D", "#56866A", "#A9CDAF", "#FDB933")
    ),
    "honey": Palette(
        ("#FFE2A0", "#FDCB62", "#FDB933", "#B9771A", "#36437A"), ("#45330F", "#6A4F17", "#B5822B", "#FDCB62", "#F5F0E4")
    ),
    "lagoon": Palette(
        ("#CBE2DF", "#A3CCC8", "#5AA09D", "#1E6467", "#C4523B"), ("#13363A", "#1E5054", "#478F8D", "#A3D6D2", "#E0735A")
    ),
}

#: Class letters used by the patterns: fill and stroke of ground, soft, mid, strong, spark.
LETTERS = "gsmtk"


def _rules(colours: tuple[str, ...]) -> str:
    return "".join(
        f".{letter}{{fill:{colour}}}.l{letter}{{stroke:{colour}}}"
        for letter, colour in zip(LETTERS, colours, strict=True)
    )


def stylesheet(name: str) -> str:
    """The style element's text for a palette. It is the file's only style: its hash stands in a header."""
    palette = PALETTES[name]
    return f".l{{fill:none}}{_rules(palette.light)}@media(prefers-color-scheme:dark){{{_rules(palette.dark)}}}"
