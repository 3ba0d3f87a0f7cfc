"""Verdicts on the six criteria: who gives them, and how long they count."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Application, CriterionVerdict
from meetups.services.applications import Words, move
from meetups.services.drafts import save_answers
from meetups.services.verdicts import counting_verdicts, give_verdict, latest_verdicts
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User
from tests.meetups.factories import allow, application_in, person, ready_application, seat_of, verdict_of

pytestmark = pytest.mark.django_db


def give(application: Application, actor: User, criterion: str = "room", verdict: str = "met", reason: str = ""):
    return give_verdict(
        application=application,
        criterion=criterion,
        verdict=verdict,
        reason=reason,
        actor=actor,
        now=timezone.now(),
    )


@pytest.fixture
def sent(reviewer: User) -> Application:
    """Sent by the service and claimed, so that its first revision is kept."""
    application = ready_application()
    move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    return move(application=application, to="in_review", actor=reviewer, now=timezone.now())


def sent_again(application: Application, reviewer: User, **answers: object) -> Application:
    words = Words(public_note="Please change it.", criteria=["room"])
    move(application=application, to="changes_requested", actor=reviewer, now=timezone.now(), words=words)
    save_answers(application=application, values=answers, now=timezone.now())
    return move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())


def test_verdict_is_kept_with_its_revision_and_author(sent: Application, reviewer: User) -> None:
    row = give(sent, reviewer, reason=" A library. ")
    assert (row.criterion, row.verdict, row.reason, row.revision, row.given_by) == (
        "room",
        "met",
        "A library.",
        1,
        reviewer,
    )


def test_verdicts_are_for_reviewers_alone(sent: Application, stranger: Member) -> None:
    for actor in (stranger.user, sent.applicant.user):
        with pytest.raises(MoveRefused, match="Only reviewers") as refusal:
            give(sent, actor)
        assert refusal.value.reason == "actor"
    assert not CriterionVerdict.objects.exists()


def test_reviewer_named_in_the_application_does_not_judge_it(sent: Application) -> None:
    for member in (sent.applicant, seat_of(sent, person()).member):
        own = allow(member.user, "review_application")
        with pytest.raises(MoveRefused, match="You are named"):
            give(sent, own)


def test_waiving_needs_a_reason(sent: Application, reviewer: User) -> None:
    with pytest.raises(MoveRefused, match="Say why"):
        give(sent, reviewer, verdict="waived", reason="  ")
    assert give(sent, reviewer, verdict="waived", reason="Only room in town").reason == "Only room in town"


@pytest.mark.parametrize(("criterion", "verdict"), [("weather", "met"), ("room", "perhaps")])
def test_unknown_criteria_and_verdicts_are_refused(
    criterion: str, verdict: str, sent: Application, reviewer: User
) -> None:
    with pytest.raises(MoveRefused, match="no such"):
        give(sent, reviewer, criterion, verdict)


@pytest.mark.parametrize("state", ["submitted", "in_review", "on_hold", "changes_requested"])
def test_verdicts_are_given_in_every_open_state(state: str, reviewer: User) -> None:
    assert give(application_in(state), reviewer).verdict == "met"


@pytest.mark.parametrize("state", ["draft", "approved", "declined", "redirected", "withdrawn", "lapsed"])
def test_verdicts_are_given_in_no_other_state(state: str, reviewer: User) -> None:
    with pytest.raises(MoveRefused, match="not under review"):
        give(application_in(state), reviewer)


def test_newest_verdict_of_a_criterion_counts_and_is_read_at_once(
    sent: Application, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    give(sent, reviewer, verdict="not_met")
    give(sent, reviewer, verdict="met")
    give(sent, reviewer, criterion="place", verdict="not_met")
    with django_assert_num_queries(1):
        latest = latest_verdicts(sent)
    assert {key: row.verdict for key, row in latest.items()} == {"room": "met", "place": "not_met"}


def test_verdict_outlives_a_revision_that_left_its_answers_alone(sent: Application, reviewer: User) -> None:
    give(sent, reviewer, criterion="room")
    give(sent, reviewer, criterion="place")
    again = sent_again(sent, reviewer, venue_name="Culture House")
    assert again.revision == 2
    assert set(counting_verdicts(again)) == {"place"}
    assert set(latest_verdicts(again)) == {"place", "room"}
    give(again, reviewer, criterion="room")
    assert set(counting_verdicts(again)) == {"place", "room"}


def test_verdict_on_answers_that_came_back_counts_again(sent: Application, reviewer: User) -> None:
    give(sent, reviewer, criterion="room")
    name = sent.venue_name
    other = sent_again(sent, reviewer, venue_name="Culture House")
    assert set(counting_verdicts(other)) == set()
    move(application=other, to="in_review", actor=reviewer, now=timezone.now())
    assert set(counting_verdicts(sent_again(other, reviewer, venue_name=name))) == {"room"}


def test_verdict_on_organisers_ends_when_somebody_joins_or_leaves(sent: Application, reviewer: User) -> None:
    give(sent, reviewer, criterion="organisers")
    assert set(counting_verdicts(sent)) == {"organisers"}
    seat = seat_of(sent, person(), accepted_at=timezone.now() + timedelta(minutes=1))
    assert set(counting_verdicts(sent)) == set()
    verdict_of(sent, "organisers", given_at=timezone.now() + timedelta(minutes=2))
    assert set(counting_verdicts(sent)) == {"organisers"}
    seat.declined_at, seat.accepted_at, seat.member = timezone.now() + timedelta(minutes=3), None, None
    seat.save()
    assert set(counting_verdicts(sent)) == set()


def test_old_verdict_without_a_kept_revision_does_not_count() -> None:
    application = application_in("in_review", revision=2)
    verdict_of(application, "room", revision=1)
    verdict_of(application, "place", revision=2)
    assert set(counting_verdicts(application)) == {"place"}
