"""Months, quarters and years as half-open ranges of UTC days: pure, today is passed in."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Kind = Literal["month", "quarter", "year"]
MONTHS: Final[dict[Kind, int]] = {"month": 1, "quarter": 3, "year": 12}
_KEY: Final = re.compile(r"(?P<year>[12]\d{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|q(?P<quarter>[1-4])))?")


@dataclass(frozen=True, slots=True)
class Period:
    """`until_on` is the day after its last."""

    kind: Kind
    start_on: date

    @property
    def until_on(self) -> date:
        return _plus(self.start_on, MONTHS[self.kind])

    @property
    def key(self) -> str:
        year, month = self.start_on.year, self.start_on.month
        if self.kind == "year":
            return f"{year}"
        return f"{year}-q{(month + 2) // 3}" if self.kind == "quarter" else f"{year}-{month:02}"

    @property
    def before(self) -> "Period":
        return Period(self.kind, _plus(self.start_on, -MONTHS[self.kind]))

    @property
    def year_ago(self) -> "Period":
        return Period(self.kind, _plus(self.start_on, -12))

    def is_over(self, today: date) -> bool:
        return self.until_on <= today


def parse(key: str) -> Period | None:
    """The period of "2026-10", "2026-q3" or "2025"; None for anything else."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    year = int(found["year"])
    if found["month"]:
        return Period("month", date(year, int(found["month"]), 1))
    if found["quarter"]:
        return Period("quarter", date(year, int(found["quarter"]) * 3 - 2, 1))
    return Period("year", date(year, 1, 1))


def last(kind: Kind, today: date) -> Period:
    """The last one that is over."""
    months = MONTHS[kind]
    running = date(today.year, (today.month - 1) // months * months + 1, 1)
    return Period(kind, _plus(running, -months))


def _plus(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
