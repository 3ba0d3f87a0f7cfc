"""Making, changing and moving events."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from meetups import recurrence, transitions
from meetups.models import Event, Group
from meetups.services import groups, member_letters, needs
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member
from portal.places.names import fold

#: Answers whose change calendars must hear of.
CALENDAR_FIELDS = ("starts_local", "minutes", "time_zone", "venue_name", "venue_address", "online_url")


def clock(*, starts_local: datetime, minutes: int, time_zone: str) -> tuple[datetime, datetime, datetime, bool]:
    """(wall time stored as UTC, start, end, moved): a wall time that does not exist moves to the next that does."""
    aware, moved, _ambiguous = recurrence.attach(starts_local.replace(tzinfo=None), time_zone)
    starts_at = aware.astimezone(UTC)
    return aware.replace(tzinfo=UTC, fold=0), starts_at, starts_at + timedelta(minutes=minutes), moved


def event_slug(title: str) -> str:
    """The readable end of an event's address: the folded title, as long as the field takes."""
    longest = Event._meta.get_field("slug").max_length
    return slugify(fold(title))[:longest].rstrip("-") or "event"


def _apply(event: Event, answers: Mapping[str, object]) -> bool:
    """Set the answers and what follows from them; True when the clock had to move."""
    for name, value in answers.items():
        setattr(event, name, value)
    event.starts_local, event.starts_at, event.ends_at, moved = clock(
        starts_local=event.starts_local, minutes=event.minutes, time_zone=event.time_zone
    )
    event.slug = event_slug(event.title)
    return moved


def create_event(
    *, group: Group, by: Member | None, answers: Mapping[str, object], now: datetime, key: UUID | None = None
) -> tuple[Event, bool]:
    """A new draft; also tells whether its wall time had to move because it does not exist on that day.

    `key` is the form's own: sent twice, it makes one event.
    """
    kind = Event.Kind.ONLINE if group.kind == Group.Kind.ONLINE else Event.Kind.MEETUP
    event = Event(group=group, kind=kind, created_by=by, is_demo=group.is_demo, created_at=now, changed_at=now)
    moved = _apply(event, answers)
    event.uid = key or event.uid
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        if key is None:
            raise
        twin = _made_before(group, by, key)
        return (twin, moved) if twin else create_event(group=group, by=by, answers=answers, now=now)
    return event, moved


def _made_before(group: Group, by: Member | None, uid: UUID) -> Event | None:
    """What the same form, sent once already by the same person, has made."""
    return Event.objects.filter(uid=uid, group=group, created_by=by).first()


@transaction.atomic
def edit_event(*, event: Event, answers: Mapping[str, object], now: datetime) -> tuple[Event, bool]:
    """Change what may change; a new time or place counts up the sequence that calendars follow."""
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.state in {Event.State.CANCELLED, Event.State.HELD}:
        raise MoveRefused(_("This event is over or cancelled and stays as it is."))
    before = [getattr(locked, name) for name in CALENDAR_FIELDS]
    known = member_letters.when_and_where(locked)
    moved = _apply(locked, answers)
    if before != [getattr(locked, name) for name in CALENDAR_FIELDS]:
        locked.sequence += 1
    locked.changed_at = now
    locked.save()
    tell_of_change(locked, known, now=now)
    return locked, moved


def tell_of_change(event: Event, known: dict[str, object], *, now: datetime) -> None:
    """People hear of a public date to come when its time or place is no longer what they knew."""
    is_to_come = event.state == Event.State.PUBLISHED and event.ends_at > now
    if is_to_come and member_letters.when_and_where(event) != known:
        member_letters.event_moved(event, known, now=now)


def settle(event: Event, *, now: datetime, changed: Sequence[str]) -> None:
    """For an event about to be saved by a form: what follows from its wall time, and the sequence calendars follow."""
    _apply(event, {})
    event.changed_at = now
    if set(changed) & set(CALENDAR_FIELDS):
        event.sequence += 1


@transaction.atomic
def _move(event: Event, to: str, now: datetime, **values: object) -> Event:
    locked = Event.objects.select_for_update(of=("self",)).select_related("group").get(pk=event.pk)
    try:
        transitions.EVENT.check(source=locked.state, target=to, actors={"organiser"})
    except MoveRefused as refusal:
        states = {"now": locked.get_state_display(), "wanted": Event.State(to).label}
        raise MoveRefused(
            _("This event is %(now)s and cannot become %(wanted)s.") % states, reason="state"
        ) from refusal
    for name, value in values.items():
        setattr(locked, name, value)
    locked.state, locked.changed_at = to, now
    locked.sequence += 1
    locked.save()
    return locked


@transaction.atomic
def publish_event(*, event: Event, now: datetime) -> Event:
    """Show a draft to everybody; a sleeping group wakes by a date that is to come."""
    published = _move(event, Event.State.PUBLISHED, now)
    if published.group is not None and published.ends_at > now:
        groups.note_scheduled(group=published.group, now=now)
        member_letters.event_published(published, now=now)
    return published


@transaction.atomic
def cancel_event(*, event: Event, reason: str, now: datetime) -> Event:
    """Call a date off. It stays visible with the reason; the people of the group are told if it was public."""
    if not reason.strip():
        raise MoveRefused(_("Say why, in a sentence people can read."))
    locked = Event.objects.select_for_update().get(pk=event.pk)
    if locked.has_begun(now):
        raise MoveRefused(_("This event has begun already."))
    was_public = locked.state == Event.State.PUBLISHED
    cancelled = _move(event, Event.State.CANCELLED, now, cancel_reason=reason.strip())
    needs.close_needs(cancelled.needs.all(), reason=_("The event was called off."), now=now)
    if was_public:
        member_letters.event_cancelled(cancelled, now=now)
    return cancelled


@transaction.atomic
def mark_held(*, event: Event, attended: int | None, now: datetime) -> Event:
    """It took place, with so many people; a group's first held event makes it active."""
    if not Event.objects.select_for_update().get(pk=event.pk).has_begun(now):
        raise MoveRefused(_("This event has not begun yet."))
    held = _move(event, Event.State.HELD, now, attended=attended)
    if held.group is not None:
        groups.note_held(group=held.group, at=held.starts_at, now=now)
    return held
