"""Criterion 4: a confirmed room that is not a bar; for an online group, platform and host."""

from typing import Any

import pytest

from meetups.checking.room import Answer, Asked, Facts, OnlineFacts, check, check_online

GOOD = {"kind": "library", "name": "Public Library", "address": "Rua 1", "capacity": 30, "contact": "Ana"}


def asked(answer: Answer, name: str = "Public Library", address: str = "Rua 1") -> Asked:
    return Asked(name, address, answer, contact="Ana", when="1 Nov 2026")


YES, NO, OPEN = asked(Answer.CONFIRMED), asked(Answer.DECLINED), asked(Answer.WAITING)


def look(*rows: Asked, **values: Any) -> Any:
    return check(Facts(**{**GOOD, "asked": rows, **values}))


@pytest.mark.parametrize(
    ("rows", "outcome", "words"),
    [
        ([YES], "pass", "was confirmed by its host"),
        ([OPEN], "warn", "has not answered yet"),
        ([NO], "fail", "said no"),
        ([], "warn", "was not asked to confirm it"),
        ([OPEN, YES], "pass", "was confirmed"),
        ([NO, YES], "fail", "said no"),
        ([YES, NO], "pass", "was confirmed"),
        ([asked(Answer.CONFIRMED, "Town Hall")], "warn", "asked about another room (Town Hall)"),
        ([asked(Answer.DECLINED, "Town Hall")], "warn", "asked about another room"),
        ([asked(Answer.CONFIRMED, address="Rua 2")], "warn", "asked about another room"),
        ([asked(Answer.CONFIRMED, "PUBLIC library", "rua, 1")], "pass", "was confirmed"),
    ],
)
def test_answer_of_the_host_about_this_very_room(rows: list[Asked], outcome: str, words: str) -> None:
    finding = look(*rows)
    assert (finding.outcome, words in finding.explanation) == (outcome, True)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"name": " "}, "fail"),
        ({"kind": ""}, "fail"),
        ({"capacity": 5}, "warn"),
        ({"capacity": 6}, "pass"),
        ({"capacity": None}, "pass"),
    ],
)
def test_what_is_said_about_the_room(change: dict[str, Any], outcome: str) -> None:
    assert look(YES, **change).outcome == outcome


def test_room_without_an_address_is_a_warning() -> None:
    finding = look(asked(Answer.CONFIRMED, address=""), address="")
    assert (finding.outcome, finding.explanation.startswith("The address is missing.")) == ("warn", True)


@pytest.mark.parametrize("name", ["Joe's Bar", "The Red Lion Pub", "Kneipe am Eck", "Cervecería Sol", "Beer Garden"])
def test_name_of_a_bar_is_a_warning_in_any_language(name: str) -> None:
    finding = look(asked(Answer.CONFIRMED, name), name=name)
    assert finding.outcome == "warn"
    assert "not in a bar or pub" in finding.explanation


@pytest.mark.parametrize(
    "name", ["Barcelona Activa", "Barcamp HQ", "Public Library", "Bar Association", "Publix House"]
)
def test_words_that_only_contain_one_pass(name: str) -> None:
    assert look(asked(Answer.CONFIRMED, name), name=name).outcome == "pass"


def test_evidence_holds_what_was_asked_and_no_address_of_mail() -> None:
    finding = look(YES, kind_label="Library", access=["step_free"], town="Lisboa", names_town=False)
    assert finding.evidence == {
        "room": "Public Library",
        "kind": "Library",
        "address": "Rua 1",
        "capacity": 30,
        "access": ["step_free"],
        "host": "Ana",
        "address_names_town": False,
        "asked": [{"room": "Public Library", "answer": "confirmed", "on": "1 Nov 2026", "note": ""}],
    }


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"other_town": "Berlin", "other_km": 149, "radius_km": 50}, "warn"),
        ({"other_town": "Markkleeberg", "other_km": 7, "radius_km": 50}, "pass"),
        ({"other_town": "Berlin", "other_km": 149, "radius_km": 50, "names_town": True}, "pass"),
        ({}, "pass"),
    ],
)
def test_address_in_a_town_far_away_is_a_warning(values: dict, outcome: str) -> None:
    finding = look(YES, town="Leipzig", **values)
    assert finding.outcome == outcome
    assert ("names Berlin, 149 km from Leipzig" in finding.explanation) == (outcome == "warn")
    assert finding.evidence.get("address_km") == (None if values.get("names_town") else values.get("other_km"))


@pytest.mark.parametrize(
    ("platform", "account", "outcome"),
    [("Jitsi", "ours", "pass"), ("Jitsi", " ", "fail"), ("", "ours", "fail"), ("", "", "fail")],
)
def test_online_group_has_platform_and_host(platform: str, account: str, outcome: str) -> None:
    assert check_online(OnlineFacts(platform, account)).outcome == outcome
