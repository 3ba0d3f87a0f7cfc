"""Organisers are invited, and theirs is the answer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetups.models import Application, ApplicationOrganiser
from meetups.permissions import is_named_in
from meetups.services import invitations
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.meetups.factories import ApplicationFactory, application_in, person, ready_application, seat_of

pytestmark = pytest.mark.django_db


def invite(application: Application, email: str = "bo@example.org") -> ApplicationOrganiser:
    return invitations.invite(application=application, name="Bo", email=email, now=timezone.now())


def test_invitation_goes_out_by_mail_with_a_link_of_its_own() -> None:
    seat = invite(ApplicationFactory(), " Bo@Example.org ")
    assert (seat.email, seat.is_accepted, seat.is_waiting) == ("bo@example.org", False, True)
    message = Message.objects.get()
    assert (message.kind, message.address) == ("organiser_invited", "bo@example.org")
    assert message.context["url"].endswith(f"/meetups/invitations/{seat.token}/")
    assert len(seat.token) >= 40


@pytest.mark.parametrize("email", ["ana@example.org", "ANA@example.org", "ana+two@example.org"])
def test_one_mailbox_is_invited_once(email: str) -> None:
    application = ApplicationFactory(applicant=person(email="ana@example.org"))
    with pytest.raises(MoveRefused, match="belongs to an organiser"):
        invite(application, email)


def test_accepting_takes_the_seat_and_tells_the_applicant() -> None:
    seat, bo = invite(ApplicationFactory()), person(email="other@example.org")
    accepted = invitations.accept(seat=seat, member=bo, now=timezone.now())
    assert (accepted.member, accepted.is_accepted) == (bo, True)
    message = Message.objects.get(kind="organiser_answered")
    assert message.address == seat.application.applicant.user.email
    with pytest.raises(MoveRefused, match="accepted already"):
        invitations.accept(seat=accepted, member=person(), now=timezone.now())


def test_applicant_cannot_be_the_second_organiser_too() -> None:
    application = ApplicationFactory(applicant=person(email="ana@example.org"))
    seat = invite(application)
    with pytest.raises(MoveRefused, match="somebody else"):
        invitations.accept(seat=seat, member=application.applicant, now=timezone.now())
    with pytest.raises(MoveRefused, match="somebody else"):
        invitations.accept(seat=seat, member=person(email="ana+bo@example.org"), now=timezone.now())
    assert application.organisers.accepted().count() == 1


def test_declining_says_so_and_the_address_can_be_asked_again() -> None:
    application = ApplicationFactory()
    seat = invite(application)
    assert invitations.decline(seat=seat, now=timezone.now()).declined_at is not None
    again = invite(application)
    assert (again.pk, again.is_waiting) != (seat.pk, False)
    assert application.organisers.count() == 2


@pytest.mark.parametrize("state", ["submitted", "in_review"])
def test_leaving_a_sent_application_sends_it_back_when_fewer_than_two_remain(state: str) -> None:
    application = application_in(state)
    second = application.organisers.exclude(member=application.applicant).get()
    invitations.decline(seat=second, now=timezone.now(), by=second.member.user)
    application.refresh_from_db()
    assert application.state == "changes_requested"
    event = application.history.get()
    assert (event.actor, event.criteria) == (None, ["organisers"])
    assert second.name in event.public_note


def test_leaving_a_sent_application_of_three_changes_nothing_else() -> None:
    application = application_in("submitted")
    third = seat_of(application, person())
    invitations.decline(seat=third, now=timezone.now(), by=third.member.user)
    application.refresh_from_db()
    assert application.state == "submitted"


def test_applicant_withdraws_instead_of_leaving() -> None:
    application = ready_application()
    seat = application.organisers.get(member=application.applicant)
    with pytest.raises(MoveRefused, match="withdraw"):
        invitations.decline(seat=seat, now=timezone.now(), by=application.applicant.user)


def test_decided_application_takes_no_answers() -> None:
    application = application_in("declined")
    seat = seat_of(application)
    with pytest.raises(MoveRefused, match="is decided"):
        invitations.accept(seat=seat, member=person(), now=timezone.now())
    with pytest.raises(MoveRefused, match="is decided"):
        invite(application, "new@example.org")


def test_eleventh_mail_of_a_day_is_refused_even_when_the_others_were_taken_back() -> None:
    application = ApplicationFactory()
    for number in range(10):
        invitations.take_back(seat=invite(application, f"bo{number}@example.org"))
    with pytest.raises(MoveRefused, match="tomorrow"):
        invite(application, "bo10@example.org")
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)
    assert invitations.invite(application=application, name="Bo", email="bo10@example.org", now=tomorrow).is_waiting


def test_taking_back_deletes_name_and_address_but_only_without_an_answer() -> None:
    application = ready_application()
    seat = invite(application)
    invitations.take_back(seat=seat)
    assert not ApplicationOrganiser.objects.filter(email="bo@example.org").exists()
    with pytest.raises(MoveRefused):
        invitations.take_back(seat=application.organisers.last())


def test_who_left_stays_named_and_may_be_asked_again() -> None:
    application = application_in("in_review")
    seat_of(application, person("Third"))
    seat = application.organisers.exclude(member=application.applicant).order_by("pk").first()
    second = seat.member
    invitations.decline(seat=seat, now=timezone.now(), by=second.user)
    assert second not in [one.member for one in application.organisers.accepted()]
    assert is_named_in(second.user, application)
    assert not is_named_in(person().user, application)
    again = invitations.invite(application=application, name="Second", email="new@example.org", now=timezone.now())
    invitations.accept(seat=again, member=second, now=timezone.now())
    assert second in [one.member for one in application.organisers.accepted()]
    # At the address that was left the link alone says no.
    other = seat_of(application, person("Fourth"))
    invitations.decline(seat=other, now=timezone.now(), by=other.member.user)
    fresh = invitations.invite(application=application, name="Fourth", email=other.email, now=timezone.now())
    assert fresh.is_waiting
    assert not invitations.decline(seat=fresh, now=timezone.now()).is_waiting
