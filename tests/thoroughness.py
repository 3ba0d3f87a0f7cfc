"""How much of the long tables of faults a run takes: a part in `make test`, all of it in `make thorough`."""

import os
from collections import defaultdict
from collections.abc import Sequence

import pytest

IS_THOROUGH = bool(os.environ.get("THOROUGH"))
#: A plain run takes every fourth row, so that each fault and each place of it turns up in some row.
ONE_IN = 4
FEWEST_EXAMPLES = 25


def examples(number: int) -> int:
    """How many invented inputs a property is tried on."""
    return number if IS_THOROUGH else max(number // 5, min(number, FEWEST_EXAMPLES))


def left_out(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The rows of tables marked `thorough` that a plain run does not take; none in a thorough one."""
    tables: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("thorough"):
            tables[item.nodeid.partition("[")[0]].append(item)
    if IS_THOROUGH:
        return []
    return [row for rows in tables.values() for number, row in enumerate(rows) if number % ONE_IN]
