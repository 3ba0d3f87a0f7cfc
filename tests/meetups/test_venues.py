"""The host of a room says by a mailed link whether the group may meet there."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone

from meetups.models import Application, VenueConfirmation
from meetups.services import evidence, venues
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, application_in, ready_application

pytestmark = pytest.mark.django_db
ROOM = {"venue_contact_email": "Desk@Library.example", "venue_contact_name": "Mpho", "group_name": "R&D <Circle>"}


def ask(application: Application, *, by: Member | None = None, after: timedelta = timedelta()) -> VenueConfirmation:
    user = (by or application.applicant).user
    return venues.ask_host(application=application, by=user, now=timezone.now() + after)


def room(application: Application) -> tuple[str, str]:
    fresh = Application.objects.select_related("place").get(pk=application.pk)
    result = next(one for one in evidence.judge(fresh, now=timezone.now()) if one.key == "room")
    return str(result.status), result.evidence


def test_naming_a_host_is_not_their_word() -> None:
    application = ApplicationFactory(**ROOM)
    assert room(application) == ("waiting", "Public Library: ask Mpho to confirm it by mail.")


def test_host_is_asked_once_by_mail_and_confirms() -> None:
    application = ready_application(**ROOM)
    asked = ask(application)
    assert (asked.email, asked.venue_name, asked.contact_name) == ("desk@library.example", "Public Library", "Mpho")
    assert room(application)[0] == "waiting"
    [message] = Message.objects.filter(kind="venue_asked")
    assert mail.send(message, now=timezone.now())
    [sent] = outbox.outbox
    assert sent.to == ["desk@library.example"]
    assert sent.subject == "May a meetup group meet at Public Library?"
    assert f"http://localhost:8000/meetups/venues/{asked.token}/" in sent.body
    assert "R&D <Circle>" in sent.body
    assert application.applicant.user.email not in sent.body
    venues.confirm(confirmation=asked, note="Ring twice", now=timezone.now())
    status, words = room(application)
    assert status == "met"
    assert words.startswith("Public Library, confirmed by Mpho on ")
    told = Message.objects.filter(kind="venue_answered")
    assert told.count() == 2
    assert told[0].context["note"] == "Ring twice"


@pytest.mark.parametrize("change", [{"venue_name": "Other Library"}, {"venue_address": "Rua 2"}])
def test_word_counts_for_the_room_as_it_was_named(change: dict[str, str]) -> None:
    application = ApplicationFactory(**ROOM)
    asked = venues.confirm(confirmation=ask(application), note="", now=timezone.now())
    Application.objects.update(venue_name="public  LIBRARY")
    assert room(application)[0] == "met"  # the same name, written otherwise
    Application.objects.update(**change)
    assert room(application)[0] == "waiting"
    with pytest.raises(MoveRefused, match="another room"):
        venues.decline(confirmation=asked, note="", now=timezone.now())
    application.refresh_from_db()
    assert ask(application).pk != asked.pk
    Application.objects.update(venue_name="Public Library", venue_address="Rua 1")
    assert room(application)[0] == "met"


def test_no_is_final_until_another_room_and_a_yes_can_become_a_no() -> None:
    application = ApplicationFactory(**ROOM)
    asked = venues.confirm(confirmation=ask(application), note="", now=timezone.now())
    with pytest.raises(MoveRefused, match="confirmed this room already"):
        ask(application, after=timedelta(days=9))
    venues.decline(confirmation=asked, note="We move out", now=timezone.now())
    assert room(application)[0] == "not_yet"
    with pytest.raises(MoveRefused, match="said no"):
        ask(application, after=timedelta(days=9))
    told = [message.context["confirmed"] for message in Message.objects.filter(kind="venue_answered").order_by("pk")]
    assert told == [True, False]


def test_asking_again_renews_the_same_question_and_has_limits() -> None:
    application = ApplicationFactory(**ROOM)
    first = ask(application)
    with pytest.raises(MoveRefused, match="two days"):
        ask(application)
    assert [ask(application, after=timedelta(days=days)).token for days in (3, 6)] == [first.token] * 2
    with pytest.raises(MoveRefused, match="three times"):
        ask(application, after=timedelta(days=9))
    assert VenueConfirmation.objects.count() == 1
    assert Message.objects.filter(kind="venue_asked").count() == 3


def test_one_applicant_asks_five_hosts_a_day() -> None:
    application = ApplicationFactory(**ROOM)
    other = ApplicationFactory(**ROOM, applicant=application.applicant)
    for number in range(5):
        Application.objects.update(venue_contact_email=f"host{number}@example.org")
        one = application if number % 2 else other
        one.refresh_from_db()
        ask(one)
    Application.objects.update(venue_contact_email="host9@example.org")
    application.refresh_from_db()
    with pytest.raises(MoveRefused, match="Go on tomorrow"):
        ask(application)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"venue_name": ""}, "Name the room"),
        ({"venue_address": ""}, "Name the room"),
        ({"venue_name": "The Pub"}, "Bars and pubs"),
        ({"venue_contact_email": ""}, "e-mail address"),
        ({"kind": "online"}, "no room"),
    ],
)
def test_asking_needs_a_room_and_a_host(values: dict[str, str], words: str) -> None:
    with pytest.raises(MoveRefused, match=words):
        ask(ApplicationFactory(**{**ROOM, **values}))


def test_organiser_cannot_confirm_their_own_room() -> None:
    application = ApplicationFactory(**ROOM)
    local, domain = application.applicant.user.email.split("@")
    Application.objects.update(venue_contact_email=f"{local}+room@{domain}".upper())
    application.refresh_from_db()
    with pytest.raises(MoveRefused, match="address of an organiser"):
        ask(application)


def test_strangers_and_reviewers_do_not_ask_and_nobody_after_the_end(stranger: Member, reviewer: object) -> None:
    application = application_in("in_review", **ROOM)
    for user in (stranger.user, reviewer):
        with pytest.raises(MoveRefused, match="Only the organisers"):
            venues.ask_host(application=application, by=user, now=timezone.now())  # type: ignore[arg-type]
    asked = ask(application)
    Application.objects.update(state="withdrawn")
    with pytest.raises(MoveRefused, match="decided"):
        ask(application)
    with pytest.raises(MoveRefused, match="closed"):
        venues.confirm(confirmation=asked, note="", now=timezone.now())


def test_looking_changes_nothing_and_buttons_answer(client: Client) -> None:
    application = application_in("submitted", **ROOM)
    asked = ask(application)
    address = f"/meetups/venues/{asked.token}/"
    before = VenueConfirmation.objects.values().get()
    page = client.get(address)
    html = page.content.decode()
    assert client.head(address).status_code == 200
    assert VenueConfirmation.objects.values().get() == before
    assert "R&amp;D &lt;Circle&gt;" in html
    assert 'name="robots" content="noindex"' in html
    assert application.applicant.user.email not in html
    assert client.get(f"/meetups/venues/{'x' * 43}/").status_code == 404
    assert "Choose one of the answers" in client.post(address, {"note": "Hm"}).content.decode()
    assert client.post(address, {"answer": "yes", "note": "Ring"}).status_code == 302
    assert "You said yes on" in client.get(address).content.decode()
    assert VenueConfirmation.objects.values_list("note", flat=True).get() == "Ring"


def test_host_who_knows_nobody_says_no_and_tells_the_team(client: Client) -> None:
    application = application_in("submitted", **ROOM)
    asked = ask(application)
    client.post(f"/meetups/venues/{asked.token}/", {"answer": "unknown", "note": "Who are they?"})
    asked.refresh_from_db()
    assert asked.declined_at is not None
    assert asked.note == "I do not know these people. Who are they?"
    [message] = Message.objects.filter(kind="venue_unknown")
    assert message.recipient_key == "team"


def test_button_on_the_room_part_saves_first_and_then_asks(signed_in) -> None:
    application = ApplicationFactory(venue_contact_email="")
    client = signed_in(application.applicant)
    answers = {
        "venue_kind": "library", "venue_name": "Town Library", "venue_address": "Rua 9",
        "venue_contact_email": "desk@library.example", "ask": "1",
    }  # fmt: skip
    response = client.post(f"/meetups/applications/{application.public_id}/room/", answers, follow=True)
    assert "We wrote to desk@library.example" in response.content.decode()
    assert VenueConfirmation.objects.get().venue_name == "Town Library"


def test_asking_by_address_is_for_organisers_and_post_only(signed_in, stranger: Member) -> None:
    application = application_in("submitted", **ROOM)
    address = f"/meetups/applications/{application.public_id}/ask-host/"
    assert signed_in(stranger).post(address).status_code == 404
    client = signed_in(application.applicant)
    assert client.get(address).status_code == 405
    assert not VenueConfirmation.objects.exists()
    html = client.get(application.get_absolute_url()).content.decode()
    assert f'action="{address}"' in html
    assert client.post(address).status_code == 302
    assert VenueConfirmation.objects.count() == 1
    assert "was asked on" in client.get(application.get_absolute_url()).content.decode()


def test_team_does_not_get_the_button(signed_in, reviewer: object) -> None:
    application = application_in("submitted", **ROOM)
    html = signed_in(reviewer).get(application.get_absolute_url()).content.decode()
    assert "ask-host" not in html


@pytest.mark.parametrize(("state", "looks"), [("in_review", 1), ("draft", 0), ("changes_requested", 0)])
def test_word_of_the_host_has_the_room_looked_at_again(state: str, looks: int) -> None:
    application = application_in(state, venue_contact_email="host@library.example")
    asked = venues.ask_host(application=application, by=application.applicant.user, now=timezone.now())
    venues.confirm(confirmation=asked, note="", now=timezone.now())
    assert list(application.checks.values_list("criterion", "state")) == [("room", "waiting")] * looks
