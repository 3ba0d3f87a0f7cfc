"""Criterion 1: who counts, and what a thread's state means."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from meetups.checking.interest import Facts, People, Thread, check
from meetups.checking.threads import Poster

SOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADA, BO, CY = Poster("5", "ada", "Ada Lovelace"), Poster("6", "bo", "Bo"), Poster("7", "cy", "Cy")
GOOD = Thread(title="Leipzig", category="Germany", is_international=True, posters=[ADA, BO], posts=2, posts_read=2)


def facts(thread: Thread | None = GOOD, **values: Any) -> Facts:
    return Facts(**{"url": "https://forum.example.org/t/x/1", "thread": thread, **values})


def test_two_people_in_an_international_thread_pass() -> None:
    finding = check(facts(interested_here=4))
    assert finding.outcome == "pass"
    assert finding.explanation == "2 people besides the organisers write in the thread: ada, bo."
    assert finding.evidence == {
        "interested_here": 4,
        "thread": "https://forum.example.org/t/x/1",
        "title": "Leipzig",
        "posts": 2,
        "posts_read": 2,
        "category": "Germany",
        "people": ["ada", "bo"],
    }


@pytest.mark.parametrize(
    ("change", "outcome", "words"),
    [
        ({"is_deleted": True}, "fail", "removed"),
        ({"is_regular": False}, "fail", "not to a thread that everybody can read"),
        ({"is_visible": False}, "fail", "hidden"),
        ({"is_closed": True}, "warn", "closed"),
        ({"is_archived": True}, "warn", "archived"),
        ({"is_international": False}, "warn", "“Germany” and not in the International category"),
        ({"is_international": None}, "pass", "2 people"),
        ({"posters": [ADA]}, "fail", "Only one person besides the organisers writes in the thread: ada."),
        ({"posters": []}, "fail", "Nobody besides the organisers"),
        ({"posters": [ADA], "posts": 900, "posts_read": 220}, "warn", "220 of 900"),
    ],
)
def test_state_of_the_thread(change: dict[str, Any], outcome: str, words: str) -> None:
    finding = check(facts(replace(GOOD, **change)))
    assert finding.outcome == outcome
    assert words in finding.explanation


@pytest.mark.parametrize(
    "people",
    [
        People(organiser_uids={"5"}),
        People(organiser_usernames={"ADA"}),
        People(bot_uids={"5"}),
        People(member_of={"5": 1, "6": 1}),
    ],
)
def test_organisers_bots_and_second_accounts_do_not_count(people: People) -> None:
    finding = check(facts(people=people))
    assert finding.outcome == "fail"
    assert len(finding.evidence["people"]) == 1


@pytest.mark.parametrize("name", ["ada lovelace", "ADA", "Ada Lovélace"])
def test_name_of_an_organiser_is_a_suspicion_and_no_more(name: str) -> None:
    people = People(organiser_names={name})
    finding = check(facts(people=people))
    assert finding.outcome == "warn"
    assert "ada may be an organiser's own account" in finding.explanation
    assert (finding.evidence["people"], finding.evidence["perhaps_organisers"]) == (["bo"], ["ada"])
    assert check(facts(replace(GOOD, posters=[ADA, BO, CY]), people=people)).outcome == "pass"


def test_nameless_poster_is_not_an_organiser_without_a_name() -> None:
    nameless = [Poster("8", "dee", ""), Poster("9", "eve", "")]
    assert check(facts(replace(GOOD, posters=nameless), people=People(organiser_names={""}))).outcome == "pass"


def test_address_that_is_no_thread_fails() -> None:
    finding = check(facts(None, refusal="Only threads on the forum count."))
    assert (finding.outcome, finding.explanation, finding.retry_at) == (
        "fail",
        "Only threads on the forum count.",
        None,
    )


def test_thread_that_is_gone_fails() -> None:
    assert check(facts(None, lost="The forum no longer has it.")).outcome == "fail"


def test_forum_that_is_away_is_unknown_and_asked_again() -> None:
    finding = check(facts(None, trouble="The forum could not be asked.", retry_at=SOON))
    assert (finding.outcome, finding.retry_at) == ("unknown", SOON)


def test_half_read_thread_is_unknown_and_never_a_fail() -> None:
    thread = replace(GOOD, posters=[], posts=30, posts_read=20)
    assert check(facts(thread, trouble="The forum broke off.", retry_at=SOON)).outcome == "unknown"


def test_what_is_certain_about_a_half_read_thread_is_said() -> None:
    finding = check(facts(replace(GOOD, is_visible=False), trouble="The forum broke off.", retry_at=SOON))
    assert (finding.outcome, finding.retry_at) == ("fail", None)


def test_named_people_without_a_thread_are_a_warning() -> None:
    finding = check(Facts(note="Two colleagues", interested_here=3))
    assert (finding.outcome, finding.evidence) == ("warn", {"interested_here": 3, "named": "Two colleagues"})


@pytest.mark.parametrize("note", ["", "  \n"])
def test_neither_thread_nor_names_fail(note: str) -> None:
    assert check(Facts(note=note)).outcome == "fail"


def test_thread_counts_for_the_application_that_came_first() -> None:
    earlier = check(facts(earlier=["Halle"]))
    assert (earlier.outcome, earlier.evidence["same_thread"]) == ("fail", ["Halle"])
    assert "Another open application rests on the same thread: Halle." in earlier.explanation
    assert check(facts(later=["Halle"])).outcome == "warn"
