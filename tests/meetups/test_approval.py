"""What an approval needs: verdicts, fresh checks, a launch far enough ahead, and a lead from elsewhere."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetups.models import Application, ApplicationEvent, Group
from meetups.services.applications import Words, move
from portal.jobs.transitions import MoveRefused
from portal.members.models import User
from tests.meetups.factories import (
    allow,
    application_in,
    approvable,
    check_of,
    person,
    seat_of,
    verdict_of,
    with_verdicts,
)
from tests.members.factories import AffiliationFactory, MemberFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def approve(application: Application, lead: User) -> Application:
    return move(application=application, to="approved", actor=lead, now=timezone.now())


def refused(application: Application, lead: User, words: str) -> None:
    with pytest.raises(MoveRefused, match=words):
        approve(application, lead)
    assert Application.objects.get(pk=application.pk).state == "in_review"
    assert not Group.objects.exists()


def test_six_verdicts_and_fresh_checks_are_enough(lead: User) -> None:
    assert approve(approvable(), lead).state == "approved"


def test_waived_is_as_good_as_met(lead: User) -> None:
    assert approve(with_verdicts(application_in("in_review"), room="waived"), lead).state == "approved"


def test_each_criterion_needs_a_verdict(lead: User) -> None:
    refused(with_verdicts(application_in("in_review"), room=""), lead, "No verdict on .*: A room that is not a bar")


def test_one_criterion_not_met_is_enough_to_refuse(lead: User) -> None:
    application = with_verdicts(application_in("in_review"), place="not_met")
    refused(application, lead, "Judged as not met: A town of its own")


def test_verdict_of_an_older_revision_is_not_enough(lead: User) -> None:
    application = with_verdicts(application_in("in_review", revision=2), room="")
    verdict_of(application, "room", revision=1)
    refused(application, lead, "No verdict on the present answers: A room")


def test_stale_check_is_refused_whatever_it_found(lead: User) -> None:
    application = approvable()
    check_of(application, "room", checked_at=timezone.now() - timedelta(days=7, minutes=1))
    refused(application, lead, "Not checked .*: A room that is not a bar")


def test_check_of_the_last_days_is_enough_whatever_it_found(lead: User) -> None:
    application = approvable()
    check_of(application, "room", outcome="fail", checked_at=timezone.now() - timedelta(days=6, hours=23))
    check_of(application, "interest", outcome="unknown")
    assert approve(application, lead).state == "approved"


def test_criterion_that_was_never_checked_is_refused(lead: User) -> None:
    application = approvable()
    application.checks.filter(criterion="launch").delete()
    refused(application, lead, "Not checked .*: A launch date")


def test_launch_in_less_than_four_weeks_has_to_move(lead: User) -> None:
    soon = timezone.now().date() + timedelta(days=27)
    application = approvable(launch_on=soon, time_zone="UTC")
    refused(application, lead, "less than four weeks ahead. Ask the organisers to move it")
    verdict_of(application, "launch", verdict="waived")
    assert approve(application, lead).state == "approved"


def test_launch_in_four_weeks_is_soon_enough(lead: User) -> None:
    application = approvable(launch_on=timezone.now().date() + timedelta(days=28), time_zone="UTC")
    assert approve(application, lead).state == "approved"


def test_launch_that_is_past_is_refused_even_when_waived(lead: User) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    application = with_verdicts(application_in("in_review", launch_on=yesterday, time_zone="UTC"), launch="waived")
    refused(application, lead, "launch date is past")


def employ(user: User, name: str, **values: object) -> None:
    MemberFactory(user=user)
    AffiliationFactory(member=user.member, organisation=OrganisationFactory(name=name), **values)


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_lead_of_the_company_an_organiser_named_is_refused(is_confirmed: bool, lead: User) -> None:
    employ(lead, "Lagoon Works GmbH", confirmed_at=timezone.now() if is_confirmed else None)
    application = application_in("in_review")
    seat_of(application, person(), organisation="LAGOON works")
    refused(with_verdicts(application), lead, "You and an organiser are both from Lagoon Works GmbH")


def test_lead_of_the_company_an_organiser_belongs_to_is_refused(lead: User) -> None:
    employ(lead, "Lagoon Works")
    application = application_in("in_review")
    AffiliationFactory(member=application.applicant, organisation=lead.member.affiliations.get().organisation)
    refused(with_verdicts(application), lead, "both from Lagoon Works")


def test_former_rejected_and_other_companies_are_no_hindrance(lead: User) -> None:
    today = timezone.localdate()
    employ(lead, "Lagoon Works", days=(None, today - timedelta(days=1)))
    AffiliationFactory(
        member=lead.member,
        organisation=OrganisationFactory(name="Harbour"),
        confirmed_at=None,
        rejected_at=timezone.now(),
    )
    application = application_in("in_review")
    seat_of(application, person(), organisation="Lagoon Works")
    seat_of(application, person(), organisation="Harbour", email="x@example.org")
    assert approve(with_verdicts(application), lead).state == "approved"


def test_who_has_left_or_only_was_invited_is_no_hindrance(lead: User) -> None:
    employ(lead, "Lagoon Works")
    application = application_in("in_review")
    seat_of(application, organisation="Lagoon Works")
    assert approve(with_verdicts(application), lead).state == "approved"


@pytest.mark.parametrize("to", ["in_review", "changes_requested", "on_hold", "redirected", "declined"])
def test_lead_named_in_the_application_moves_it_nowhere(to: str, group: Group) -> None:
    application = application_in("submitted" if to == "in_review" else "in_review")
    own = allow(application.applicant.user, "review_application", "decide_application")
    words = Words(
        public_note="x",
        private_note="y",
        reason="other",
        target=group,
        review_by_on=timezone.localdate() + timedelta(days=3),
    )
    with pytest.raises(MoveRefused, match="somebody else has to decide"):
        move(application=application, to=to, actor=own, now=timezone.now(), words=words)


@pytest.mark.parametrize("state", ["approved", "declined", "redirected", "withdrawn", "lapsed"])
def test_database_lets_no_decision_change_again(state: str) -> None:
    application = application_in(state)
    with pytest.raises(IntegrityError, match="final"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state="draft")
    assert Application.objects.filter(pk=application.pk).update(group_name="Still a name") == 1


def test_what_was_added_is_neither_changed_nor_deleted(lead: User, reviewer: User) -> None:
    application = application_in("submitted")
    move(application=application, to="in_review", actor=reviewer, now=timezone.now())
    with_verdicts(application)
    verdict_of(application, "room", given_by=reviewer)
    application.comments.create(author=reviewer, text="Hello", is_from_team=True)
    changes = {
        application.history: {"public_note": "x"},
        application.revisions: {"number": 9},
        application.verdicts: {"verdict": "not_met"},
        application.comments: {"text": "x"},
    }
    for rows, change in changes.items():
        with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
            rows.all().delete()
    with pytest.raises(IntegrityError, match="keep their author"), transaction.atomic():
        ApplicationEvent.objects.update(actor=lead)


def test_accounts_that_go_leave_their_rows(reviewer: User) -> None:
    application = application_in("submitted")
    move(application=application, to="in_review", actor=reviewer, now=timezone.now())
    verdict_of(application, "room", given_by=reviewer)
    application.comments.create(author=reviewer, text="Hello", is_from_team=True)
    reviewer.delete()
    assert application.history.get().actor is None
    assert application.verdicts.get().given_by is None
    assert application.comments.get().author is None


def test_rows_of_the_demo_can_be_deleted() -> None:
    application = with_verdicts(application_in("submitted", is_demo=True))
    application.verdicts.all().delete()
    application.revisions.all().delete()
    assert application.verdicts.count() == 0


def test_lead_whose_invitation_to_organise_waits_does_not_decide(lead: User) -> None:
    application = application_in("in_review")
    seat = seat_of(application, email=lead.email.upper())
    with_verdicts(application)
    with pytest.raises(MoveRefused, match="somebody else has to decide"):
        approve(application, lead)
    seat.declined_at = timezone.now()
    seat.save()
    assert approve(with_verdicts(application), lead).state == "approved"
