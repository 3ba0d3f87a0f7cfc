"""What organisers see of the review of their application: hints, verdicts, changes, asked-for parts, conversation."""

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Application, ApplicationComment, CriterionCheck, CriterionVerdict
from meetups.services.applications import Words, move
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import application_in, ready_application

pytestmark = pytest.mark.django_db


def found(application: Application, criterion: str, outcome: str, **values: object) -> None:
    CriterionCheck.objects.create(
        application=application,
        criterion=criterion,
        outcome=outcome,
        revision=application.revision,
        state="done",
        checked_at=timezone.now(),
        **values,
    )


def read(signed_in, application: Application, who: Member | User | None = None) -> str:
    return signed_in(who or application.applicant).get(application.get_absolute_url()).content.decode()


def test_machine_and_team_are_told_in_kind_words(signed_in, reviewer: User) -> None:
    application = application_in("in_review")
    found(application, "interest", "pass", explanation="Three people write.")
    found(application, "room", "fail", explanation="The address is missing & more.")
    found(
        application,
        "place",
        "warn",
        explanation="SECRET was suspended.",
        evidence={"neighbours": [{"name": "SECRET", "state": "suspended"}]},
    )
    for criterion, verdict in (("interest", "met"), ("launch", "not_met"), ("rhythm", "waived")):
        CriterionVerdict.objects.create(
            application=application, criterion=criterion, verdict=verdict, reason="INTERNAL", revision=1,
            given_by=reviewer,
        )  # fmt: skip
    html = read(signed_in, application)
    for words in (
        "Looks good", "Three people write.", "Something is missing", "The address is missing &amp; more.",
        "Worth a look", "Not looked at yet", "The team: met", "The team: still open", "The team: fine as it is",
    ):  # fmt: skip
        assert words in html
    for words in ("SECRET", "INTERNAL"):
        assert words not in html


def test_asked_parts_are_linked_with_the_day(signed_in, reviewer: User) -> None:
    application = application_in("in_review")
    words = Words(public_note="Which room?", criteria=["room"])
    move(application=application, to="changes_requested", actor=reviewer, now=timezone.now(), words=words)
    html = read(signed_in, application)
    assert f'href="{application.get_absolute_url()}room/"' in html
    assert f'href="{application.get_absolute_url()}launch/"' not in html
    assert "Please answer by" in html


def test_changes_between_two_revisions_are_shown(signed_in, reviewer: User) -> None:
    application = ready_application(venue_name="Old Library")
    user = application.applicant.user
    move(application=application, to="submitted", actor=user, now=timezone.now())
    html = read(signed_in, application)
    assert "Changed since" not in html
    words = Words(public_note="Which room?", criteria=["room"])
    move(application=application, to="changes_requested", actor=reviewer, now=timezone.now(), words=words)
    Application.objects.update(venue_name="New Library")
    move(application=application, to="submitted", actor=user, now=timezone.now())
    html = read(signed_in, application)
    assert "<del>Old Library</del>" in html
    assert "<ins>New Library</ins>" in html


def test_conversation_shows_public_lines_and_takes_new_ones(signed_in, reviewer: User, stranger: Member) -> None:
    application = application_in("in_review", assignee=reviewer)
    for text, is_public in (("Hello <b>", True), ("PRIVATE", False)):
        ApplicationComment.objects.create(
            application=application, author=reviewer, text=text, is_public=is_public, is_from_team=True
        )
    html = read(signed_in, application)
    assert "Hello &lt;b&gt;" in html
    assert "PRIVATE" not in html
    address = f"{application.get_absolute_url()}say/"
    assert signed_in(stranger).post(address, {"text": "Me too"}).status_code == 404
    client = signed_in(application.applicant)
    assert client.get(address).status_code == 405
    assert "Write something first" in client.post(address, {"text": " "}).content.decode()
    response = client.post(address, {"text": "Here we are"})
    assert response["Location"] == f"{application.get_absolute_url()}#conversation"
    line = ApplicationComment.objects.get(text="Here we are")
    assert (line.author, line.is_public, line.is_from_team) == (application.applicant.user, True, False)
    assert Message.objects.filter(address=reviewer.email).exists()
    assert "Here we are" in read(signed_in, application)


def test_draft_and_decided_applications_take_no_lines(signed_in) -> None:
    draft, declined = application_in("draft"), application_in("declined")
    assert "Between you and the team" not in read(signed_in, draft)
    assert "/say/" not in read(signed_in, declined)
    for application in (draft, declined):
        client = signed_in(application.applicant)
        html = client.post(f"{application.get_absolute_url()}say/", {"text": "Kept words"}).content.decode()
        assert "Sent to the team" not in html
    assert not ApplicationComment.objects.exists()


@pytest.mark.parametrize("number", [1, 5])
def test_page_takes_the_same_queries_whatever_was_written(
    number: int, signed_in, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    application = application_in("in_review")
    for _ in range(number):
        found(application, "interest", "pass")
        CriterionVerdict.objects.create(
            application=application, criterion="interest", verdict="met", revision=1, given_by=reviewer
        )
        ApplicationComment.objects.create(
            application=application, author=application.applicant.user, text="Hello", is_public=True
        )
    client = signed_in(application.applicant)
    client.get(application.get_absolute_url())
    with django_assert_num_queries(19):
        client.get(application.get_absolute_url())
