"""Two at the same moment: a yes and a no, the daily look twice, falling asleep while a date is published."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from meetups.models import Application, Group, GroupMove, Organiser, OrganiserRequest
from meetups.services import events, life, organiser_requests, seat_offers
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import NOW, EventFactory, GroupFactory, OrganiserFactory, application_in, person

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


def together(*acts: Callable[[], object]) -> list[str]:
    """What came of each: the word "done", or which rule said no."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            act()
            outcomes.append("done")
        except MoveRefused as refusal:
            outcomes.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


def test_two_organisers_answer_one_question_once() -> None:
    group = GroupFactory()
    first, second = OrganiserFactory(group=group).member.user, OrganiserFactory(group=group).member.user
    asked = organiser_requests.ask_to_organise(group=group, member=person(), note="Me", now=NOW)
    outcomes = together(
        lambda: organiser_requests.answer(request=asked, accepts=True, by=first, now=NOW),
        lambda: organiser_requests.answer(request=asked, accepts=True, by=second, now=NOW),
    )
    assert outcomes == ["done", "state"]
    assert Organiser.objects.filter(member=asked.member).count() == 1
    assert Message.objects.filter(kind="organiser_request_answered").count() == 1


def test_two_daily_looks_take_one_step() -> None:
    group = GroupFactory(
        founded_at=NOW - 90 * DAY, next_state="quiet", announced_at=NOW - 14 * DAY, members_told_at=NOW - 7 * DAY
    )
    OrganiserFactory(group=group)
    look = lambda: life.look_after(group=group, now=NOW)  # noqa: E731
    assert together(look, look) == ["done", "done"]
    assert GroupMove.objects.count() == 1
    # The second one has gone on to announce what comes after it only when that is due, which it is not.
    group.refresh_from_db()
    assert (group.state, group.next_state) == ("quiet", "")


def test_date_published_while_a_group_falls_asleep_leaves_it_awake() -> None:
    group = GroupFactory(
        founded_at=NOW - 90 * DAY, next_state="quiet", announced_at=NOW - 14 * DAY, members_told_at=NOW - 7 * DAY
    )
    draft = EventFactory(group=group, state="draft", starts_at=NOW + 9 * DAY)
    together(
        lambda: life.look_after(group=group, now=NOW),
        lambda: events.publish_event(event=draft, now=NOW),
    )
    group.refresh_from_db()
    assert (group.state, group.next_state) == (Group.State.ACTIVE, "")


def _holding(member: Member, act: Callable[[], object], row: QuerySet) -> None:
    """While another transaction holds the person, `act` waits for them, and has not taken the row before."""
    outcome: list[object] = []

    def run() -> None:
        try:
            outcome.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        thread.start()
        thread.join(timeout=0.4)
        assert thread.is_alive()
        row.select_for_update(nowait=True).get()
    thread.join(timeout=10)
    assert len(outcome) == 1


@pytest.mark.parametrize("verb", [organiser_requests.ask_to_organise, organiser_requests.step_up])
def test_who_asks_to_run_a_group_is_locked_before_the_group(verb: Callable[..., object]) -> None:
    group, member = GroupFactory(state="dormant"), person()
    _holding(member, lambda: verb(group=group, member=member, note="Me", now=NOW), Group.objects.filter(pk=group.pk))
    assert OrganiserRequest.objects.filter(member=member).count() == 1


def test_who_asks_for_a_seat_is_locked_before_the_application() -> None:
    """As whoever invites or asks a host does, so that the two never wait for each other."""
    application = application_in("redirected", redirected_to=GroupFactory())
    member, rows = application.applicant, Application.objects.filter(pk=application.pk)
    ask = lambda: seat_offers.ask_for_seat(application=application, member=member, note="", now=NOW)  # noqa: E731
    _holding(member, ask, rows)
    assert OrganiserRequest.objects.filter(member=member).count() == 1
