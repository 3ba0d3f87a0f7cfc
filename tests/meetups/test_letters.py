"""Every mail of this app as it is read: subject, words, links; in the reader's language and without escapes."""

import pytest
from django.core import mail as outbox
from django.utils import timezone

from meetups.models import Application
from meetups.services import events, invitations
from meetups.services.applications import Words, move
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import User
from tests.meetups.factories import (
    ApplicationFactory,
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    application_in,
    person,
    ready_application,
    with_verdicts,
)

pytestmark = pytest.mark.django_db
NAME = "R&D <Circle>"


def sent(kind: str) -> list[tuple[str, str]]:
    """(subject, text) of every message of the kind, sent now."""
    outbox.outbox.clear()
    messages = list(Message.objects.filter(kind=kind))
    assert messages
    for message in messages:
        assert mail.send(message, now=timezone.now())
    return [(str(each.subject), str(each.body)) for each in outbox.outbox]


def moved(state: str, to: str, actor: User | None, **words: object) -> Application:
    application = with_verdicts(application_in(state, group_name=NAME))
    return move(application=application, to=to, actor=actor, now=timezone.now(), words=Words(**words))  # type: ignore[arg-type]


def test_arrival_is_told_to_organisers_and_team() -> None:
    application = ready_application(group_name=NAME)
    move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    (subject, text), _second = sent("application_received")
    assert subject == "R&D <Circle>: your application has arrived"
    assert f"http://localhost:8000{application.get_absolute_url()}" in text
    [(subject, text)] = sent("application_waiting")
    assert subject == "An application waits: R&D <Circle>"
    assert f"/meetups/application/{application.pk}/change/" in text


def test_changes_quote_the_note_and_link_the_parts(reviewer: User) -> None:
    application = moved("in_review", "changes_requested", reviewer, public_note="Which room & when?", criteria=["room"])
    subject, text = sent("application_changes")[0]
    assert subject == "R&D <Circle>: a few things to change"
    assert "Which room & when?" in text
    assert f"http://localhost:8000/meetups/applications/{application.public_id}/room/" in text


def test_approval_leads_to_the_new_page(lead: User) -> None:
    application = moved("in_review", "approved", lead, public_note="Welcome!")
    subject, text = sent("application_approved")[0]
    assert subject == "R&D <Circle> is a group now"
    assert f"http://localhost:8000{application.group.get_absolute_url()}" in text  # type: ignore[union-attr]
    assert "Welcome!" in text


def test_decline_says_why_and_what_would_change_it(lead: User) -> None:
    moved("in_review", "declined", lead, reason="covered", public_note="Help Köln Circle.", private_note="SECRET")
    _subject, text = sent("application_declined")[0]
    assert "the place has a group already" in text
    assert "Help Köln Circle." in text
    assert "SECRET" not in text


def test_redirect_names_the_group(reviewer: User) -> None:
    group = GroupFactory(name="Köln Circle")
    moved("in_review", "redirected", reviewer, target=group)
    _subject, text = sent("application_redirected")[0]
    assert "Köln Circle" in text
    assert group.get_absolute_url() in text


def test_lapse_is_told() -> None:
    moved("changes_requested", "lapsed", None)
    assert sent("application_lapsed")[0][0] == "R&D <Circle>: the application was closed"


def test_invitation_says_who_asks_and_the_answer_is_told() -> None:
    application = ApplicationFactory(group_name=NAME, applicant=person("Ana Silva"))
    seat = invitations.invite(application=application, name="Bo", email="bo@example.org", now=timezone.now())
    [(subject, text)] = sent("organiser_invited")
    assert subject == "Ana Silva would like to run a meetup group with you"
    assert f"http://localhost:8000/meetups/invitations/{seat.token}/" in text
    invitations.accept(seat=seat, member=person(), now=timezone.now())
    assert sent("organiser_answered")[0][0] == "Bo said yes to R&D <Circle>"


def test_refusal_is_told() -> None:
    seat = invitations.invite(application=ApplicationFactory(), name="Bo", email="bo@example.org", now=timezone.now())
    invitations.decline(seat=seat, now=timezone.now())
    [(subject, text)] = sent("organiser_answered")
    assert subject.startswith("Bo is not an organiser of")
    assert "Perhaps somebody else" in text


def test_cancelled_date_is_told_with_its_reason_and_local_time() -> None:
    event = EventFactory(title=NAME, time_zone="Europe/Lisbon")
    GroupMembershipFactory(group=event.group, member=person())
    events.cancel_event(event=event, reason="Flood & storm", now=timezone.now())
    [(subject, text)] = sent("event_cancelled")
    assert subject == "Cancelled: R&D <Circle>"
    assert "Flood & storm" in text
    assert f"{event.starts_local:%Y-%m-%d %H:%M} (Europe/Lisbon)" in text
