"""Five patterns for covers: each draws into a fixed box and returns SVG shapes without colours (classes only)."""

import math
from collections.abc import Callable

from portal.ui.covers.seeds import Seed

Pattern = Callable[[Seed, int, int], str]


def _smooth(points: list[tuple[float, float]]) -> str:
    """A closed soft line through the middles of the given corners, in whole units."""
    middles = [
        (round((x + points[i - 1][0]) / 2), round((y + points[i - 1][1]) / 2)) for i, (x, y) in enumerate(points)
    ]
    d = [f"M{middles[0][0]} {middles[0][1]}"]
    here = middles[0]
    for i, (x, y) in enumerate(points):
        end = middles[(i + 1) % len(points)]
        d.append(f"q{round(x) - here[0]} {round(y) - here[1]} {end[0] - here[0]} {end[1] - here[1]}")
        here = end
    return "".join(d) + "z"


def _ring(radius: float, centre: tuple[float, float], waves: list[tuple[int, float, float]]) -> str:
    corners = 26 if radius > 60 else 14
    points = []
    for i in range(corners):
        angle = 2 * math.pi * i / corners
        bend = 1 + sum(depth * math.sin(count * angle + phase) for count, depth, phase in waves)
        points.append((centre[0] + radius * bend * math.cos(angle), centre[1] + radius * bend * math.sin(angle)))
    return _smooth(points)


def topo(seed: Seed, width: int, height: int) -> str:
    """Two hills as contour lines; every fourth line strong; the top of each filled with spark."""
    first = (width * seed.between(0.2, 0.36), height * seed.between(0.3, 0.5))
    second = (width * seed.between(0.6, 0.72), height * seed.between(0.48, 0.66))
    if seed.unit() < 0.5:
        first, second = (width - first[0], first[1]), (width - second[0], second[1])
    shapes = []
    for centre, count in ((first, 16), (second, 8)):
        waves = [(n, seed.between(0.13, 0.26) / (n - 0.6), seed.between(0, 6.28)) for n in (2, 3, 5)]
        step = seed.between(21, 25)
        rings = [_ring(step * (k + 1.1), centre, waves) for k in range(count)]
        if centre is second:
            shapes.append(f'<path class="s" d="{rings[-1]}"/>')
        thin = "".join(ring for k, ring in enumerate(rings) if k and k % 4)
        strong = "".join(ring for k, ring in enumerate(rings) if k and k % 4 == 0)
        shapes.append(f'<path class="l lm" stroke-width="1.2" d="{thin}"/>')
        shapes.append(f'<path class="l lt" stroke-width="2" d="{strong}"/><path class="k" d="{rings[0]}"/>')
    return "".join(shapes)


def _quarter(x: int, y: int, size: int, turn: int, radius: int) -> str:
    """The start point and the arc of a quarter circle round one corner of a cell."""
    corners = [(x, y, 1, 1), (x + size, y, -1, 1), (x + size, y + size, -1, -1), (x, y + size, 1, -1)]
    cx, cy, right, down = corners[turn]
    sweep = 1 if right * down > 0 else 0
    return f"M{cx + right * radius} {cy}A{radius} {radius} 0 0 {sweep} {cx} {cy + down * radius}"


def arcs(seed: Seed, width: int, height: int) -> str:
    """Square cells: a quarter disc, three quarter arcs, a spark dot or nothing, turned by quarters."""
    size = seed.pick([80, 100])
    columns, rows = math.ceil(width / size), math.ceil(height / size)
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    middle = [cell for cell in cells if abs(cell[0] - columns / 2 + 0.5) < 1.6 and 0 < cell[1] < rows - 1]
    sparks = {seed.pick(middle), seed.pick(cells), seed.pick(cells), seed.pick(cells)}
    shapes: list[str] = []
    lines: list[str] = []
    dots: list[str] = []
    for column, row in cells:
        x, y, kind, turn = column * size, row * size, seed.unit(), seed.whole(0, 3)
        if seed.unit() < 0.22:
            shapes.append(f'<path class="s" d="M{x} {y}h{size}v{size}h-{size}z"/>')
        if (column, row) in sparks:
            dots.append(f'<circle class="k" cx="{x + size // 2}" cy="{y + size // 2}" r="{round(size * 0.27)}"/>')
        elif kind < 0.5:
            cx, cy = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)][turn]
            colour = seed.pick(["s", "m", "m", "t"])
            shapes.append(f'<path class="{colour}" d="{_quarter(x, y, size, turn, size)}L{cx} {cy}z"/>')
        elif kind < 0.86:
            lines.extend(_quarter(x, y, size, turn, round(size * part)) for part in (0.32, 0.56, 0.8))
    return "".join(shapes) + f'<path class="l lt" stroke-width="2.5" d="{"".join(lines)}"/>' + "".join(dots)


