"""The six criteria: each with nothing, with enough and with what lies between."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from meetups import criteria
from meetups.criteria import Answers, Neighbour, Status

TODAY = date(2026, 11, 24)
FULL = Answers(
    forum_url="https://forum.example.org/t/1",
    place="Brno, Czechia",
    accepted=["Ana", "Bo"],
    venue_kind="library",
    venue_name="Public Library",
    venue_address="Street 1",
    venue_contact="Ms Host",
    venue_word="confirmed",
    venue_word_on=date(2026, 11, 20),
    launch_on=date(2027, 1, 1),
    ordinal=1,
    weekday=4,
    slot="first Friday of the month, 18:00",
    zone="Europe/Prague",
)
ONLINE = Answers(
    is_online=True,
    forum_url="https://forum.example.org/t/1",
    languages=["English"],
    time_zones_served="Americas",
    accepted=["Ana", "Bo"],
    platform="Jitsi",
    platform_account="Ana",
    launch_on=date(2027, 1, 1),
    slot="first Friday",
)


def result(key: str, answers: Answers, today: date = TODAY) -> criteria.Result:
    return next(one for one in criteria.judge(answers, today=today) if one.key == key)


def test_nothing_said_meets_nothing_and_every_line_says_what_to_do() -> None:
    results = criteria.judge(Answers(), today=TODAY)
    assert [one.key for one in results] == ["interest", "place", "organisers", "room", "launch", "rhythm"]
    assert {one.status for one in results} == {Status.NOT_YET}
    assert all(one.evidence for one in results)


@pytest.mark.parametrize("answers", [FULL, ONLINE])
def test_everything_said_meets_all_six(answers: Answers) -> None:
    assert [one.status for one in criteria.judge(answers, today=TODAY)] == [Status.MET] * 6


def test_people_named_without_a_thread_wait() -> None:
    assert result("interest", replace(FULL, forum_url="", interest_note="two colleagues")).status == Status.WAITING


@pytest.mark.parametrize(
    ("neighbours", "status", "words"),
    [
        ([Neighbour("Far", 280)], Status.MET, "Nearest group: Far, 280 km"),
        ([Neighbour("Near", 49)], Status.WAITING, "Near is only 49 km away"),
        ([Neighbour("At the edge", 50)], Status.MET, "50 km"),
        ([Neighbour("Near", 0), Neighbour("Same", 0, same_place=True)], Status.WAITING, "already has Same"),
    ],
)
def test_place_is_judged_by_its_nearest_neighbour(neighbours: list[Neighbour], status: Status, words: str) -> None:
    one = result("place", replace(FULL, neighbours=neighbours))
    assert one.status == status
    assert words in one.evidence


def test_one_organiser_with_an_open_invitation_waits() -> None:
    one = result("organisers", replace(FULL, accepted=["Ana"], invited=["Bo"]))
    assert (one.status, one.evidence) == (Status.WAITING, "Bo was invited and has not answered yet.")


def test_two_organisers_of_one_company_are_met_with_a_hint() -> None:
    one = result("organisers", replace(FULL, companies=["Acme", "ACME "]))
    assert one.status == Status.MET
    assert "one company" in one.evidence
    assert "one company" not in result("organisers", replace(FULL, companies=["", ""])).evidence


def test_pub_in_the_name_is_not_met_and_barcelona_is() -> None:
    assert result("room", replace(FULL, venue_name="The Crown Pub")).status == Status.NOT_YET
    assert result("room", replace(FULL, venue_name="Barcelona Activa")).status == Status.MET


def test_room_without_a_host_waits() -> None:
    assert result("room", replace(FULL, venue_contact="")).status == Status.WAITING


@pytest.mark.parametrize(
    ("days", "status"),
    [(-1, Status.NOT_YET), (0, Status.WAITING), (27, Status.WAITING), (28, Status.MET), (200, Status.MET)],
)
def test_launch_is_judged_by_its_distance(days: int, status: Status) -> None:
    answers = replace(FULL, launch_on=TODAY + timedelta(days=days), ordinal=None)
    assert result("launch", answers).status == status


def test_launch_off_the_slot_is_met_and_says_so() -> None:
    one = result("launch", replace(FULL, launch_on=date(2027, 1, 8)))
    assert one.status == Status.MET
    assert "not one of your monthly dates" in one.evidence


def test_launch_on_a_leap_day_counts_like_any_other() -> None:
    answers = replace(FULL, launch_on=date(2028, 2, 29), ordinal=None)
    assert result("launch", answers, date(2028, 2, 1)).status == Status.MET
    assert result("launch", answers, date(2028, 2, 2)).status == Status.WAITING


def test_online_group_is_asked_for_reach_and_platform() -> None:
    results = criteria.judge(replace(ONLINE, time_zones_served="", platform_account=""), today=TODAY)
    assert [str(one.title) for one in results][1::2] == [
        "Languages and time zones",
        "A platform and a host",
        "A monthly rhythm",
    ]
    assert [one.status for one in results][1::2] == [Status.NOT_YET, Status.NOT_YET, Status.MET]
