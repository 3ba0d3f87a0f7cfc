"""Long runs of alike pieces of SVG and of table cells as one safe text: a template would look thousands of names up."""

from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def bars(placed: Sequence[tuple[float, float, float, bool]]) -> SafeString:
    """Small bars 5 wide, (x, y, height, is empty), as two paths: those with something, and the flat ticks."""
    full = "".join(f"M{x} {y}h5v{tall}h-5z" for x, y, tall, is_none in placed if not is_none)
    none = "".join(f"M{x} {y}h5v{tall}h-5z" for x, y, tall, is_none in placed if is_none)
    drawn = (f'<path d="{full}"/>' if full else "") + (f'<path class="is-none" d="{none}"/>' if none else "")
    return mark_safe(drawn)  # noqa: S308 - numbers only


def hits(placed: Iterable[tuple[float, float, str]], top: float, height: float) -> SafeString:
    """Columns (x, width, text) that say what stands there when pointed at."""
    drawn = "".join(
        f'<rect class="chart__hit" x="{x}" y="{top}" width="{width}" height="{height}">'
        f"<title>{escape(text)}</title></rect>"
        for x, width, text in placed
    )
    return mark_safe(drawn)  # noqa: S308 - numbers, and text that is escaped


def squares(placed: Iterable[tuple[int, int, int, str]], size: int) -> SafeString:
    """Shaded squares (x, y, step, text)."""
    drawn = "".join(
        f'<rect class="heat__cell heat__cell--{step}" x="{x}" y="{y}" width="{size}" height="{size}" rx="4">'
        f"<title>{escape(text)}</title></rect>"
        for x, y, step, text in placed
    )
    return mark_safe(drawn)  # noqa: S308 - numbers, and text that is escaped


def cells(numbers: Iterable[int]) -> SafeString:
    """Cells of a table row, numbers only."""
    return mark_safe("".join(f'<td class="number">{int(number):,}</td>' for number in numbers))  # noqa: S308 - numbers
