"""Ranges of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.members.days import Days, latest, overlaps, uncovered

START = date(2024, 1, 1)


def day(number: int) -> date:
    return START + timedelta(days=number)


@st.composite
def ranges(draw: st.DrawFn) -> Days:
    lower = draw(st.none() | st.integers(0, 30))
    upper = draw(st.none() | st.integers((lower or 0) + 1, 40))
    return (None if lower is None else day(lower), None if upper is None else day(upper))


def days_of(*pieces: Days) -> set[int]:
    return {
        number
        for number in range(-5, 50)
        if any((low is None or low <= day(number)) and (up is None or day(number) < up) for low, up in pieces)
    }


@given(ranges(), ranges())
def test_overlap_means_a_shared_day(one: Days, other: Days):
    assert overlaps(one, other) == bool(days_of(one) & days_of(other))


@given(ranges(), st.lists(ranges(), max_size=4))
def test_uncovered_is_what_the_others_leave(days: Days, taken: list[Days]):
    pieces = uncovered(days, taken)
    assert days_of(*pieces) == days_of(days) - days_of(*taken)
    assert not any(overlaps(one, other) for one in pieces for other in pieces if one is not other)


def test_uncovered_cuts_a_hole_out_of_an_open_range():
    assert uncovered((None, None), [(day(1), day(3))]) == [(None, day(1)), (day(3), None)]


def test_latest_day_is_ten_years_ahead_from_a_leap_day_too():
    assert latest(date(2026, 11, 24)) == date(2036, 11, 24)
    assert latest(date(2028, 2, 29)) == date(2038, 2, 28)
