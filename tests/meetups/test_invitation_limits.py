"""What a mailed link cannot do, and how many letters one person can cause."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from meetups.models import Application, ApplicationOrganiser
from meetups.services import applications, drafts, invitations, letters
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, application_in, person, seat_of

pytestmark = pytest.mark.django_db


def invite(application: Application, email: str = "bo@example.org", **values: object) -> ApplicationOrganiser:
    return invitations.invite(application=application, name="Bo", email=email, now=timezone.now(), **values)  # type: ignore[arg-type]


def second_of(application: Application) -> ApplicationOrganiser:
    return application.organisers.exclude(member=application.applicant).get()


@pytest.mark.parametrize("token", ["\0", "a\0b", "a" * 42, "a" * 44, "a" * 42 + "-"])
def test_address_that_holds_no_token_leads_nowhere(token: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/meetups/invitations/{token}/")


def test_link_of_an_accepted_organiser_unseats_nobody(client: Client, stranger: Member) -> None:
    application = application_in("in_review")
    seat = second_of(application)
    link = f"/meetups/invitations/{seat.token}/"
    assert "was accepted" in client.post(link, {"answer": "decline"}).content.decode()
    client.force_login(stranger.user)
    client.post(link, {"answer": "decline"})
    seat.refresh_from_db()
    application.refresh_from_db()
    assert (seat.is_accepted, application.state) == (True, "in_review")
    client.force_login(seat.member.user)
    client.post(link, {"answer": "decline"})
    seat.refresh_from_db()
    assert not seat.is_accepted


def test_link_of_a_declined_seat_accepts_nothing(client: Client, stranger: Member) -> None:
    seat = invite(ApplicationFactory())
    invitations.decline(seat=seat, now=timezone.now())
    with pytest.raises(MoveRefused, match="ask to be invited again"):
        invitations.accept(seat=seat, member=stranger, now=timezone.now())
    client.force_login(stranger.user)
    client.post(f"/meetups/invitations/{seat.token}/", {"answer": "accept", "agree": "1"})
    seat.refresh_from_db()
    assert (seat.is_accepted, seat.member) == (False, None)


def test_who_stepped_back_can_be_invited_at_another_address() -> None:
    application, bo = ApplicationFactory(), person(email="other@example.org")
    seat = invitations.accept(seat=invite(application), member=bo, now=timezone.now())
    invitations.decline(seat=seat, now=timezone.now(), by=bo.user)
    again = invitations.accept(seat=invite(application, "bo@work.example"), member=bo, now=timezone.now())
    assert (again.is_accepted, again.member) == (True, bo)


def test_invitation_accepted_meanwhile_is_not_taken_back() -> None:
    seat = invite(ApplicationFactory())
    invitations.accept(seat=ApplicationOrganiser.objects.get(pk=seat.pk), member=person(), now=timezone.now())
    with pytest.raises(MoveRefused, match="without an answer"):
        invitations.take_back(seat=seat)
    assert ApplicationOrganiser.objects.get(pk=seat.pk).is_accepted


def test_taking_back_twice_is_no_error() -> None:
    seat = invite(ApplicationFactory())
    invitations.take_back(seat=ApplicationOrganiser.objects.get(pk=seat.pk))
    invitations.take_back(seat=seat)
    assert not ApplicationOrganiser.objects.filter(email="bo@example.org").exists()


def test_letters_of_a_day_are_counted_over_all_applications_of_one_applicant() -> None:
    ana = person()
    for number in range(2):
        application = drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=timezone.now())
        for guest in range(5):
            invite(application, f"guest{number}{guest}@example.org")
        applications.move(application=application, to="withdrawn", actor=ana.user, now=timezone.now())
    third = drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=timezone.now())
    with pytest.raises(MoveRefused, match="tomorrow"):
        invite(third)
    assert invite(ApplicationFactory()).is_waiting
    assert Message.objects.filter(kind="organiser_invited").count() == 11


def test_sixth_draft_of_a_day_is_refused() -> None:
    ana, now = person(), timezone.now()
    for _ in range(5):
        draft = drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=now)
        applications.move(application=draft, to="withdrawn", actor=ana.user, now=now)
    with pytest.raises(MoveRefused, match="You began 5 applications within a day"):
        drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=now)
    assert drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=now + timedelta(days=1)).state == "draft"


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("Ana.Silva+x@googlemail.com", "anasilva@gmail.com"),
        ("ana.silva@gmail.com", "anasilva@gmail.com"),
        ("ana.silva@example.org", "ana.silva@example.org"),
    ],
)
def test_mailbox_is_one_however_it_is_spelt(email: str, mailbox: str) -> None:
    assert invitations.bare_address(email) == mailbox


@pytest.mark.parametrize(("visibility", "shown"), [("public", "Ana Silva"), ("handle", "anas"), ("hidden", "a member")])
def test_letter_and_seat_give_the_name_the_person_chose_to_show(visibility: str, shown: str) -> None:
    ana = person("Ana Silva", email="secret.local@example.org")
    Member.objects.filter(pk=ana.pk).update(visibility=visibility, handle="anas")
    ana.refresh_from_db()
    application = drafts.start_draft(member=ana, user=ana.user, kind="meetup", now=timezone.now())
    assert application.organisers.get().name == shown
    invite(application)
    assert Message.objects.get(kind="organiser_invited").context["by"] == shown


def test_letter_without_a_seat_falls_back_to_the_public_name() -> None:
    application = ApplicationFactory()
    application.organisers.all().delete()
    Member.objects.filter(pk=application.applicant_id).update(visibility="hidden")
    application.refresh_from_db()
    seat = seat_of(application)
    letters.invitation(seat)
    assert Message.objects.get().context["by"] == "a member"
