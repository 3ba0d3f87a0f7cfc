"""Two at the same moment: a yes and a no, the daily look twice, falling asleep while a date is published."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from meetups.models import Group, GroupMove, Organiser
from meetups.services import events, life, organiser_requests
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.meetups.factories import NOW, EventFactory, GroupFactory, OrganiserFactory, person

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
