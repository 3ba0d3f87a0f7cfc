"""Criterion 6: the next twelve dates of a slot, and what the clocks do to them."""

from datetime import date, time
from typing import Any

import pytest

from meetups.checking.rhythm import Facts, check, upcoming, with_holidays

TODAY = date(2026, 11, 24)


def facts(**values: Any) -> Facts:
    slot: dict[str, Any] = {"ordinal": 1, "weekday": 4, "starts": time(18, 0), "minutes": 120, "zone": "Europe/Berlin"}
    given = {"zone_exists": True, "today": TODAY, "text": "first Friday of the month, 18:00"}
    return Facts(**{**slot, **given, **values})


def test_slot_is_previewed_for_twelve_months() -> None:
    finding = check(facts())
    assert (finding.outcome, finding.explanation) == (
        "pass",
        "Monthly: first Friday of the month, 18:00 (Europe/Berlin).",
    )
    dates = finding.evidence["dates"]
    assert [row["on"] for row in dates[:3]] == ["2026-12-04", "2027-01-01", "2027-02-05"]
    assert len(dates) == 12
    assert {row["starts"] for row in dates} == {"18:00"}


def test_changes_of_the_clocks_are_noted_where_they_happen() -> None:
    dates = check(facts()).evidence["dates"]
    changes = {row["on"]: row["clock_changed"] for row in dates if "clock_changed" in row}
    assert changes == {"2027-04-02": 60, "2027-11-05": -60}
    assert [dates[0]["offset"], dates[5]["offset"]] == [60, 120]


def test_zone_without_changes_has_none() -> None:
    dates = check(facts(zone="Asia/Kolkata")).evidence["dates"]
    assert [row for row in dates if "clock_changed" in row] == []
    assert {row["offset"] for row in dates} == {330}


@pytest.mark.parametrize("ordinal", [1, 2, 3, 4, -1])
def test_first_to_fourth_and_last_exist_each_month(ordinal: int) -> None:
    finding = check(facts(ordinal=ordinal))
    months = [row["on"][:7] for row in finding.evidence["dates"]]
    assert (finding.outcome, len(set(months))) == ("pass", 12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ordinal": 5}, "a fifth exists in few months"),
        ({"ordinal": 0}, "first to fourth or the last"),
        ({"ordinal": None}, "is missing"),
        ({"weekday": None}, "is missing"),
        ({"weekday": 7}, "no such day"),
        ({"starts": None}, "is missing"),
        ({"zone": "Europe/Atlantis", "zone_exists": False}, "“Europe/Atlantis” is not a time zone"),
        ({"zone": "", "zone_exists": False}, "is not a time zone"),
        ({"minutes": 0}, "a quarter of an hour to a day"),
        ({"minutes": 1441}, "a quarter of an hour to a day"),
    ],
)
def test_slot_that_cannot_be_kept_fails(change: dict[str, Any], words: str) -> None:
    finding = check(facts(**change))
    assert (finding.outcome, words in finding.explanation, finding.evidence) == ("fail", True, {})


@pytest.mark.parametrize(
    ("launch_on", "outcome"), [(date(2027, 1, 1), "pass"), (date(2027, 1, 2), "warn"), (None, "pass")]
)
def test_launch_fits_the_slot(launch_on: date | None, outcome: str) -> None:
    assert check(facts(launch_on=launch_on)).outcome == outcome


def test_preview_begins_with_the_launch() -> None:
    assert check(facts(launch_on=date(2027, 2, 5))).evidence["dates"][0]["on"] == "2027-02-05"
    assert check(facts(launch_on=date(2026, 1, 2))).evidence["dates"][0]["on"] == "2026-12-04"


@pytest.mark.parametrize(
    ("starts", "minutes", "ends_next_day"),
    [(time(22, 0), 120, False), (time(22, 0), 121, True), (time(23, 30), 60, True), (time(0, 0), 1440, False)],
)
def test_slot_that_crosses_midnight_stays_on_its_day(starts: time, minutes: int, ends_next_day: bool) -> None:
    finding = check(facts(starts=starts, minutes=minutes))
    assert ("It ends on the day after." in finding.explanation) is ends_next_day
    assert finding.evidence["dates"][0].get("ends_next_day", False) is ends_next_day
    assert finding.evidence["dates"][0]["on"] == "2026-12-04"


def test_time_that_does_not_exist_is_moved_and_said() -> None:
    finding = check(facts(ordinal=-1, weekday=6, starts=time(2, 30)))
    spring = next(row for row in finding.evidence["dates"] if row["on"] == "2027-03-28")
    assert (spring["starts"], spring["moved"]) == ("03:00", True)
    assert "On 28 Mar 2027 the clocks are set forward over the start: it begins at 03:00." in finding.explanation
    autumn = next(row for row in finding.evidence["dates"] if row["on"] == "2027-10-31")
    assert (autumn["starts"], autumn["ambiguous"]) == ("02:30", True)


def test_holidays_and_neighbours_are_said_and_change_nothing() -> None:
    given = with_holidays(facts(same_slot=["Bonn Circle"]), {date(2027, 1, 1): "Neujahr"})
    finding = check(given)
    assert finding.outcome == "pass"
    assert "1 of the next 12 dates is a public holiday." in finding.explanation
    assert "At the same time: Bonn Circle." in finding.explanation
    assert [row["holiday"] for row in finding.evidence["dates"] if "holiday" in row] == ["Neujahr"]


def test_slot_that_is_not_complete_has_no_dates() -> None:
    assert upcoming(facts(starts=None)) == []
