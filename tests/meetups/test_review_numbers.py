"""The numbers of the review, and the small map."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups import near_map
from meetups.models import Application, ApplicationEvent
from meetups.review_numbers import read_numbers
from portal.members.models import User
from tests.meetups.factories import application_in

NOW = timezone.now()


def days(number: float) -> timedelta:
    return timedelta(days=number)


def event(application: Application, source: str, to: str, at: datetime, actor: User | None = None) -> None:
    ApplicationEvent.objects.create(application=application, from_state=source, to_state=to, at=at, actor=actor)


def decided(state: str, *, sent: float, took: float, **values: object) -> Application:
    """First sent `sent` days ago and decided `took` days later."""
    application = application_in(state, submitted_at=NOW - days(sent), decided_at=NOW - days(sent - took), **values)
    event(application, "draft", "submitted", NOW - days(sent))
    event(application, "in_review", state, NOW - days(sent - took))
    return application


@pytest.mark.django_db
def test_open_applications_are_counted_by_age_since_the_first_sending_and_by_state() -> None:
    application_in("submitted", submitted_at=NOW - days(6.9))
    application_in("in_review", submitted_at=NOW - days(7))
    again = application_in("in_review", submitted_at=NOW - days(1), revision=2)
    event(again, "draft", "submitted", NOW - days(60))
    event(again, "changes_requested", "submitted", NOW - days(1))
    application_in("on_hold", submitted_at=NOW - days(27))
    application_in("declined")
    application_in("draft")
    numbers = read_numbers(now=NOW)
    assert [(age.label, list(age.counts)) for age in numbers.ages] == [
        ("0 to 6 days", [1, 0, 0, 0]),
        ("7 to 13 days", [0, 1, 0, 0]),
        ("14 to 27 days", [0, 0, 0, 1]),
        ("28 to 55 days", [0, 0, 0, 0]),
        ("56 days and more", [0, 1, 0, 0]),
    ]
    assert (list(numbers.totals), numbers.open) == ([1, 2, 0, 1], 4)


@pytest.mark.django_db
def test_median_goes_from_the_first_sending_to_the_decision() -> None:
    decided("declined", sent=20, took=3)
    decided("approved", sent=30, took=10)
    decided("redirected", sent=40, took=5)
    decided("approved", sent=200, took=50)
    decided("declined", sent=500, took=100)
    assert [(one.days, one.number, one.median_days) for one in read_numbers(now=NOW).decided] == [
        (90, 3, 5.0),
        (365, 4, 7.5),
    ]


@pytest.mark.django_db
def test_reasons_of_declines_come_most_frequent_first() -> None:
    for reason in ("other", "covered", "covered"):
        decided("declined", sent=20, took=3, decline_reason=reason)
    decided("declined", sent=600, took=3, decline_reason="conduct")
    assert list(read_numbers(now=NOW).reasons) == [("the place has a group already", 2), ("another reason", 1)]


@pytest.mark.django_db
def test_answers_count_as_in_time_up_to_the_promised_day(reviewer: User) -> None:
    decided("approved", sent=30, took=9)
    decided("declined", sent=40, took=20)
    asked = application_in("changes_requested")
    event(asked, "draft", "submitted", NOW - days(20))
    event(asked, "in_review", "changes_requested", NOW - days(15), reviewer)
    late = application_in("in_review")
    event(late, "draft", "submitted", NOW - days(12))
    fresh = application_in("in_review")
    event(fresh, "draft", "submitted", NOW - days(2))
    gone = application_in("withdrawn")
    event(gone, "draft", "submitted", NOW - days(50))
    left = application_in("changes_requested")
    event(left, "draft", "submitted", NOW - days(30))
    event(left, "in_review", "changes_requested", NOW - days(29))
    numbers = read_numbers(now=NOW)
    assert (numbers.due, numbers.in_time, numbers.share_in_time) == (5, 2, 40)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [0, 1, 9])
def test_numbers_take_four_queries(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(number):
        decided("declined", sent=20, took=3, decline_reason="other")
    with django_assert_num_queries(4):
        numbers = read_numbers(now=NOW)
    assert (numbers.due, numbers.decided[0].median_days) == (number, 3.0 if number else None)


def test_map_shows_what_is_near_and_leaves_out_what_is_far() -> None:
    drawn = near_map.draw(
        latitude=0, longitude=10, points=[(0, 11, 1, "group"), (0, 60, 2, "application")], radius_km=50
    )
    [spot] = drawn.spots
    assert (spot.number, spot.kind, spot.x - drawn.x, spot.y - drawn.y) == (1, "group", 1000, 0)
    assert drawn.radius == 450
    assert drawn.outlines == [0]


def test_map_goes_on_across_the_180th_meridian() -> None:
    drawn = near_map.draw(latitude=0, longitude=179.5, points=[(0, -179.5, 1, "group")], radius_km=50)
    assert [spot.x - drawn.x for spot in drawn.spots] == [1000]
    assert drawn.outlines == [0, 360000]


def test_map_is_squeezed_by_the_latitude_so_that_circles_are_round() -> None:
    drawn = near_map.draw(latitude=60, longitude=0, points=[(60, 1, 1, "group")], radius_km=50)
    assert [spot.x - drawn.x for spot in drawn.spots] == [500]
    assert drawn.outline_width == 180000
