"""Criterion 5: four weeks from the day it was sent in, counted where the group meets."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from meetups.checking.holidays import holiday_on
from meetups.checking.launch import Clash, Facts, approval_concern, check

SENT = date(2026, 11, 24)


def look(launch_on: date | None, **values: Any) -> Any:
    defaults = {"launch_time": time(18, 30), "zone": "Europe/Berlin", "today": SENT, "sent_on": SENT}
    return check(Facts(launch_on, **{**defaults, **values}))


@pytest.mark.parametrize(
    ("days", "outcome"), [(-1, "fail"), (0, "warn"), (27, "warn"), (28, "pass"), (29, "pass"), (400, "pass")]
)
def test_four_weeks_are_twenty_eight_days(days: int, outcome: str) -> None:
    finding = look(SENT + timedelta(days=days))
    assert (finding.outcome, finding.evidence["days_after_sending"]) == (outcome, days)


def test_no_date_fails() -> None:
    assert look(None).outcome == "fail"


def test_weeks_count_from_the_day_it_was_sent_and_not_from_the_look() -> None:
    finding = look(SENT + timedelta(days=28), today=SENT + timedelta(days=21))
    assert (finding.outcome, finding.evidence["days_left"]) == ("pass", 7)


def test_date_that_passed_meanwhile_fails() -> None:
    assert look(SENT + timedelta(days=28), today=SENT + timedelta(days=29)).outcome == "fail"


def test_draft_counts_from_today() -> None:
    assert look(SENT + timedelta(days=27), sent_on=None).outcome == "warn"


@pytest.mark.parametrize(
    ("sent_on", "launch_on", "outcome"),
    [
        (date(2028, 2, 1), date(2028, 2, 29), "pass"),
        (date(2028, 2, 2), date(2028, 2, 29), "warn"),
        (date(2028, 2, 2), date(2028, 3, 1), "pass"),
        (date(2027, 2, 1), date(2027, 3, 1), "pass"),
    ],
)
def test_leap_day(sent_on: date, launch_on: date, outcome: str) -> None:
    assert look(launch_on, sent_on=sent_on, today=sent_on).outcome == outcome


def test_missing_time_is_a_warning() -> None:
    assert look(SENT + timedelta(days=40), launch_time=None).outcome == "warn"


def test_time_that_does_not_exist_on_that_day_is_a_warning() -> None:
    finding = look(date(2027, 3, 28), launch_time=time(2, 30))
    assert (finding.outcome, "03:00 is meant" in finding.explanation) == ("warn", True)


def test_time_that_comes_twice_means_the_first() -> None:
    finding = look(date(2027, 10, 31), launch_time=time(2, 30))
    assert (finding.outcome, finding.evidence["utc_offset"]) == ("pass", "+0200")
    assert "comes twice" in finding.explanation


def test_zone_that_is_missing_breaks_nothing() -> None:
    assert look(SENT + timedelta(days=40), zone="").outcome == "pass"


def test_holiday_and_other_events_are_said_and_change_nothing() -> None:
    clashes = [Clash("Spring camp", "10:00", "/meetups/e/1")]
    finding = look(date(2027, 5, 1), holiday="Erster Mai", clashes=clashes)
    assert finding.outcome == "pass"
    assert "Erster Mai" in finding.explanation
    assert "Spring camp" in finding.explanation
    assert finding.evidence["same_day"] == [{"title": "Spring camp", "starts": "10:00", "url": "/meetups/e/1"}]


@pytest.mark.parametrize(
    ("days", "words"), [(28, ""), (27, "Only 27 days are left"), (0, "Only 0 days"), (-1, "is past")]
)
def test_approval_counts_the_weeks_anew(days: int, words: str) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    concern = approval_concern(launch_on=SENT + timedelta(days=days), zone="Europe/Berlin", now=now)
    assert (bool(concern), words in concern) == (bool(words), True)


def test_approval_counts_in_the_zone_of_the_group() -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)  # already the 25th in Berlin
    launch_on = date(2026, 12, 22)
    assert approval_concern(launch_on=launch_on, zone="UTC", now=late) == ""
    assert approval_concern(launch_on=launch_on, zone="Europe/Berlin", now=late).startswith("Only 27 days")
    assert approval_concern(launch_on=None, zone="", now=late) == "No date is chosen for the first meetup."


@pytest.mark.parametrize(
    ("day", "country", "area", "is_holiday"),
    [
        (date(2027, 5, 1), "DE", "13", True),
        (date(2027, 5, 3), "DE", "13", False),
        (date(2027, 4, 9), "US", "CA", False),
        (date(2027, 3, 31), "US", "CA", True),  # César Chávez Day, of California alone
        (date(2027, 3, 31), "US", "NY", False),
        (date(2027, 12, 25), "gb", "ENG", True),
        (date(2027, 12, 25), "XX", "", False),
        (date(2027, 12, 25), "", "", False),
        (date(2027, 12, 25), "GB", "nowhere", True),
    ],
)
def test_holidays_of_a_country_and_its_areas(day: date, country: str, area: str, is_holiday: bool) -> None:
    assert bool(holiday_on(day, country=country, area=area)) is is_holiday
