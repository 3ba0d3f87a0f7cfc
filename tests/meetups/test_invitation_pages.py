"""Inviting on the page, and the page behind the mailed link."""

import pytest
from django.test import Client

from meetups.models import ApplicationOrganiser
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, application_in, person, ready_application, seat_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(db: None) -> ApplicationOrganiser:
    return seat_of(ApplicationFactory(group_name="Circle"), name="Bo Berg")


def link(seat: ApplicationOrganiser) -> str:
    return f"/meetups/invitations/{seat.token}/"


def test_looking_shows_who_asks_and_changes_nothing(client: Client, seat: ApplicationOrganiser) -> None:
    html = client.get(link(seat)).content.decode()
    assert seat.application.applicant.name in html
    assert "Circle" in html
    seat.refresh_from_db()
    assert seat.is_waiting


def test_unknown_link_does_not_exist(client: Client) -> None:
    assert client.get("/meetups/invitations/nothing/").status_code == 404


def test_accepting_needs_an_account_and_comes_back(client: Client, seat: ApplicationOrganiser) -> None:
    response = client.post(link(seat), {"answer": "accept", "agree": "1"})
    assert response["Location"] == f"/accounts/login/?next={link(seat)}"
    seat.refresh_from_db()
    assert seat.is_waiting


def test_accepting_needs_the_promise(client: Client, seat: ApplicationOrganiser, stranger: Member) -> None:
    client.force_login(stranger.user)
    assert "tick the box" in client.post(link(seat), {"answer": "accept"}).content.decode()
    seat.refresh_from_db()
    assert seat.is_waiting
    assert (
        client.post(link(seat), {"answer": "accept", "agree": "1"})["Location"] == seat.application.get_absolute_url()
    )
    seat.refresh_from_db()
    assert (seat.is_accepted, seat.member) == (True, stranger)


def test_declining_needs_no_account(client: Client, seat: ApplicationOrganiser) -> None:
    client.post(link(seat), {"answer": "decline"})
    seat.refresh_from_db()
    assert seat.declined_at is not None
    assert "You said no" in client.get(link(seat)).content.decode()


def test_used_link_does_not_let_a_second_person_in(client: Client, stranger: Member) -> None:
    application = ready_application()
    used = application.organisers.exclude(member=application.applicant).get()
    client.force_login(stranger.user)
    assert "accepted already" in client.post(link(used), {"answer": "accept", "agree": "1"}).content.decode()
    used.refresh_from_db()
    assert used.member != stranger


def test_inviting_and_taking_back_on_the_page(signed_in, seat: ApplicationOrganiser, stranger: Member) -> None:
    application = seat.application
    url = f"/meetups/applications/{application.public_id}/invite/"
    assert signed_in(stranger).post(url, {"name": "X", "email": "x@example.org"}).status_code == 404
    client = signed_in(application.applicant)
    client.post(url, {"name": "Cy", "email": "cy@example.org"})
    assert Message.objects.get().address == "cy@example.org"
    wrong = client.post(url, {"name": "Dee", "email": "dee@nowhere"})
    assert "This address is not complete" in wrong.content.decode()
    assert 'value="Dee"' in wrong.content.decode()
    client.post(f"/meetups/applications/{application.public_id}/seats/{seat.pk}/")
    assert not ApplicationOrganiser.objects.filter(pk=seat.pk).exists()


def test_second_organiser_may_leave_but_not_remove_the_first(signed_in) -> None:
    application = ready_application()
    first = application.organisers.get(member=application.applicant)
    second = application.organisers.exclude(pk=first.pk).get()
    client = signed_in(second.member)
    client.post(f"/meetups/applications/{application.public_id}/seats/{first.pk}/")
    first.refresh_from_db()
    assert first.is_accepted
    client.post(f"/meetups/applications/{application.public_id}/seats/{second.pk}/")
    second.refresh_from_db()
    assert not second.is_accepted


def test_stepping_back_is_offered_to_who_can_do_it(signed_in) -> None:
    application = application_in("submitted")
    second = application.organisers.exclude(member=application.applicant).get()
    url, action = application.get_absolute_url(), f"/meetups/applications/{application.public_id}/seats/{second.pk}/"
    assert action not in signed_in(application.applicant).get(url).content.decode()
    assert action in signed_in(second.member).get(url).content.decode()
    signed_in(second.member).post(action)
    application.refresh_from_db()
    assert application.state == "changes_requested"


def test_invited_person_is_named_nowhere_in_public(client: Client, seat: ApplicationOrganiser, group) -> None:
    person("Someone")
    for url in ("/meetups/", group.get_absolute_url(), "/meetups/events/"):
        assert "Bo Berg" not in client.get(url).content.decode()
