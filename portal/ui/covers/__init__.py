"""Cover art: one deterministic SVG for each stable id; never changes with name, server or version."""

from portal.ui.covers.palettes import PALETTES, stylesheet
from portal.ui.covers.patterns import PATTERNS
from portal.ui.covers.seeds import Seed

#: Goes into the address of every cover; raise it when the drawing changes, since covers are cached for a year.
VERSION = 1
WIDTH, HEIGHT = 600, 400

__all__ = ["HEIGHT", "PALETTES", "PATTERNS", "VERSION", "WIDTH", "Seed", "choose", "cover_svg", "stylesheet"]


def choose(seed: str, kind: str = "group") -> tuple[str, str]:
    """The (palette, pattern) of a seed: two bytes of its SHA-256."""
    digest = Seed(f"{kind}:{seed}").digest
    return list(PALETTES)[digest[0] % len(PALETTES)], list(PATTERNS)[digest[1] % len(PATTERNS)]


def cover_svg(seed: str, kind: str = "group") -> str:
    """The cover of one group or organisation as an SVG document of about 2 to 12 KB, light and dark in one file."""
    palette, pattern = choose(seed, kind)
    body = PATTERNS[pattern](Seed(f"{kind}:{seed}"), WIDTH, HEIGHT)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' preserveAspectRatio="xMidYMid slice" aria-hidden="true"><style>{stylesheet(palette)}</style>'
        f'<path class="g" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>{body}</svg>'
    )
