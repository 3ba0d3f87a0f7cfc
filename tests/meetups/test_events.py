"""What organisers do with events."""

from datetime import UTC, datetime, timedelta

import pytest

from meetups.models import Event, Group
from meetups.services import events
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from tests.meetups.factories import EventFactory, GroupFactory, GroupMembershipFactory, OrganiserFactory, person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def wall(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - wall time


def answers(**values: object) -> dict[str, object]:
    return {
        "title": "Ümlaut evening",
        "format": "help",
        "starts_local": wall(2027, 1, 8, 18, 30),
        "minutes": 90,
        "time_zone": "America/New_York",
        "venue_name": "Library",
        **values,
    }


def test_created_event_is_a_draft_on_the_clock_of_its_place() -> None:
    group = GroupFactory()
    event, moved = events.create_event(group=group, by=None, answers=answers(), now=NOW)
    event.refresh_from_db()
    assert (event.state, event.slug, event.kind, moved) == ("draft", "umlaut-evening", "meetup", False)
    assert event.starts_at == datetime(2027, 1, 8, 23, 30, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 1, 9, 1, 0, tzinfo=UTC)
    assert event.starts_local == datetime(2027, 1, 8, 18, 30, tzinfo=UTC)


def test_time_that_does_not_exist_moves_and_says_so() -> None:
    times = {"starts_local": wall(2027, 3, 14, 2, 15)}
    event, moved = events.create_event(group=GroupFactory(), by=None, answers=answers(**times), now=NOW)
    assert moved
    assert event.starts_local == datetime(2027, 3, 14, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "sequence"),
    [
        ({"title": "Other"}, 0),
        ({"about": "New words"}, 0),
        ({"starts_local": wall(2027, 1, 9, 18, 30)}, 1),
        ({"minutes": 60}, 1),
        ({"time_zone": "America/Chicago"}, 1),
        ({"venue_name": "Office"}, 1),
    ],
)
def test_edit_counts_up_what_calendars_follow(change: dict[str, object], sequence: int) -> None:
    event, _ = events.create_event(group=GroupFactory(), by=None, answers=answers(), now=NOW)
    uid = event.uid
    edited, _ = events.edit_event(event=event, answers=answers(**change), now=NOW)
    assert (edited.sequence, edited.uid) == (sequence, uid)


def test_new_zone_keeps_the_wall_time() -> None:
    event, _ = events.create_event(group=GroupFactory(), by=None, answers=answers(), now=NOW)
    edited, _ = events.edit_event(event=event, answers=answers(time_zone="Europe/Berlin"), now=NOW)
    assert edited.starts_local == datetime(2027, 1, 8, 18, 30, tzinfo=UTC)
    assert edited.starts_at == datetime(2027, 1, 8, 17, 30, tzinfo=UTC)


def test_publishing_wakes_a_quiet_group() -> None:
    event = EventFactory(state="draft", group=GroupFactory(state=Group.State.DORMANT))
    assert events.publish_event(event=event, now=NOW).state == "published"
    event.group.refresh_from_db()
    assert event.group.state == "active"
    with pytest.raises(MoveRefused, match="is published and cannot become published"):
        events.publish_event(event=event, now=NOW)


def test_publishing_leaves_a_new_group_in_onboarding() -> None:
    event = EventFactory(state="draft", group=GroupFactory(state=Group.State.ONBOARDING))
    events.publish_event(event=event, now=NOW)
    event.group.refresh_from_db()
    assert event.group.state == "onboarding"


def test_cancelling_keeps_the_event_with_its_reason_and_tells_members_and_organisers() -> None:
    event = EventFactory()
    reader = GroupMembershipFactory(group=event.group, member=person()).member
    organiser = OrganiserFactory(group=event.group).member
    GroupMembershipFactory(group=event.group, member=organiser)
    cancelled = events.cancel_event(event=event, reason=" Flood ", now=NOW)
    assert (cancelled.state, cancelled.cancel_reason, cancelled.sequence) == ("cancelled", "Flood", 1)
    assert {m.address for m in Message.objects.all()} == {reader.user.email, organiser.user.email}
    assert Event.objects.upcoming(NOW).get() == cancelled


def test_cancelling_a_draft_tells_nobody() -> None:
    event = EventFactory(state="draft")
    GroupMembershipFactory(group=event.group, member=person())
    events.cancel_event(event=event, reason="Summer", now=NOW)
    assert not Message.objects.exists()


def test_cancelling_needs_a_reason_and_an_event_to_come() -> None:
    with pytest.raises(MoveRefused, match="Say why"):
        events.cancel_event(event=EventFactory(), reason="  ", now=NOW)
    with pytest.raises(MoveRefused, match="has begun"):
        events.cancel_event(event=EventFactory(starts_at=NOW - timedelta(minutes=1)), reason="x", now=NOW)


def test_first_held_event_makes_the_group_active() -> None:
    event = EventFactory(starts_at=NOW - timedelta(hours=1), group=GroupFactory(state=Group.State.ONBOARDING))
    held = events.mark_held(event=event, attended=12, now=NOW)
    assert (held.state, held.attended) == ("held", 12)
    event.group.refresh_from_db()
    assert (event.group.state, event.group.last_held_at) == ("active", event.starts_at)


def test_older_held_event_does_not_turn_back_the_clock() -> None:
    group = GroupFactory(last_held_at=NOW - timedelta(days=1))
    event = EventFactory(starts_at=NOW - timedelta(days=9), group=group)
    events.mark_held(event=event, attended=1, now=NOW)
    group.refresh_from_db()
    assert group.last_held_at == NOW - timedelta(days=1)


def test_event_that_has_not_begun_was_not_held() -> None:
    with pytest.raises(MoveRefused, match="not begun"):
        events.mark_held(event=EventFactory(starts_at=NOW + timedelta(minutes=1)), attended=3, now=NOW)


@pytest.mark.parametrize("state", ["cancelled", "held"])
def test_settled_event_is_not_edited(state: str) -> None:
    with pytest.raises(MoveRefused, match="stays as it is"):
        events.edit_event(event=EventFactory(state=state), answers=answers(), now=NOW)
