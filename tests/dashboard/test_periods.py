"""Months, quarters and years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import periods
from dashboard.periods import Period


@pytest.mark.parametrize(
    ("key", "kind", "start_on", "until_on", "before", "year_ago"),
    [
        ("2026-10", "month", date(2026, 10, 1), date(2026, 11, 1), "2026-09", "2025-10"),
        ("2026-01", "month", date(2026, 1, 1), date(2026, 2, 1), "2025-12", "2025-01"),
        ("2026-12", "month", date(2026, 12, 1), date(2027, 1, 1), "2026-11", "2025-12"),
        ("2026-q1", "quarter", date(2026, 1, 1), date(2026, 4, 1), "2025-q4", "2025-q1"),
        ("2026-q4", "quarter", date(2026, 10, 1), date(2027, 1, 1), "2026-q3", "2025-q4"),
        ("2025", "year", date(2025, 1, 1), date(2026, 1, 1), "2024", "2024"),
    ],
)
def test_key_names_a_period(key: str, kind: str, start_on: date, until_on: date, before: str, year_ago: str) -> None:
    period = periods.parse(key)
    assert period is not None
    assert (period.kind, period.start_on, period.until_on, period.key) == (kind, start_on, until_on, key)
    assert (period.before.key, period.year_ago.key) == (before, year_ago)


@pytest.mark.parametrize(
    "key", ["", "2026-13", "2026-00", "2026-q5", "2026-1", "26-10", "2026-10-01", "2026-Q1", "٢٠٢٦"]
)
def test_other_words_name_none(key: str) -> None:
    assert periods.parse(key) is None


@given(st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.sampled_from(list(periods.MONTHS)))
def test_last_period_is_over_and_the_next_is_not(today: date, kind: periods.Kind) -> None:
    last = periods.last(kind, today)
    assert last.is_over(today)
    assert not Period(kind, last.until_on).is_over(today)
    assert periods.parse(last.key) == last
