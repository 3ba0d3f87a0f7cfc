"""Mails of a decision wait, can be stopped, and can be let go after all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import Application, ApplicationComment, ForumCategory, Group, GroupMove
from meetups.services import recall
from meetups.services.applications import Words, move
from meetups.services.life import move_group
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import GroupFactory, InterestFactory, approvable
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
KINDS = ["application_approved", "application_approved", "group_started"]


@pytest.fixture(autouse=True)
def delay(settings) -> None:  # type: ignore[no-untyped-def]
    settings.DECISION_DELAY = timedelta(minutes=15)


@pytest.fixture
def approved(lead: User) -> Application:
    application = approvable()
    InterestFactory(place=application.place)
    return move(application=application, to="approved", actor=lead, now=timezone.now())


def group_of(application: Application) -> Group:
    return Group.objects.get(application=application)


def test_mails_of_a_decision_wait_a_quarter_of_an_hour(approved: Application) -> None:
    assert sorted(Message.objects.values_list("kind", flat=True)) == KINDS
    now = timezone.now()
    for message in Message.objects.all():
        assert message.next_try_at is not None
        assert message.next_try_at > now + timedelta(minutes=14)
        assert not mail.send(message, now=now)
        assert mail.send(message, now=now + timedelta(minutes=16))
    assert ForumCategory.objects.get().next_try_at is not None


def test_stopped_mails_never_go_and_the_group_is_out_of_sight(
    approved: Application, lead: User, client: Client
) -> None:
    page = group_of(approved).get_absolute_url()
    assert client.get(page).status_code == 200
    assert recall.standing(approved).can_stop
    assert recall.stop(application=approved, actor=lead, reason="Wrong one.", now=timezone.now()) == 3
    for message in Message.objects.all():
        assert (message.state, message.error) == ("failed", f"stopped by {lead}")
        assert not mail.send(message, now=timezone.now() + timedelta(hours=1))
    approved.refresh_from_db()
    group = group_of(approved)
    assert (approved.state, group.state, group.state_before) == ("approved", "suspended", "onboarding")
    assert client.get(page).status_code == 404
    assert ForumCategory.objects.get().state == "failed"
    assert not group.series.filter(is_paused=False).exists()
    assert "Wrong one." in GroupMove.objects.get(group=group).reason
    comment = ApplicationComment.objects.get()
    assert (comment.is_public, comment.author) == (False, lead)


def test_letting_go_sends_and_brings_the_group_back(approved: Application, lead: User) -> None:
    recall.stop(application=approved, actor=lead, reason="Hm.", now=timezone.now())
    assert recall.standing(approved).is_stopped
    assert recall.release(application=approved, actor=lead, now=timezone.now()) == 3
    for message in Message.objects.all():
        assert mail.send(message, now=timezone.now())
    assert group_of(approved).state == "onboarding"
    assert group_of(approved).series.filter(is_paused=False).exists()
    assert ForumCategory.objects.get().state == "waiting"
    with pytest.raises(MoveRefused, match="No mail"):
        recall.release(application=approved, actor=lead, now=timezone.now())


def test_too_late_once_one_mail_is_out(approved: Application, lead: User) -> None:
    first = Message.objects.order_by("pk").first()
    assert first is not None
    assert mail.send(first, now=timezone.now() + timedelta(minutes=16))
    with pytest.raises(MoveRefused, match="Too late"):
        recall.stop(application=approved, actor=lead, reason="x", now=timezone.now())
    assert Message.objects.filter(state="waiting").count() == 2
    assert group_of(approved).state == "onboarding"


def test_stopping_an_approval_gives_the_entry_elsewhere_back(lead: User) -> None:
    entry = GroupFactory(kind="external", external_url="https://a.example/x")
    application = approvable(community=entry)
    move(application=application, to="approved", actor=lead, now=timezone.now())
    recall.stop(application=application, actor=lead, reason="x", now=timezone.now())
    entry.refresh_from_db()
    assert (entry.state, entry.became) == ("active", None)


def test_decline_is_stopped_without_touching_anything_else(lead: User) -> None:
    application = approvable()
    words = Words(public_note="No.", reason="other")
    move(application=application, to="declined", actor=lead, now=timezone.now(), words=words)
    assert recall.stop(application=application, actor=lead, reason="x", now=timezone.now()) == 2
    application.refresh_from_db()
    assert application.state == "declined"


def test_other_mails_of_the_application_are_left_alone(approved: Application, lead: User) -> None:
    mail.queue(kind="organiser_invited", about=f"application:{approved.public_id}", address="a@example.org")
    recall.stop(application=approved, actor=lead, reason="x", now=timezone.now())
    assert Message.objects.get(kind="organiser_invited").state == "waiting"


def path(application: Application, verb: str) -> str:
    return f"/admin/meetups/application/{application.pk}/{verb}-mails/"


def test_only_a_lead_who_is_not_named_stops_by_post(
    approved: Application, lead: User, reviewer: User, stranger: Member, client: Client
) -> None:
    for who in (stranger.user, reviewer):
        client.force_login(who)
        client.post(path(approved, "stop"), {"reason": "x"})
    named = approved.applicant.user
    assert named is not None
    with pytest.raises(MoveRefused, match="Only a lead"):
        recall.stop(application=approved, actor=named, reason="x", now=timezone.now())
    client.force_login(lead)
    assert "Stop the mails" in client.get(f"/admin/meetups/application/{approved.pk}/change/").content.decode()
    client.get(path(approved, "stop"))
    assert Message.objects.filter(state="waiting").count() == 3
    client.post(path(approved, "stop"), {"reason": "Wrong one."})
    assert Message.objects.filter(state="failed").count() == 3
    assert "were stopped" in client.get(f"/admin/meetups/application/{approved.pk}/change/").content.decode()
    client.post(path(approved, "release"))
    assert Message.objects.filter(state="waiting").count() == 3


def test_letting_go_never_lifts_a_suspension_of_its_own(approved: Application, lead: User) -> None:
    """The team suspended the group meanwhile, for what was reported: that is another decision."""
    group = group_of(approved)
    keeper = UserFactory(is_staff=True, is_superuser=True)
    move_group(group=group, to="suspended", actor=keeper, now=timezone.now(), reason="A report")
    recall.stop(application=approved, actor=lead, reason="x", now=timezone.now())
    with pytest.raises(MoveRefused, match="another reason"):
        recall.release(application=approved, actor=lead, now=timezone.now())
    assert group_of(approved).state == "suspended"
    assert not Message.objects.filter(about=f"application:{approved.public_id}", state="waiting").exists()
    move_group(group=group, to="onboarding", actor=keeper, now=timezone.now(), reason="Nothing in it")
    assert recall.release(application=approved, actor=lead, now=timezone.now()) == 3


def test_stopping_calls_the_category_off_also_where_the_group_is_suspended(lead: User) -> None:
    entry = GroupFactory(kind="external", external_url="https://a.example/x", state="quiet")
    application = approvable(community=entry)
    move(application=application, to="approved", actor=lead, now=timezone.now())
    keeper = UserFactory(is_staff=True, is_superuser=True)
    group = group_of(application)
    move_group(group=group, to="suspended", actor=keeper, now=timezone.now(), reason="A report")
    recall.stop(application=application, actor=lead, reason="x", now=timezone.now())
    assert ForumCategory.objects.get().state == "failed"
    entry.refresh_from_db()
    # As it was before the approval, not awake.
    assert (entry.state, entry.became) == ("quiet", None)
    assert group.moves.filter(to_state="suspended").count() == 1
