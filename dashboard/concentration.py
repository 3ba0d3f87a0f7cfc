"""How much hangs on few: the health of a community by the CHAOSS formulas, as pure arithmetic."""

from collections.abc import Iterable

HALF = 2


def fewest_for_half(counts: Iterable[int]) -> int:
    """The smallest number of people (contributor absence factor) or organisations (elephant factor) that together make
    half of all contributions or more; 0 where there are none. A low number is the risk.

    Source: https://chaoss.community/kb/metric-contributor-absence-factor/ and .../metric-elephant-factor/
    """
    largest = sorted((count for count in counts if count > 0), reverse=True)
    total, sofar = sum(largest), 0
    for number, count in enumerate(largest, start=1):
        sofar += count
        if sofar * HALF >= total:
            return number
    return 0


def effective_number(counts: Iterable[int]) -> float:
    """How many equally large ones would be as mixed as these (1 / sum of squared shares, one decimal); 0 for none."""
    found = [count for count in counts if count > 0]
    total = sum(found)
    return round(total * total / sum(count * count for count in found), 1) if total else 0.0


def largest_share(counts: Iterable[int]) -> int:
    """The largest one's share in whole per cent; 0 for none."""
    found = [count for count in counts if count > 0]
    return round(max(found) / sum(found) * 100) if found else 0
