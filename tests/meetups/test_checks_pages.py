"""A check as the team reads it, and the button that asks for all of them again."""

from datetime import timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from meetups.check_page import CheckView, evidence_rows, read_checks
from meetups.models import Application, CriterionCheck
from meetups.services import checks
from portal.members.models import Member, User
from tests.meetups.factories import NOW, application_in

pytestmark = pytest.mark.django_db


def again(application: Application) -> str:
    return reverse("admin:meetups_application_check", args=[application.pk])


def test_reviewer_asks_again(signed_in: Any, reviewer: User, submitted: Application) -> None:
    response = signed_in(reviewer).post(again(submitted))
    assert response.url == reverse("admin:meetups_application_change", args=[submitted.pk])
    rows = CriterionCheck.objects.filter(application=submitted)
    assert (rows.count(), {row.asked_by for row in rows}) == (6, {reviewer})


def test_asking_again_needs_a_post(signed_in: Any, reviewer: User, submitted: Application) -> None:
    assert signed_in(reviewer).get(again(submitted)).status_code == 405
    assert not CriterionCheck.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "applicant", "staff", "nobody"])
def test_only_reviewers_ask_again(signed_in: Any, stranger: Member, submitted: Application, who: str) -> None:
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    person: Member | User | None = {"stranger": stranger, "applicant": submitted.applicant, "staff": staff}.get(who)
    response = signed_in(person).post(again(submitted))
    assert response.status_code in {302, 403}
    assert not CriterionCheck.objects.exists()


@pytest.mark.parametrize("state", ["approved", "declined"])
def test_decided_application_is_not_checked_again(signed_in: Any, reviewer: User, state: str) -> None:
    application = application_in(state)
    response = signed_in(reviewer).post(again(application), follow=True)
    assert "This application is decided" in response.content.decode()
    assert not CriterionCheck.objects.exists()


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_application_that_was_never_sent_does_not_exist(signed_in: Any, reviewer: User, state: str) -> None:
    assert signed_in(reviewer).post(again(application_in(state))).status_code == 404
    assert signed_in(reviewer).post(reverse("admin:meetups_application_check", args=[0])).status_code == 404


def rendered(view: CheckView) -> str:
    return " ".join(render_to_string("admin/meetups/application/checks.html", {"view": view}).split())


def test_check_shows_outcome_explanation_evidence_time_and_revision(submitted: Application) -> None:
    CriterionCheck.objects.create(
        application=submitted,
        criterion="room",
        state="done",
        revision=1,
        outcome="warn",
        explanation="The <host> was asked.",
        evidence={
            "room": "Library",
            "capacity": 20,
            "address": "",
            "asked": [{"room": "A", "answer": "waiting", "on": "x"}],
        },
        checked_at=NOW,
    )
    page = rendered(read_checks(submitted, now=NOW)[3])
    assert "badge--wait" in page
    assert "Look closer" in page
    assert "The &lt;host&gt; was asked." in page
    assert "<dt>Room</dt> <dd>Library</dd>" in page
    assert "<dt>Room for</dt> <dd>20</dd>" in page
    assert "<dd>A: no answer yet, x</dd>" in page
    assert "<dt>Address</dt>" not in page
    assert "Checked 24 Nov 2026 12:00 UTC, revision 1." in page
    assert "Too old" not in page


def test_check_that_is_old_or_of_other_answers_says_so(submitted: Application) -> None:
    row = CriterionCheck.objects.create(
        application=submitted, criterion="room", state="done", revision=1, outcome="pass", checked_at=NOW
    )
    assert "Too old" in rendered(read_checks(submitted, now=NOW + timedelta(days=8))[3])
    CriterionCheck.objects.filter(pk=row.pk).update(revision=0)
    assert "Too old" in rendered(read_checks(submitted, now=NOW)[3])


def test_check_that_is_under_way_or_missing_says_so(submitted: Application) -> None:
    assert "Not checked yet" in rendered(read_checks(submitted, now=NOW)[0])
    checks.request_checks(application=submitted, asked_by=None, now=NOW)
    assert "Being checked" in rendered(read_checks(submitted, now=NOW)[0])
    CriterionCheck.objects.filter(criterion="interest").update(
        outcome="unknown", checked_at=NOW, next_try_at=NOW + timedelta(minutes=2), revision=1
    )
    page = rendered(read_checks(submitted, now=NOW)[0])
    assert "It is tried again after 24 Nov 2026 12:02 UTC." in page
    assert "Not known" in page


def test_reading_the_six_is_one_query(submitted: Application, django_assert_num_queries: Any) -> None:
    for number in (1, 3):
        for _round in range(number):
            for check in checks.request_checks(application=submitted, asked_by=None, now=timezone.now()):
                CriterionCheck.objects.filter(pk=check.pk).update(state="done", outcome="pass", checked_at=NOW)
        with django_assert_num_queries(1):
            views = read_checks(submitted, now=NOW)
            assert [view.badge for view in views] == [("good", "Pass")] * 6
            assert [view.number for view in views] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("key", "value", "lines"),
    [
        ("launch_on", "2027-01-01", ["Fri 1 Jan 2027"]),
        ("launch_on", "soon", ["soon"]),
        ("address_names_town", False, ["no"]),
        ("days_left", 0, ["0"]),
        ("people", ["ada", "bo"], ["ada", "bo"]),
        (
            "dates",
            [{"on": "2027-04-02", "starts": "18:00", "offset": 120, "clock_changed": 60, "holiday": "Good Friday"}],
            ["Fri 2 Apr 2027, 18:00 (UTC+02:00): the clocks have changed; Good Friday"],
        ),
        ("dates", [{"on": "2027-04-02", "starts": "18:00", "offset": -210}], ["Fri 2 Apr 2027, 18:00 (UTC−03:30)"]),
        (
            "neighbours",
            [{"name": "Circle", "town": "Bonn", "km": 25, "kind": "group", "state": "dormant"}],
            ["Circle, Bonn, 25 km (dormant)"],
        ),
        ("same_day", [{"title": "Camp", "starts": "10:00"}], ["Camp, 10:00"]),
        ("something_new", {"a": 1}, ["a: 1"]),
    ],
)
def test_evidence_is_told_in_words(key: str, value: Any, lines: list[str]) -> None:
    assert [row[1] for row in evidence_rows({key: value})] == [lines]


@pytest.mark.parametrize("key", ["dates", "neighbours", "organisers", "asked", "same_day"])
@pytest.mark.parametrize("item", [{}, None, "text", 7, []])
def test_odd_evidence_breaks_no_page(key: str, item: Any) -> None:
    assert len(evidence_rows({key: [item]})) == 1
    assert evidence_rows({key: None}) == []
