"""Sent on to a group or to another application, with a seat as organiser offered there."""

import pytest
from django.core import mail as outbox
from django.utils import timezone

from meetups.forms.moves import RedirectForm
from meetups.models import Application, ApplicationOrganiser, Group, OrganiserRequest
from meetups.services import seat_offers
from meetups.services.applications import Words, move
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import GroupFactory, OrganiserFactory, application_in

pytestmark = pytest.mark.django_db


def sent_on(target: Group | Application | None, actor: User, **values: object) -> Application:
    application = application_in("in_review", **values)
    return move(application=application, to="redirected", actor=actor, now=timezone.now(), words=Words(target=target))


def ask(application: Application, member: Member) -> bool:
    return seat_offers.ask_for_seat(application=application, member=member, note="Let us join", now=timezone.now())


def test_target_is_kept_and_told(reviewer: User) -> None:
    group, other = GroupFactory(name="Old Circle"), application_in("submitted", group_name="R&D <Circle>")
    to_group = sent_on(group, reviewer)
    assert (to_group.redirected_to, to_group.redirected_to_application) == (group, None)
    to_other = sent_on(other, reviewer)
    assert (to_other.redirected_to, to_other.redirected_to_application) == (None, other)
    for message in Message.objects.filter(kind="application_redirected"):
        assert mail.send(message, now=timezone.now())
    bodies = [str(each.body) for each in outbox.outbox]
    assert len(bodies) == 4
    assert sum("Old Circle" in body and "/meetups/groups/old-circle/" in body for body in bodies) == 2
    assert sum("R&D <Circle>" in body and f"/meetups/applications/?text={other.pk}" in body for body in bodies) == 2
    assert all("A seat as organiser is yours to ask for" in body for body in bodies)
    assert not any(str(other.public_id) in body for body in bodies)


def test_nowhere_and_itself_and_closed_ones_are_no_target(reviewer: User) -> None:
    application = application_in("in_review")
    suspended = GroupFactory(state=Group.State.SUSPENDED)
    for target in (None, application, application_in("declined"), application_in("draft"), suspended):
        with pytest.raises(MoveRefused, match="Choose"):
            move(
                application=application, to="redirected", actor=reviewer, now=timezone.now(), words=Words(target=target)
            )


def test_form_knows_groups_and_applications_by_address_and_number() -> None:
    group, other = GroupFactory(name="Old Circle"), application_in("submitted")
    draft = application_in("draft")

    def cleaned(text: str) -> object:
        form = RedirectForm({"target": text})
        return form.cleaned_data["target"] if form.is_valid() else None

    for text in ("old-circle", "/meetups/groups/old-circle/", "https://x.example/meetups/groups/old-circle/"):
        assert cleaned(text) == group
    for text in (
        f"#{other.pk}",
        str(other.pk),
        f"https://x.example/meetups/applications/?text={other.pk}",
        f"https://x.example/meetups/applications/{other.public_id}/",
    ):
        assert cleaned(text) == other
    for text in ("nothing", "#0", "https://", f"#{draft.pk}", str(draft.public_id), "#99999999999999", "https://[x"):
        assert cleaned(text) is None


def test_seat_in_a_group_is_asked_for_once(reviewer: User) -> None:
    group = GroupFactory()
    OrganiserFactory(group=group)
    application = sent_on(group, reviewer)
    for seat in application.organisers.all():
        assert [ask(application, seat.member), ask(application, seat.member)] == [True, False]
    requests = OrganiserRequest.objects.filter(group=group)
    assert {row.member for row in requests} == {seat.member for seat in application.organisers.all()}
    assert {(row.state, row.note) for row in requests} == {("waiting", "Let us join")}


def test_only_its_organisers_may_ask_and_only_after_a_redirect(reviewer: User, stranger: Member) -> None:
    application = sent_on(GroupFactory(), reviewer)
    with pytest.raises(MoveRefused, match="were offered"):
        ask(application, stranger)
    declined = application_in("declined")
    with pytest.raises(MoveRefused, match="not sent on"):
        ask(declined, declined.applicant)
    assert not OrganiserRequest.objects.exists()


def test_seat_in_an_application_is_a_question_to_its_applicant_and_an_invitation(
    signed_in, reviewer: User, stranger: Member
) -> None:
    target = application_in("in_review")
    application = sent_on(target, reviewer)
    asker = application.applicant
    own = application.get_absolute_url()
    client = signed_in(asker)
    assert "Ask to organise there" in client.get(own).content.decode()
    assert not Message.objects.filter(kind="seat_asked").exists()
    for _ in range(2):
        client.post(f"{own}ask-seat/", {"note": "Let us join"})
    [message] = Message.objects.filter(kind="seat_asked")
    assert message.address == target.applicant.user.email
    assert "You asked for a seat there" in client.get(own).content.decode()
    seat = application.organisers.get(member=asker)
    address = f"{target.get_absolute_url()}asked/{seat.pk}/"
    assert message.context["url"].endswith(address)
    for other in (stranger, asker, reviewer):
        assert signed_in(other).post(address).status_code == 404
    client = signed_in(target.applicant)
    assert seat.name in client.get(address).content.decode()
    assert target.organisers.count() == 2
    assert client.post(address).status_code == 302
    invited = ApplicationOrganiser.objects.get(application=target, email=asker.user.email.lower())
    assert (invited.member, invited.is_waiting) == (None, True)
    assert "belongs to an organiser of this application already" in client.post(address).content.decode()


def test_nobody_is_shown_who_did_not_ask(signed_in, reviewer: User) -> None:
    target = application_in("in_review")
    application = sent_on(target, reviewer)
    unrelated = application_in("submitted").organisers.first()
    client = signed_in(target.applicant)
    for seat in (application.organisers.first(), unrelated):
        assert client.get(f"{target.get_absolute_url()}asked/{seat.pk}/").status_code == 404


def test_asking_is_by_post_and_for_organisers(signed_in, reviewer: User, stranger: Member) -> None:
    application = sent_on(GroupFactory(), reviewer)
    address = f"{application.get_absolute_url()}ask-seat/"
    assert signed_in(stranger).post(address).status_code == 404
    assert signed_in(application.applicant).get(address).status_code == 405
    assert not OrganiserRequest.objects.exists()
