"""Criterion 2: which town is covered already, and what an online group says instead."""

from typing import Any

import pytest

from meetups.checking.place import (
    THIN_PEOPLE,
    Facts,
    Neighbour,
    OnlineFacts,
    Town,
    check,
    check_online,
    names_town,
    radius_for,
    share_a_name,
    zones_named,
)

KOELN = Town(2886242, "Köln", ("koln", "cologne", "koeln", "colonia"), "DE", "07")
BONN = Town(2946447, "Bonn", ("bonn",), "DE", "07")
MISSOURI = Town(4409896, "Springfield", ("springfield",), "US", "MO")
ILLINOIS = Town(4250542, "Springfield", ("springfield",), "US", "IL")
ODER = Town(2925535, "Frankfurt (Oder)", ("frankfurt oder", "frankfurt"), "DE", "11")
MAIN = Town(2925533, "Frankfurt am Main", ("frankfurt am main", "frankfurt"), "DE", "05")
SLUBICE = Town(3085151, "Słubice", ("slubice",), "PL", "76")
MANY = 1_000_000


def group(town: Town, km: float, **values: Any) -> Neighbour:
    return Neighbour(**{"name": "Circle", "km": km, "town": town, "state": "active", **values})


def look(town: Town | None, *neighbours: Neighbour, **values: Any) -> Any:
    return check(Facts(**{"town": town, "neighbours": neighbours, "people_near": MANY, **values}))


def test_town_of_its_own_passes() -> None:
    finding = look(KOELN, group(ILLINOIS, 480))
    assert finding.outcome == "pass"
    assert finding.explanation == "The nearest group is Circle, 480 km away; a group here covers 50 km."
    assert finding.evidence == {
        "town": "Köln",
        "radius_km": 50,
        "people_near": MANY,
        "neighbours": [
            {"name": "Circle", "km": 480, "town": "Springfield", "kind": "group", "state": "active", "url": ""}
        ],
    }


def test_no_group_anywhere_near_passes() -> None:
    assert (look(KOELN).outcome, look(KOELN).explanation) == ("pass", "No other group is near.")


def test_no_town_fails() -> None:
    assert look(None).outcome == "fail"


@pytest.mark.parametrize("state", ["onboarding", "active", "quiet"])
def test_town_with_a_living_group_fails(state: str) -> None:
    finding = look(KOELN, group(KOELN, 0, state=state))
    assert (finding.outcome, finding.explanation) == ("fail", "Köln has a group already: Circle.")


def test_town_with_an_open_application_fails() -> None:
    finding = look(KOELN, group(KOELN, 0, kind="application", state="in_review"))
    assert finding.outcome == "fail"


@pytest.mark.parametrize("km", [0, 30])
def test_sleeping_group_is_offered_for_waking_up(km: int) -> None:
    finding = look(KOELN, group(KOELN if km == 0 else BONN, km, state="dormant"))
    assert finding.outcome == "warn"
    assert "waking it up may be easier than founding a new group" in finding.explanation


def test_sleeping_group_far_away_says_nothing() -> None:
    assert look(KOELN, group(BONN, 51, state="dormant")).outcome == "pass"


def test_suspended_group_makes_people_look() -> None:
    finding = look(KOELN, group(KOELN, 0, state="suspended"))
    assert (finding.outcome, "was suspended" in finding.explanation) == ("warn", True)


def test_community_elsewhere_is_mentioned() -> None:
    finding = look(KOELN, group(KOELN, 0, kind="elsewhere", name="Our Telegram"))
    assert (finding.outcome, "Our Telegram" in finding.explanation) == ("pass", True)


@pytest.mark.parametrize(
    ("km", "people", "outcome"),
    [(50, MANY, "warn"), (50.1, MANY, "pass"), (50.1, 5_000, "warn"), (100, 5_000, "warn"), (100.1, 5_000, "pass")],
)
def test_radius_is_wider_where_the_land_is_thin(km: float, people: int, outcome: str) -> None:
    assert look(KOELN, group(ILLINOIS, km), people_near=people).outcome == outcome


def test_radius_doubles_below_the_threshold() -> None:
    assert (radius_for(50, THIN_PEOPLE), radius_for(50, THIN_PEOPLE - 1), radius_for(30, 0)) == (50, 100, 60)


def test_near_group_warns_with_its_distance() -> None:
    finding = look(KOELN, group(BONN, 24.6))
    assert (finding.outcome, finding.explanation) == ("warn", "Circle is only 25 km away, in Bonn.")


