"""The one function that moves an application: who, from where, with what, and what follows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetups.models import Application, ApplicationEvent, Group
from meetups.services.applications import Words, move
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User
from tests.meetups.factories import ApplicationFactory, application_in, person, ready_application, seat_of

pytestmark = pytest.mark.django_db
State = Application.State


def go(application: Application, to: str, actor: User | None, **kwargs: object) -> Application:
    return move(application=application, to=to, actor=actor, now=timezone.now(), **kwargs)  # type: ignore[arg-type]


def test_submitting_freezes_a_revision_promises_an_answer_and_mails_organisers_and_team() -> None:
    application = ready_application()
    sent = go(application, State.SUBMITTED, application.applicant.user)
    assert (sent.state, sent.revision) == ("submitted", 1)
    assert sent.answer_by_on == timezone.localdate() + timedelta(days=10)
    event = ApplicationEvent.objects.get()
    assert (event.from_state, event.to_state, event.actor, event.revision) == (
        "draft",
        "submitted",
        application.applicant.user,
        1,
    )
    assert sorted(Message.objects.values_list("kind", flat=True)) == [
        "application_received",
        "application_received",
        "application_waiting",
    ]


def test_submitting_needs_two_accepted_organisers() -> None:
    application = ApplicationFactory()
    seat_of(application)  # invited, has not answered
    with pytest.raises(MoveRefused, match="Two organisers must have accepted"):
        go(application, State.SUBMITTED, application.applicant.user)
    application.refresh_from_db()
    assert application.state == "draft"
    assert not ApplicationEvent.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("group_name", "", "name"),
        ("place", None, "town"),
        ("venue_kind", "", "kind of room"),
        ("venue_name", "", "Name the room"),
        ("launch_on", None, "date"),
        ("launch_time", None, "first meetup starts"),
        ("slot_ordinal", None, "day of each month"),
        ("slot_time", None, "monthly meetup starts"),
        ("time_zone", "", "time zone"),
        ("agreed_at", None, "Code of Conduct"),
    ],
)
def test_submitting_needs_each_answer(field: str, value: object, words: str) -> None:
    application = ready_application(**{field: value})
    with pytest.raises(MoveRefused, match=words):
        go(application, State.SUBMITTED, application.applicant.user)


def test_submitting_an_online_group_needs_reach_and_platform_instead_of_town_and_room() -> None:
    application = ready_application(
        kind="online",
        place=None,
        venue_kind="",
        venue_name="",
        time_zones_served="Americas",
        platform="",
        platform_account="Ana",
    )
    with pytest.raises(MoveRefused, match="platform"):
        go(application, State.SUBMITTED, application.applicant.user)
    Application.objects.update(platform="Jitsi")
    assert go(application, State.SUBMITTED, application.applicant.user).state == "submitted"


def test_second_open_application_for_a_place_is_refused_with_a_sentence() -> None:
    first = application_in("submitted")
    second = ready_application(place=first.place)
    with pytest.raises(MoveRefused, match="Another application for"):
        go(second, State.SUBMITTED, second.applicant.user)
    second.refresh_from_db()
    assert second.state == "draft"


def test_expected_state_that_is_gone_is_refused(lead: User) -> None:
    application = application_in("declined")
    with pytest.raises(MoveRefused, match="Somebody was faster") as refusal:
        go(application, State.APPROVED, lead, expected="in_review")
    assert refusal.value.reason == "state"


@pytest.mark.parametrize("to", [State.IN_REVIEW, State.CHANGES_REQUESTED, State.ON_HOLD, State.REDIRECTED])
def test_reviewing_is_for_reviewers(to: str, submitted: Application, stranger: Member) -> None:
    words = Words(public_note="x", private_note="y", review_by_on=timezone.localdate() + timedelta(days=3), target=None)
    for actor in (stranger.user, submitted.applicant.user, None):
        if to == State.CHANGES_REQUESTED and actor is None:
            continue  # the system may, when an organiser leaves
        with pytest.raises(MoveRefused) as refusal:
            go(submitted, to, actor, words=words)
        assert refusal.value.reason == "actor"


@pytest.mark.parametrize("to", [State.APPROVED, State.DECLINED])
def test_deciding_is_for_leads(to: str, reviewer: User, stranger: Member) -> None:
    application = application_in("in_review")
    for actor in (stranger.user, application.applicant.user, reviewer, None):
        with pytest.raises(MoveRefused) as refusal:
            go(application, to, actor, words=Words(reason="other", public_note="Sorry"))
        assert refusal.value.reason == "actor"


def test_lead_named_in_the_application_may_not_decide_it(lead: User) -> None:
    application = application_in("in_review")
    seat = seat_of(application, person())
    seat.member.user.user_permissions.set(lead.user_permissions.all())
    for to in (State.APPROVED, State.DECLINED):
        with pytest.raises(MoveRefused, match="somebody else has to decide"):
            go(application, to, User.objects.get(pk=seat.member.user.pk), words=Words(reason="other", public_note="x"))
    assert not Group.objects.exclude(pk=application.group_id).exists()


def test_claiming_makes_the_reviewer_responsible(submitted: Application, reviewer: User) -> None:
    assert go(submitted, State.IN_REVIEW, reviewer).assignee == reviewer


def test_asking_for_changes_needs_words_and_mails_them_with_links(submitted: Application, reviewer: User) -> None:
    with pytest.raises(MoveRefused, match="what you ask for"):
        go(submitted, State.CHANGES_REQUESTED, reviewer)
    words = Words(public_note="Which room?", private_note="looks like a pub", criteria=["room"])
    assert go(submitted, State.CHANGES_REQUESTED, reviewer, words=words).state == "changes_requested"
    messages = Message.objects.filter(kind="application_changes")
    assert messages.count() == 2
    context = messages[0].context
    assert context["note"] == "Which room?"
    assert context["parts"][0]["url"].endswith(f"/meetups/applications/{submitted.public_id}/room/")
    assert "pub" not in str(context)


def test_sending_again_counts_the_revision_up_and_keeps_the_reviewer(reviewer: User) -> None:
    application = application_in("changes_requested", assignee=reviewer)
    again = go(application, State.SUBMITTED, application.applicant.user)
    assert (again.revision, again.assignee) == (2, reviewer)


def test_hold_needs_a_reason_and_a_day(submitted: Application, reviewer: User) -> None:
    day = timezone.localdate() + timedelta(days=14)
    for words in (Words(private_note="waits"), Words(review_by_on=day)):
        with pytest.raises(MoveRefused, match="hold needs"):
            go(submitted, State.ON_HOLD, reviewer, words=words)
    held = go(submitted, State.ON_HOLD, reviewer, words=Words(private_note="waits", review_by_on=day))
    assert held.review_by_on == day
    assert not Message.objects.exists()


def test_decline_needs_reason_and_words_and_tells_the_organisers(submitted: Application, lead: User) -> None:
    with pytest.raises(MoveRefused, match="decline needs"):
        go(submitted, State.DECLINED, lead, words=Words(reason="covered"))
    declined = go(submitted, State.DECLINED, lead, words=Words(reason="covered", public_note="Join them instead."))
    assert (declined.decided_by, declined.decline_reason) == (lead, "covered")
    assert declined.decided_at is not None
    message = Message.objects.filter(kind="application_declined").first()
    assert message is not None
    assert (message.context["reason"], message.context["note"]) == (
        "the place has a group already",
        "Join them instead.",
    )


def test_redirect_names_the_group(submitted: Application, reviewer: User, group: Group) -> None:
    with pytest.raises(MoveRefused, match="Choose the group"):
        go(submitted, State.REDIRECTED, reviewer)
    assert go(submitted, State.REDIRECTED, reviewer, words=Words(target=group)).redirected_to == group


@pytest.mark.parametrize("state", ["draft", "submitted", "in_review", "changes_requested", "on_hold"])
def test_withdrawing_is_for_the_organisers_from_every_open_state(state: str, stranger: Member) -> None:
    application = application_in(state)
    with pytest.raises(MoveRefused):
        go(application, State.WITHDRAWN, stranger.user)
    assert go(application, State.WITHDRAWN, application.applicant.user).state == "withdrawn"


def test_lapsing_is_for_the_system_alone() -> None:
    application = application_in("changes_requested")
    with pytest.raises(MoveRefused):
        go(application, State.LAPSED, application.applicant.user)
    assert go(application, State.LAPSED, None).state == "lapsed"


def test_private_note_stays_out_of_every_mail(submitted: Application, lead: User) -> None:
    words = Words(reason="other", public_note="Thank you.", private_note="SECRET")
    go(submitted, State.DECLINED, lead, words=words)
    assert ApplicationEvent.objects.get().private_note == "SECRET"
    assert "SECRET" not in str(list(Message.objects.values_list("context", flat=True)))


def test_hold_until_a_day_that_is_over_and_a_decline_for_no_known_reason_are_refused(
    submitted: Application, reviewer: User, lead: User
) -> None:
    past = timezone.localdate() - timedelta(days=2)
    with pytest.raises(MoveRefused, match="still to come"):
        go(submitted, State.ON_HOLD, reviewer, words=Words(private_note="waits", review_by_on=past))
    with pytest.raises(MoveRefused, match="decline needs"):
        go(submitted, State.DECLINED, lead, words=Words(reason="because", public_note="x"))
