"""Times that come as seconds since 1970, as whole numbers or fractions."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dashboard.importers import cleaning
from dashboard.importers.cleaning import BadItem


def moment(value: Any) -> datetime | None:
    """The time of epoch seconds, None for anything that is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 2**35:
        return None
    return datetime.fromtimestamp(value, UTC)


def required(item: Mapping[str, Any], field: str) -> datetime:
    """A time not before 1990; raises BadItem."""
    found = moment(item.get(field))
    if found is None:
        raise BadItem(f"“{field}” is missing or no time")
    if found < cleaning.EARLIEST:
        raise BadItem(f"“{field}” lies before 1990")
    return found


def past(value: Any, now: datetime) -> datetime | None:
    """An optional time that a wrong clock cannot push ahead of us."""
    found = moment(value)
    return None if found is None else cleaning.clamped(found, now)[0]
