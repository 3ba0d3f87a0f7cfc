"""Levels, their hints and flags, and the concentration factors: the rules as the specification writes them."""

from datetime import date, timedelta

import pytest

from dashboard.concentration import effective_number, fewest_for_half, largest_share
from dashboard.levels import (
    DEFAULT,
    SAVANNAH,
    Facts,
    Hint,
    Level,
    OrganisationFacts,
    OrganisationLevel,
    is_fading,
    is_returning,
    is_rising,
    level_of,
    next_step,
    organisation_level_of,
)

RULE = DEFAULT.rule


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (Facts(points=20, weeks=6, active_days=6, counted=6), Level.CORE),
        (Facts(points=19, weeks=13, active_days=60, counted=90), Level.CONTRIBUTOR),
        (Facts(points=90, weeks=5, active_days=5, counted=5), Level.CONTRIBUTOR),
        (Facts(points=1, weeks=0, active_days=0, counted=0), Level.CONTRIBUTOR),
        (Facts(points=0, weeks=1, active_days=3, counted=3), Level.PARTICIPANT),
        (Facts(points=0, weeks=1, active_days=1, counted=10), Level.PARTICIPANT),
        (Facts(points=0, weeks=1, active_days=2, counted=9), Level.VISITOR),
        (Facts(points=0, weeks=1, active_days=1, counted=1), Level.VISITOR),
        (Facts(), Level.QUIET),
    ],
)
def test_level_follows_the_default_table(facts, level):
    assert level_of(facts, RULE) == level


@pytest.mark.parametrize(
    ("points", "counted", "level"),
    [
        (10, 10, Level.CORE),
        (9, 500, Level.CONTRIBUTOR),
        (1, 1, Level.CONTRIBUTOR),
        (0, 10, Level.PARTICIPANT),
        (0, 9, Level.VISITOR),
        (0, 1, Level.VISITOR),
        (0, 0, Level.QUIET),
    ],
)
def test_level_follows_the_dashboard_before(points, counted, level):
    days = min(counted, 50)
    assert level_of(Facts(points, min(days, 1), days, counted), SAVANNAH.rule) == level
    assert SAVANNAH.rule.days == 365


@pytest.mark.parametrize(
    ("facts", "hint"),
    [
        (Facts(18, 6, 9, 9), Hint(Level.CORE, points=2)),
        (Facts(25, 4, 9, 9), Hint(Level.CORE, weeks=2)),
        (Facts(0, 2, 4, 4), Hint(Level.CONTRIBUTOR, points=1)),
        (Facts(0, 1, 2, 4), Hint(Level.PARTICIPANT, days=1, contributions=6)),
        (Facts(20, 6, 6, 6), None),
        (Facts(), None),
    ],
)
def test_next_step_says_what_is_missing(facts, hint):
    assert next_step(facts, RULE) == hint


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (OrganisationFacts(people=5, contributors=3, months=3, credit=9), OrganisationLevel.CORE),
        (OrganisationFacts(people=5, contributors=2, months=3, credit=9), OrganisationLevel.CONTRIBUTING),
        (OrganisationFacts(people=5, contributors=3, months=2, credit=9), OrganisationLevel.CONTRIBUTING),
        (OrganisationFacts(people=5), OrganisationLevel.PARTICIPATING),
        (OrganisationFacts(), OrganisationLevel.QUIET),
    ],
)
def test_organisation_level_follows_the_table(facts, level):
    assert organisation_level_of(facts, RULE) == level


def test_returning_is_back_after_ninety_days_and_was_here_before():
    last = date(2026, 11, 20)
    first = last - timedelta(days=89)
    assert is_returning([first - timedelta(days=80), first + timedelta(days=10)], first, last)
    assert not is_returning([first - timedelta(days=79), first + timedelta(days=10)], first, last)
    assert not is_returning([first, first + timedelta(days=89)], first, last)
    assert not is_returning([first - timedelta(days=200), first - timedelta(days=5)], first, last)


def test_rising_and_fading_need_twice_as_many_and_five_more():
    assert (is_rising(10, 5, RULE), is_rising(9, 5, RULE), is_rising(4, 1, RULE), is_rising(50, 0, RULE)) == (
        *(True, False, False),
        False,
    )
    assert (is_fading(5, 10, RULE), is_fading(5, 9, RULE), is_fading(1, 4, RULE), is_fading(0, 50, RULE)) == (
        *(True, False, False),
        False,
    )


def test_absence_and_elephant_factor_give_the_answer_of_the_test_vector():
    assert fewest_for_half([1000, 202, 90, 33, 332, 343, 42, 433]) == 2
    assert [fewest_for_half(counts) for counts in ([], [0], [5], [1, 1], [1, 1, 1, 1, 1])] == [0, 0, 1, 1, 3]


def test_diversity_is_the_number_of_equals_that_would_be_as_mixed():
    assert [effective_number(counts) for counts in ([], [7], [5, 5, 5, 5], [9, 1])] == [0.0, 1.0, 4.0, 1.2]
    assert [largest_share(counts) for counts in ([], [7], [9, 1])] == [0, 100, 90]
