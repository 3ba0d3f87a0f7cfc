"""Slots become dates: weekday, ordinal and wall time hold in every zone and month."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetups import recurrence
from meetups.recurrence import Slot

FIRST_FRIDAY = Slot(1, 4, time(18, 0), 120, "Europe/Berlin")
ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "right/", "posix/"))
)


def test_first_friday_keeps_six_in_the_evening_over_the_change_of_clocks() -> None:
    found = recurrence.expand(FIRST_FRIDAY, start=date(2026, 9, 1), count=4)
    assert [one.original_on for one in found] == [
        date(2026, 9, 4),
        date(2026, 10, 2),
        date(2026, 11, 6),
        date(2026, 12, 4),
    ]
    assert [one.starts_at.hour for one in found] == [16, 16, 17, 17]
    assert {one.starts_local.time() for one in found} == {time(18, 0)}


def test_first_friday_evening_in_los_angeles_is_a_friday_there_though_saturday_in_utc() -> None:
    slot = Slot(1, 4, time(18, 0), 90, "America/Los_Angeles")
    [one] = recurrence.expand(slot, start=date(2026, 10, 1), count=1)
    assert one.original_on == date(2026, 10, 2)
    assert one.starts_at == datetime(2026, 10, 3, 1, 0, tzinfo=UTC)
    assert one.ends_at - one.starts_at == timedelta(minutes=90)


def test_last_friday_exists_in_every_month() -> None:
    slot = Slot(recurrence.LAST, 4, time(18, 0), 60, "UTC")
    found = list(islice(recurrence.days(slot, start=date(2026, 1, 1)), 12))
    assert [day.month for day in found] == list(range(1, 13))
    assert all((day + timedelta(days=7)).month != day.month for day in found)


def test_fifth_friday_is_no_slot() -> None:
    with pytest.raises(ValueError, match="fifth"):
        Slot(5, 4, time(18, 0), 60, "UTC")


def test_time_in_the_spring_gap_moves_to_the_next_that_exists_and_says_so() -> None:
    slot = Slot(recurrence.LAST, 6, time(2, 30), 60, "Europe/Berlin")
    [one] = recurrence.expand(slot, start=date(2027, 3, 1), count=1)
    assert (one.original_on, one.moved) == (date(2027, 3, 28), True)
    assert one.starts_local == datetime(2027, 3, 28, 3, 0)  # noqa: DTZ001 - wall time
    assert one.starts_at == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_ambiguous_autumn_time_is_the_first_of_the_two() -> None:
    slot = Slot(recurrence.LAST, 6, time(2, 30), 60, "Europe/Berlin")
    [one] = recurrence.expand(slot, start=date(2026, 10, 1), count=1)
    assert (one.ambiguous, one.moved) == (True, False)
    assert one.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_that_a_zone_skipped_moves_to_the_next() -> None:
    aware, moved, _ = recurrence.attach(datetime(2011, 12, 30, 18, 0), "Pacific/Apia")  # noqa: DTZ001 - wall time
    assert moved
    assert (aware.day, aware.hour) == (31, 0)


def test_expand_begins_on_the_start_day_and_ends_with_until() -> None:
    found = recurrence.expand(FIRST_FRIDAY, start=date(2026, 12, 4), count=12, until=date(2027, 2, 5))
    assert [one.original_on for one in found] == [date(2026, 12, 4), date(2027, 1, 1), date(2027, 2, 5)]


def test_slot_that_crosses_midnight_ends_on_the_next_day() -> None:
    slot = Slot(1, 4, time(23, 0), 120, "Europe/Berlin")
    [one] = recurrence.expand(slot, start=date(2026, 12, 1), count=1)
    assert one.ends_at.astimezone(ZoneInfo("Europe/Berlin")).date() == date(2026, 12, 5)


def test_fits_knows_the_days_of_a_slot() -> None:
    assert recurrence.fits(date(2026, 12, 4), 1, 4)
    assert not recurrence.fits(date(2026, 12, 11), 1, 4)
    assert recurrence.fits(date(2028, 2, 29), recurrence.LAST, 1)


@settings(max_examples=100, deadline=None)
@given(
    ordinal=st.sampled_from(recurrence.ORDINALS),
    weekday=st.integers(0, 6),
    starts=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    start=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
)
def test_slots_keep_weekday_ordinal_and_wall_time_for_24_months(
    ordinal: int, weekday: int, starts: time, zone: str, start: date
) -> None:
    slot = Slot(ordinal, weekday, starts, 90, zone)
    found = recurrence.expand(slot, start=start, count=24)
    months = [one.original_on.year * 12 + one.original_on.month for one in found]
    assert months == list(range(months[0], months[0] + 24))
    for one in found:
        day = one.original_on
        local = one.starts_at.astimezone(ZoneInfo(zone))
        assert day.weekday() == weekday
        assert (day + timedelta(days=7)).month != day.month if ordinal == -1 else (day.day - 1) // 7 + 1 == ordinal
        assert local.replace(tzinfo=None) == one.starts_local
        assert one.ends_at - one.starts_at == timedelta(minutes=90)
        if not one.moved:
            assert (local.date(), local.time()) == (day, starts)
        else:
            wanted = datetime.combine(day, starts)
            assert wanted < one.starts_local <= wanted + timedelta(hours=24)