def streets(seed: Seed, width: int, height: int) -> str:
    """A turned grid of uneven blocks, a few strong, two of spark, and one wide curved road in the ground's colour."""
    turn = seed.pick([-1, 1]) * seed.between(9, 24)
    blocks: dict[str, list[str]] = {"s": [], "m": [], "t": [], "k": []}
    middle: list[tuple[int, int, int, int]] = []
    y = -160
    while y < height + 160:
        tall = seed.whole(34, 58)
        x = -150 - seed.whole(0, 50)
        while x < width + 150:
            wide = seed.whole(38, 112)
            colour = seed.pick(["s", "s", "s", "m", "m", "t"] if seed.unit() < 0.5 else ["s", "s", "m"])
            blocks[colour].append(f"M{x} {y}h{wide}v{tall}h-{wide}z")
            if abs(x + wide / 2 - width / 2) < 170 and 40 < y < height - 90:
                middle.append((x, y, wide, tall))
            x += wide + 7
        y += tall + 7
    for _ in range(2):
        x, y, wide, tall = seed.pick(middle)
        blocks["k"].append(f"M{x} {y}h{wide}v{tall}h-{wide}z")
    body = "".join(f'<path class="{colour}" d="{"".join(paths)}"/>' for colour, paths in blocks.items())
    start, bend, end = (round(height * seed.between(0.1, 0.9)) for _ in range(3))
    road = f"M-20 {start}Q{round(width * seed.between(0.3, 0.7))} {bend} {width + 20} {end}"
    return (
        f'<g transform="rotate({turn:.1f} {width // 2} {height // 2})">{body}</g>'
        f'<path class="l lg" stroke-width="{seed.whole(22, 32)}" d="{road}"/>'
    )


def dots(seed: Seed, width: int, height: int) -> str:
    """Offset rows of dots that swell with a sine of the distance to one point, where the spark stands."""
    gap = seed.whole(25, 29)
    centre = (width * seed.between(0.36, 0.64), height * seed.between(0.36, 0.64))
    stretch, phase = seed.between(21, 34), seed.between(0, 6.28)
    sizes: dict[int, list[str]] = {}
    for row in range(-1, height // (gap - 4) + 2):
        for column in range(-1, width // gap + 2):
            x, y = round(column * gap + (gap / 2 if row % 2 else 0)), row * (gap - 4)
            distance = math.dist((x, y), centre)
            if distance > 50:
                swell = (1 + math.sin(distance / stretch + phase)) / 2
                sizes.setdefault(round(swell * 5), []).append(f"M{x} {y}h0")
    colours = ["lm", "lm", "lm", "lm", "lt", "lt"]
    body = "".join(
        f'<path class="l {colours[size]}" stroke-width="{4 + size * 3.4:.1f}" stroke-linecap="round" d="{"".join(d)}"/>'
        for size, d in sorted(sizes.items())
    )
    return f'{body}<circle class="k" cx="{round(centre[0])}" cy="{round(centre[1])}" r="38"/>'


def waves(seed: Seed, width: int, height: int) -> str:
    """Stacked sine bands with a spark sun behind them."""
    sun_x, sun_y = round(width * seed.between(0.36, 0.64)), round(height * seed.between(0.24, 0.36))
    shapes = [f'<circle class="k" cx="{sun_x}" cy="{sun_y}" r="{seed.whole(44, 56)}"/>']
    order = seed.pick([["s", "m", "g", "t", "s", "m"], ["m", "s", "g", "m", "t", "s"], ["s", "g", "m", "s", "t", "g"]])
    base, phase = height * seed.between(0.34, 0.4), seed.between(0, 6.28)
    for index, colour in enumerate(order):
        count, depth = seed.between(1.1, 2.1), seed.between(13, 27)
        phase += seed.between(0.5, 1.3)
        points = []
        for i in range(25):
            x = width * i / 24
            y = base + depth * math.sin(2 * math.pi * count * i / 24 + phase)
            points.append(f"{round(x)} {round(y)}")
        shapes.append(f'<path class="{colour}" d="M{"L".join(points)}V{height}H0z"/>')
        base += height * seed.between(0.1, 0.135) + (6 if index == 0 else 0)
    return "".join(shapes)


PATTERNS: dict[str, Pattern] = {"topo": topo, "arcs": arcs, "streets": streets, "dots": dots, "waves": waves}
