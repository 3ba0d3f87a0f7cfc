"""The conversation: who writes what to whom, who reads it, and how often."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, transaction
from django.utils import timezone

from meetups.models import Application, ApplicationComment
from meetups.services.conversation import MOST_AN_HOUR, comment
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import allow, application_in, seat_of

pytestmark = pytest.mark.django_db


def say(
    application: Application, author: User, text: str = "Hello", *, public: bool = True, ago: int = 0
) -> ApplicationComment:
    now = timezone.now() - timedelta(minutes=ago)
    return comment(application=application, author=author, text=text, is_public=public, now=now)


def test_line_of_the_team_is_mailed_to_every_organiser(submitted: Application, reviewer: User) -> None:
    line = say(submitted, reviewer, "  Which room?  ")
    assert (line.text, line.is_public, line.is_from_team) == ("Which room?", True, True)
    messages = Message.objects.filter(kind="application_comment")
    assert {one.address for one in messages} == set(submitted.organisers.values_list("email", flat=True))
    assert mail.send(messages[0], now=timezone.now())
    [letter] = outbox.outbox
    assert letter.subject == f"{submitted}: a line from the team"
    assert "Which room?" in letter.body
    assert f"http://localhost:8000{submitted.get_absolute_url()}" in letter.body


def test_note_for_the_team_is_mailed_to_nobody(submitted: Application, reviewer: User) -> None:
    line = say(submitted, reviewer, public=False)
    assert (line.is_public, line.is_from_team) == (False, True)
    assert not Message.objects.exists()


def test_line_of_an_organiser_is_mailed_to_the_reviewer(reviewer: User) -> None:
    application = application_in("in_review", assignee=reviewer)
    line = say(application, application.applicant.user)
    assert (line.is_public, line.is_from_team) == (True, False)
    [message] = Message.objects.filter(kind="application_comment")
    assert message.address == reviewer.email
    assert message.context["url"].endswith(f"/admin/meetups/application/{application.pk}/change/")


def test_line_of_an_organiser_goes_to_the_team_while_nobody_claimed_it(submitted: Application) -> None:
    say(submitted, submitted.applicant.user)
    assert [one.recipient_key for one in Message.objects.filter(kind="application_comment")] == ["team"]


def test_organisers_write_no_notes_for_the_team(submitted: Application) -> None:
    with pytest.raises(MoveRefused, match="written by the team"):
        say(submitted, submitted.applicant.user, public=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        submitted.comments.create(author=submitted.applicant.user, text="x", is_public=False)


def test_strangers_and_the_invited_write_nothing(submitted: Application, stranger: Member) -> None:
    seat = seat_of(submitted, email=stranger.user.email)
    assert seat.member is None
    for public in (True, False):
        with pytest.raises(MoveRefused, match="no part") as refusal:
            say(submitted, stranger.user, public=public)
        assert refusal.value.reason == "actor"


def test_reviewer_named_in_the_application_is_an_organiser_there(submitted: Application) -> None:
    own = allow(submitted.applicant.user, "review_application")
    assert say(submitted, own).is_from_team is False
    with pytest.raises(MoveRefused, match="written by the team"):
        say(submitted, own, public=False)


@pytest.mark.parametrize("state", ["approved", "declined", "redirected", "withdrawn"])
def test_decided_applications_take_notes_only(state: str, reviewer: User) -> None:
    application = application_in(state, submitted_at=timezone.now())
    with pytest.raises(MoveRefused, match="decided"):
        say(application, reviewer)
    assert say(application, reviewer, public=False).text == "Hello"


def test_drafts_are_their_organisers_own(reviewer: User) -> None:
    draft = application_in("draft")
    for author, public in ((reviewer, False), (draft.applicant.user, True)):
        with pytest.raises(MoveRefused, match="not sent in"):
            say(draft, author, public=public)


@pytest.mark.parametrize(("text", "words"), [("  \n ", "Write something"), ("x" * 5001, "too long")])
def test_empty_and_endless_lines_are_refused(text: str, words: str, submitted: Application, reviewer: User) -> None:
    with pytest.raises(MoveRefused, match=words):
        say(submitted, reviewer, text)


def test_public_lines_are_limited_by_the_hour_and_notes_are_not(submitted: Application, reviewer: User) -> None:
    for _ in range(MOST_AN_HOUR):
        say(submitted, reviewer)
    with pytest.raises(MoveRefused, match="a lot for one hour"):
        say(submitted, reviewer)
    say(submitted, reviewer, public=False)
    say(submitted, submitted.applicant.user)


def test_lines_of_an_hour_ago_are_forgiven(submitted: Application, reviewer: User) -> None:
    for _ in range(MOST_AN_HOUR):
        say(submitted, reviewer, ago=61)
    assert say(submitted, reviewer).is_public
