"""The one way a group changes state, and the daily look at all of them."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Group, GroupMove, Organiser
from meetups.services import events, life, organisers, series
from meetups.tasks import life as task
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.meetups.factories import (
    NOW,
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    NeedFactory,
    OrganiserFactory,
    SeriesFactory,
    allow,
    lead,
    person,
)
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def silent(days: int, **values: object) -> Group:
    """A group that met last so many days ago, with an organiser and a member."""
    at = NOW - days * DAY
    group = GroupFactory(founded_at=at - 400 * DAY, last_held_at=at, **values)
    OrganiserFactory(group=group)
    GroupMembershipFactory(group=group, member=person())
    return group


def keeper():
    return allow(UserFactory(is_staff=True), "view_group", "suspend_group")


def look(group: Group, now: datetime) -> str:
    act = life.look_after(group=group, now=now)
    group.refresh_from_db()
    return act.value


def mails() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def test_active_group_falls_quiet_with_every_word_before_it() -> None:
    group = silent(61)
    assert (look(group, NOW), group.next_state, group.announced_at) == ("announce", "quiet", NOW)
    assert mails() == ["group_step_ahead"]
    assert look(group, NOW) == "nothing"
    assert look(group, NOW + 7 * DAY) == "tell_members"
    assert mails() == ["group_step_ahead", "group_step_members"]
    assert look(group, NOW + 13 * DAY) == "nothing"
    assert look(group, NOW + 14 * DAY) == "step"
    assert (group.state, group.state_since, group.next_state) == ("quiet", NOW + 14 * DAY, "")
    assert mails() == ["group_step_ahead", "group_step_members", "group_fell_asleep"]
    [move] = GroupMove.objects.filter(group=group)
    assert (move.from_state, move.to_state, move.actor) == ("active", "quiet", None)
    assert "75 days" in move.reason


def test_life_of_a_silent_group_ends_in_the_archive_and_its_page_stays(client) -> None:
    group = silent(0)
    states = [(day, group.state) for day in range(700) if look(group, NOW + day * DAY) == "step"]
    assert states == [(75, "quiet"), (180, "dormant"), (545, "archived")]
    assert client.get(group.get_absolute_url()).status_code == 200
    assert "Help revive it" in client.get(group.get_absolute_url()).content.decode()


def test_new_group_that_never_meets_is_not_waited_for_for_ever() -> None:
    group = GroupFactory(state="onboarding", founded_at=NOW - 61 * DAY)
    OrganiserFactory(group=group)
    assert look(group, NOW) == "announce"
    look(group, NOW + 7 * DAY)
    assert look(group, NOW + 14 * DAY) == "step"
    assert group.state == "quiet"


def test_where_nobody_runs_it_the_members_hear_at_once() -> None:
    group = silent(61)
    Organiser.objects.all().update(ended_at=NOW)
    assert look(group, NOW) == "tell_members"
    assert (mails(), group.announced_at, group.members_told_at) == (["group_step_members"], NOW, NOW)


@pytest.mark.parametrize("state", ["published", "draft", "cancelled"])
def test_only_a_public_date_to_come_keeps_a_group_awake(state: str) -> None:
    group = silent(61)
    EventFactory(group=group, state=state, starts_at=NOW + 40 * DAY)
    assert look(group, NOW) == ("nothing" if state == "published" else "announce")


def test_date_that_was_public_and_is_over_counts_as_life() -> None:
    group = silent(300)
    EventFactory(group=group, starts_at=NOW - 30 * DAY)
    assert look(group, NOW) == "nothing"


@pytest.mark.parametrize("state", ["quiet", "dormant", "archived"])
def test_organisers_of_a_sleeping_group_make_and_publish_a_date_and_it_wakes(signed_in, state: str) -> None:
    """No deadlock: what is asleep may act, by the same pages as ever."""
    group = silent(600, state=state)
    organiser = group.organisers.get().member
    client = signed_in(organiser)
    assert client.get(f"/meetups/groups/{group.slug}/events/new/").status_code == 200
    event = EventFactory(group=group, state="draft")
    client.post(f"/meetups/events/{event.pk}/publish/")
    group.refresh_from_db()
    assert (group.state, group.moves.get().from_state) == ("active", state)
    # The day after, it has not fallen asleep again, even when that date is called off.
    events.cancel_event(event=event, reason="Flood", now=timezone.now())
    assert look(group, timezone.now() + DAY) == "nothing"


@pytest.mark.parametrize("state", ["quiet", "dormant", "archived"])
def test_held_event_wakes_too(state: str) -> None:
    group = silent(600, state=state)
    event = EventFactory(group=group, starts_at=NOW - DAY)
    events.mark_held(event=event, attended=3, now=NOW)
    group.refresh_from_db()
    assert (group.state, group.last_held_at) == ("active", event.starts_at)


def test_publishing_calls_an_announced_step_off() -> None:
    group = silent(61)
    look(group, NOW)
    event = EventFactory(group=group, state="draft", starts_at=NOW + 5 * DAY)
    events.publish_event(event=event, now=NOW + DAY)
    group.refresh_from_db()
    assert (group.state, group.next_state, group.announced_at, group.members_told_at) == ("active", "", None, None)
    assert not GroupMove.objects.exists()


def test_publishing_a_date_that_is_over_wakes_nobody() -> None:
    group = silent(200, state="quiet")
    events.publish_event(event=EventFactory(group=group, state="draft", starts_at=NOW - 190 * DAY), now=NOW)
    group.refresh_from_db()
    assert (group.state, mails()) == ("quiet", [])


def test_suspended_group_stays_so_whatever_is_marked() -> None:
    group = silent(20, state="suspended")
    events.mark_held(event=EventFactory(group=group, starts_at=NOW - DAY), attended=3, now=NOW)
    group.refresh_from_db()
    assert (group.state, look(group, NOW)) == ("suspended", "nothing")


def test_slot_pauses_in_dormancy_and_goes_on_after_it() -> None:
    group = silent(200, state="dormant")
    slot = SeriesFactory(group=group)
    assert (series.series_to_expand(), series.expand_series(series=slot, now=NOW)) == ([], 0)
    life.wake(group=group, now=NOW, reason="A date")
    slot.refresh_from_db()
    assert series.series_to_expand() == [slot.pk]
    assert series.expand_series(series=slot, now=NOW) == 6


def test_quiet_group_publishes_by_hand_again() -> None:
    """Or a slot that publishes by itself would keep a group alive on paper."""
    slot = SeriesFactory(group=silent(80, state="quiet"), publishes=True)
    series.expand_series(series=slot, now=NOW)
    assert set(slot.events.values_list("state", flat=True)) == {"draft"}


def test_daily_task_does_each_thing_once_and_goes_on_after_a_failure(monkeypatch) -> None:
    now = timezone.now()
    first = GroupFactory(founded_at=now - 61 * DAY)
    OrganiserFactory(group=first)
    OrganiserFactory(group=first)
    broken = GroupFactory(founded_at=now - 61 * DAY)
    OrganiserFactory(group=broken)
    OrganiserFactory(group=broken)
    real = life.look_after

    def fail(*, group: Group, now: datetime):
        if group.pk == broken.pk:
            raise RuntimeError("no")
        return real(group=group, now=now)

    monkeypatch.setattr(life, "look_after", fail)
    task.group_life()
    task.group_life()
    first.refresh_from_db()
    broken.refresh_from_db()
    assert (first.next_state, broken.next_state) == ("quiet", "")
    assert mails() == ["group_step_ahead"] * 2


@pytest.mark.parametrize("broken", [(life, "falling_asleep"), (organisers, "lacking_organisers")])
def test_kind_of_work_that_cannot_be_read_stops_no_other(monkeypatch, broken) -> None:
    lonely = OrganiserFactory(group=GroupFactory(founded_at=timezone.now() - 61 * DAY)).group
    GroupMembershipFactory(group=lonely, member=person())
    silent = GroupFactory(founded_at=timezone.now() - 61 * DAY)
    NeedFactory(group=silent, needed_by_on=timezone.localdate() - 3 * DAY)

    def fail(*_args: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(*broken, fail)
    task.group_life()
    assert silent.needs.get().state == "closed"
    assert ("successor_search" in mails()) == (broken[0] is life)
    assert ("group_step_ahead" in mails()) == (broken[0] is not life)


def test_one_group_without_members_to_ask_stops_no_other_search(monkeypatch) -> None:
    rows = [OrganiserFactory().group for _ in range(2)]
    for group in rows:
        GroupMembershipFactory(group=group, member=person())
    real = organisers.open_successor_search

    def fail(*, group: Group, revision: int) -> bool:
        if group.pk == rows[0].pk:
            raise RuntimeError("no")
        return real(group=group, revision=revision)

    monkeypatch.setattr(organisers, "open_successor_search", fail)
    task.group_life()
    assert mails().count("successor_search") == 1


@pytest.mark.parametrize("number", [1, 5])
def test_looking_at_all_groups_is_one_query(number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(number):
        silent(61)
        silent(10)
    GroupFactory(kind="external", external_url="https://example.org", founded_at=NOW - 900 * DAY)
    with django_assert_num_queries(1):
        assert len(life.falling_asleep(NOW)) == number


def test_suspension_needs_a_reason_and_a_keeper_and_goes_back_to_what_it_was() -> None:
    group, by = silent(80, state="quiet"), keeper()
    for actor in (group.organisers.get().member.user, person().user, allow(UserFactory(is_staff=True), "view_group")):
        with pytest.raises(MoveRefused) as refused:
            life.move_group(group=group, to="suspended", actor=actor, now=NOW, reason="Because")
        assert refused.value.reason == "actor"
    with pytest.raises(MoveRefused, match="Say why"):
        life.move_group(group=group, to="suspended", actor=by, now=NOW, reason=" ")
    assert life.move_group(group=group, to="suspended", actor=by, now=NOW, reason="A report").state_before == "quiet"
    with pytest.raises(MoveRefused, match="what it was before"):
        life.move_group(group=group, to="active", actor=by, now=NOW, reason="Over")
    restored = life.move_group(group=group, to="quiet", actor=lead(), now=NOW, reason="Over")
    assert (restored.state, restored.state_before) == ("quiet", "")
    assert mails() == ["group_suspended", "group_restored"]


def test_keeper_does_not_decide_about_their_own_group() -> None:
    group, by = silent(10), keeper()
    OrganiserFactory(group=group, member=person())
    seat = group.organisers.last()
    seat.member.user = by
    seat.member.save()
    with pytest.raises(MoveRefused, match="somebody else has to decide"):
        life.move_group(group=group, to="suspended", actor=by, now=NOW, reason="Me")


def test_somebody_faster_is_told() -> None:
    group = silent(80, state="quiet")
    with pytest.raises(MoveRefused, match="Somebody was faster"):
        life.move_group(group=group, to="suspended", actor=keeper(), now=NOW, reason="x", expected="active")


def test_organisers_close_their_group_and_members_are_told(signed_in, stranger, other_organiser) -> None:
    group = silent(10)
    url = f"/meetups/groups/{group.slug}/close/"
    for who in (stranger, other_organiser):
        assert signed_in(who).post(url, {"reason": "x"}).status_code == 403
    client = signed_in(group.organisers.get().member)
    assert client.get(url).status_code == 200
    assert "Say why" in client.post(url, {"reason": ""}).content.decode()
    group.refresh_from_db()
    assert group.state == "active"
    client.post(url, {"reason": "We moved away"})
    group.refresh_from_db()
    assert (group.state, mails()) == ("archived", ["group_fell_asleep", "group_closed"])


def test_history_is_only_added_to_except_that_a_demo_goes_and_an_account_does() -> None:
    group, by = silent(80, state="quiet"), keeper()
    life.move_group(group=group, to="suspended", actor=by, now=NOW, reason="x")
    move = GroupMove.objects.get()
    for change in (
        lambda: GroupMove.objects.update(reason="y"),
        lambda: GroupMove.objects.all().delete(),
        lambda: GroupMove.objects.update(actor=None, reason="y"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    by.delete()
    move.refresh_from_db()
    assert (move.actor, move.reason) == (None, "x")
    Group.objects.update(is_demo=True)
    assert GroupMove.objects.all().delete()[0] == 1


def test_archive_by_hand_needs_a_reason_from_every_state_also_where_the_clock_may_do_it() -> None:
    group = GroupFactory(state="dormant")
    for actor in (OrganiserFactory(group=group).member.user, lead()):
        with pytest.raises(MoveRefused, match="Say why"):
            life.move_group(group=group, to="archived", actor=actor, now=NOW, reason=" ")
    assert life.move_group(group=group, to="archived", actor=None, now=NOW).state == "archived"
