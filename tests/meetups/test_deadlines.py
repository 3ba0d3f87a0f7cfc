"""What the clock does: reminders once, lapsing, the end of a hold, overdue answers; twice, late and after a gap."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.utils import timezone

from meetups import deadlines as rules
from meetups.models import Application, ApplicationEvent
from meetups.services import deadlines
from meetups.tasks.deadlines import deadlines as run_task
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import User
from tests.meetups.factories import application_in, ready_application

NOW = datetime(2026, 11, 24, 5, 20, tzinfo=UTC)


def tick(now: datetime = NOW) -> int:
    return sum(verb(pk=pk, now=now) for verb, pk in deadlines.due(now))


def lying(state: str, days: float, **values: object) -> Application:
    since = NOW - timedelta(days=days)
    return application_in(state, changed_at=since, state_since=since, **values)


def reminded() -> list[int]:
    return sorted({message.context["days"] for message in Message.objects.filter(kind="application_reminder")})


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (6.9, 0), (7, 7), (20, 7), (21, 21), (39.9, 21), (40, 40), (60, 40)]
)
def test_newest_reminder_counts(days: float, expected: int) -> None:
    since = NOW - timedelta(days=days)
    assert rules.reminder_due("draft", idle_since=since, now=NOW) == expected
    assert rules.reminder_due("submitted", idle_since=since, now=NOW) == 0


@pytest.mark.parametrize(("state", "limit"), [("draft", 90), ("changes_requested", 45)])
def test_limits_of_silence(state: str, limit: int) -> None:
    def lapsed(days: float) -> bool:
        return rules.has_lapsed(state, idle_since=NOW - timedelta(days=days), now=NOW)

    assert (lapsed(limit - 0.1), lapsed(limit)) == (False, True)
    assert not rules.has_lapsed("in_review", idle_since=NOW - timedelta(days=999), now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "limit"), [("draft", 90), ("changes_requested", 45)])
def test_lapses_on_its_day_and_not_before(state: str, limit: int) -> None:
    early, late = lying(state, limit - 0.5), lying(state, limit)
    tick()
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.state, late.state) == (state, "lapsed")
    event = ApplicationEvent.objects.get()
    assert (event.application, event.from_state, event.to_state, event.actor) == (late, state, "lapsed", None)
    assert Message.objects.filter(kind="application_lapsed").count() == 2
    assert tick() == 0


@pytest.mark.django_db
def test_draft_that_was_written_in_yesterday_lives() -> None:
    application = application_in("draft", changed_at=NOW - timedelta(days=1), state_since=NOW - timedelta(days=200))
    assert tick() == 0
    application.refresh_from_db()
    assert application.state == "draft"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["draft", "changes_requested"])
def test_reminders_come_once_each_and_only_the_newest_after_a_gap(state: str) -> None:
    lying(state, 8)
    assert (tick(), tick()) == (1, 0)
    assert reminded() == [7]
    tick(NOW + timedelta(days=33))  # day 41: 21 was slept through
    assert reminded() == [7, 40]
    assert tick(NOW + timedelta(days=34)) == 0
    assert Message.objects.filter(kind="application_reminder").count() == 4  # two organisers


@pytest.mark.django_db
def test_changes_asked_for_a_second_time_are_reminded_of_again() -> None:
    application = lying("changes_requested", 30)
    tick()
    Application.objects.filter(pk=application.pk).update(state_since=NOW - timedelta(days=8))
    assert tick() == 1
    assert reminded() == [7, 21]


@pytest.mark.django_db
def test_reminder_says_where_to_go_on_and_when_it_lapses() -> None:
    application = lying("changes_requested", 7, group_name="R&D <Circle>")
    tick()
    for message in Message.objects.filter(kind="application_reminder"):
        assert mail.send(message, now=timezone.now())
    assert outbox.outbox[0].subject == "R&D <Circle> waits for you"
    assert f"http://localhost:8000/meetups/applications/{application.public_id}/check/" in outbox.outbox[0].body
    assert "it lapses on 2027-01-01" in outbox.outbox[0].body


@pytest.mark.django_db
def test_hold_ends_on_its_day_by_the_system_and_the_reviewer_hears(reviewer: User) -> None:
    today = NOW.date()
    due = application_in("on_hold", review_by_on=today, assignee=reviewer)
    later = application_in("on_hold", review_by_on=today + timedelta(days=1), assignee=reviewer)
    assert (tick(), tick()) == (1, 0)
    due.refresh_from_db()
    later.refresh_from_db()
    assert (due.state, due.assignee, due.review_by_on, later.state) == ("in_review", reviewer, None, "on_hold")
    assert due.history.get().actor is None
    [message] = Message.objects.filter(kind="hold_over")
    assert message.address == reviewer.email


@pytest.mark.django_db
def test_hold_of_nobody_is_told_to_the_team() -> None:
    application_in("on_hold", review_by_on=NOW.date() - timedelta(days=9))
    assert tick() == 1
    assert Message.objects.get(kind="hold_over").recipient_key == "team"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["submitted", "in_review"])
def test_overdue_answer_is_told_once_for_each_revision(state: str, reviewer: User) -> None:
    application = application_in(state, answer_by_on=NOW.date() - timedelta(days=1), assignee=reviewer)
    application_in(state, answer_by_on=NOW.date())
    application_in("on_hold", answer_by_on=NOW.date() - timedelta(days=9), review_by_on=NOW.date() + timedelta(days=9))
    assert (tick(), tick()) == (1, 0)
    told = Message.objects.filter(kind="answer_overdue")
    assert sorted(message.recipient_key for message in told) == ["team", f"user:{reviewer.pk}"]
    Application.objects.filter(pk=application.pk).update(revision=2)
    assert tick() == 1


@pytest.mark.django_db
def test_one_row_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    old = timezone.now() - timedelta(days=100)
    first, second = (ready_application(changed_at=old) for _ in range(2))
    move = deadlines.applications.move

    def broken(**kwargs: object) -> Application:
        if kwargs["application"] == first:
            raise RuntimeError
        return move(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(deadlines.applications, "move", broken)
    run_task()
    assert [Application.objects.get(pk=one.pk).state for one in (first, second)] == ["draft", "lapsed"]


@pytest.mark.django_db
def test_applicants_read_until_when(signed_in) -> None:
    application = application_in("changes_requested", state_since=datetime(2026, 11, 1, 12, tzinfo=UTC))
    html = signed_in(application.applicant).get(application.get_absolute_url()).content.decode()
    assert "Please answer by <strong>1 December 2026</strong>" in html
    assert "lapses on 16 December 2026" in html