def test_near_application_warns() -> None:
    finding = look(KOELN, group(BONN, 24.6, kind="application", state="submitted"))
    assert finding.explanation == "An open application is 25 km away, in Bonn: Circle."


@pytest.mark.parametrize("name", ["Köln", "koln", "Koeln", "COLOGNE", "Colonia"])
def test_koeln_cologne_and_koeln_are_one(name: str) -> None:
    assert share_a_name([KOELN.name, *KOELN.names], [name])
    twin = Town(1, name, (), "DE", "07")
    finding = look(KOELN, group(twin, 60))
    assert finding.outcome == "warn"
    assert "may be the same town in other words" in finding.explanation


@pytest.mark.parametrize("name", ["Cologne Circle", "Mautic Meetup Köln", "Koeln, the evening"])
def test_group_that_calls_itself_after_the_town_is_noticed(name: str) -> None:
    assert look(KOELN, group(BONN, 60, name=name)).outcome == "warn"
    assert look(KOELN, group(BONN, 60, name="Circle", label="Greater Cologne")).outcome == "warn"


def test_sixty_springfields_are_sixty_towns() -> None:
    assert look(MISSOURI, group(ILLINOIS, 90)).outcome == "pass"
    assert look(MISSOURI, group(ILLINOIS, 425), group(MISSOURI, 0, state="dormant")).outcome == "warn"


def test_the_two_frankfurts_are_two() -> None:
    assert look(ODER, group(MAIN, 478)).outcome == "pass"
    assert look(MAIN, group(ODER, 478)).outcome == "pass"


def test_group_across_the_border_is_near() -> None:
    finding = look(ODER, group(SLUBICE, 1.4))
    assert (finding.outcome, finding.explanation) == (
        "warn",
        "Circle is only 1 km away, across the border in Słubice.",
    )


@pytest.mark.parametrize(
    ("label", "is_country", "outcome"),
    [("Germany", True, "fail"), ("Köln and Bonn", False, "pass"), ("Köln", True, "pass"), ("", False, "pass")],
)
def test_label_of_a_whole_country_fails_except_of_a_city_that_is_one(
    label: str, is_country: bool, outcome: str
) -> None:
    assert look(KOELN, region_label=label, region_is_country=is_country).outcome == outcome


def test_fail_is_said_before_what_is_only_doubtful() -> None:
    finding = look(KOELN, group(BONN, 24), group(KOELN, 0))
    assert finding.explanation == "Köln has a group already: Circle. Circle is only 24 km away, in Bonn."


@pytest.mark.parametrize(
    ("text", "is_named"),
    [("Domstr. 1, 50667 Köln", True), ("50667 COLOGNE", True), ("Kölner Str. 1", False), ("", False)],
)
def test_address_names_the_town_in_whole_words(text: str, is_named: bool) -> None:
    assert names_town(text, KOELN) is is_named


def online(**values: Any) -> Any:
    good = {
        "languages": {"de": "German"},
        "zones_served": "UTC+1 to UTC+3",
        "zone": "Europe/Berlin",
        "zone_exists": True,
    }
    return check_online(OnlineFacts(**{**good, **values}))


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "pass"),
        ({"languages": {}}, "fail"),
        ({"languages": {"xx": ""}}, "fail"),
        ({"languages": {"de": "German", "xx": ""}}, "warn"),
        ({"zone": "Europe/Atlantis", "zone_exists": False}, "fail"),
        ({"zones_served": " "}, "fail"),
        ({"zones_served": "all of Europe"}, "warn"),
        ({"zones_served": "Europe/Berlin and neighbours"}, "pass"),
        ({"others": ["Sofa"]}, "pass"),
    ],
)
def test_online_group_says_languages_and_zones(change: dict[str, Any], outcome: str) -> None:
    assert online(**change).outcome == outcome


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("UTC-3 to UTC+3", ["UTC-3", "UTC+3"]),
        ("GMT, CET and America/Argentina/Buenos_Aires", ["GMT", "CET", "America/Argentina/Buenos_Aires"]),
        ("UTC+05:30", ["UTC+05:30"]),
        ("the BEST of times in THAT place", []),
        ("Europe", []),
    ],
)
def test_zones_are_found_in_words(text: str, zones: list[str]) -> None:
    assert zones_named(text) == zones
