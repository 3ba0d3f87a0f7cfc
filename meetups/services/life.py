"""The one way a group changes state, and the daily look at groups that fell silent."""

from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from meetups import life, transitions
from meetups.models import Event, Group, GroupMove, Organiser
from meetups.permissions import group_roles
from meetups.services import life_letters as letters
from portal.jobs.transitions import MoveRefused, UnknownMove, WrongActor
from portal.members.models import User

State = Group.State
FORGOTTEN = {"next_state": "", "announced_at": None, "members_told_at": None}


@transaction.atomic
def move_group(
    *, group: Group, to: str, actor: User | None, now: datetime, reason: str = "", expected: str | None = None
) -> Group:
    """Move a group to another state, or raise MoveRefused with a sentence.

    Locks the row, checks the state it is in (`expected`, when the caller saw one), who asks (None is the system) and
    what the move needs; writes the history and queues the mails. What was announced is off with it.
    """
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    source = locked.state
    if expected is not None and source != expected:
        raise MoveRefused(
            _("Somebody was faster: this group is %(state)s now.") % {"state": locked.get_state_display()},
            reason="state",
        )
    _check(locked, to, actor, reason)
    locked.state, locked.state_since = to, now
    locked.state_before = source if to == State.SUSPENDED else ""
    _forget(locked)
    locked.save(update_fields=["state", "state_since", "state_before", *FORGOTTEN])
    step = GroupMove.objects.create(
        group=locked, from_state=source, to_state=to, actor=actor, reason=reason.strip(), at=now
    )
    letters.group_moved(locked, step)
    return locked


def _check(group: Group, to: str, actor: User | None, reason: str) -> None:
    if to not in State.values:
        raise MoveRefused(_("There is no such state."), reason="state")
    names = {"now": group.get_state_display(), "wanted": State(to).label}
    try:
        transitions.GROUP.check(source=group.state, target=to, actors=group_roles(actor, group))
    except UnknownMove as refusal:
        raise MoveRefused(
            _("A group that is “%(now)s” cannot become “%(wanted)s”.") % names, reason="state"
        ) from refusal
    except WrongActor as refusal:
        raise MoveRefused(_("You may not move this group to “%(wanted)s”.") % names, reason="actor") from refusal
    if group.state == State.SUSPENDED and to != (group.state_before or State.QUIET):
        raise MoveRefused(_("A suspended group goes back to what it was before."), reason="state")
    wakes = to == State.ACTIVE and group.state != State.SUSPENDED
    if actor is not None and not wakes:
        _check_words(group, to, actor, reason)


def _check_words(group: Group, to: str, actor: User, reason: str) -> None:
    if not reason.strip():
        raise MoveRefused(_("Say why: it stands in the history of the group."))
    is_about_suspension = State.SUSPENDED in {to, group.state}
    if is_about_suspension and transitions.ORGANISER in group_roles(actor, group):
        raise MoveRefused(_("You run this group, so somebody else has to decide about it."), reason="actor")


def _forget(group: Group) -> None:
    for name, value in FORGOTTEN.items():
        setattr(group, name, value)


@transaction.atomic
def wake(*, group: Group, now: datetime, reason: str) -> Group:
    """A sign of life: a sleeping group is active again, and an announced step is off.

    The entry of a community that became an official group sleeps for good: its dates belong to that group.
    """
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.state in transitions.ASLEEP and locked.became_id is None:
        return move_group(group=locked, to=State.ACTIVE, actor=None, now=now, reason=reason)
    return call_off(group=locked)


@transaction.atomic
def call_off(*, group: Group) -> Group:
    """Forget an announced step."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.next_state or locked.announced_at:
        _forget(locked)
        locked.save(update_fields=list(FORGOTTEN))
    return locked


def with_pulse(groups: QuerySet[Group], now: datetime) -> QuerySet[Group]:
    """The groups with what the rules ask for: last date that was, whether one comes, last waking, who runs it."""
    dates = Event.objects.filter(group=OuterRef("pk"))
    known = dates.filter(state__in=[Event.State.PUBLISHED, Event.State.HELD], starts_at__lte=now)
    woken = GroupMove.objects.filter(group=OuterRef("pk"), to_state__in=transitions.AWAKE).order_by("-pk")
    coming = dates.filter(state=Event.State.PUBLISHED, ends_at__gt=now)
    return groups.annotate(
        last_date_at=Subquery(known.order_by("-starts_at").values("starts_at")[:1], output_field=DateTimeField()),
        has_date=Exists(coming),
        woken_at=Subquery(woken.values("at")[:1], output_field=DateTimeField()),
        has_organisers=Exists(Organiser.objects.current().filter(group=OuterRef("pk"))),
    )


def pulse_of(group: Group) -> life.Pulse:
    """What the rules need of a group that came from `with_pulse`."""
    signs = [group.founded_at, group.last_held_at, group.last_date_at, group.woken_at]  # type: ignore[attr-defined]
    return life.Pulse(
        state=group.state,
        last_sign_at=max(sign for sign in signs if sign is not None),
        time_zone=group.time_zone,
        has_date=group.has_date,  # type: ignore[attr-defined]
        has_organisers=group.has_organisers,  # type: ignore[attr-defined]
        next_state=group.next_state,
        announced_at=group.announced_at,
        members_told_at=group.members_told_at,
    )


def falling_asleep(now: datetime) -> list[int]:
    """Keys of the groups for which something is due today, read in one query."""
    groups = Group.objects.exclude(kind=Group.Kind.EXTERNAL).filter(Q(state__in=life.STEPS) | ~Q(next_state=""))
    rows = with_pulse(groups, now).order_by("pk").iterator(chunk_size=1000)
    return [group.pk for group in rows if _is_due(group, now)]


def _is_due(group: Group, now: datetime) -> bool:
    """A row the rules cannot read (a zone that is gone) counts as due, so that its own step fails and is told of."""
    try:
        return life.decide(pulse_of(group), now) != life.Act.NOTHING
    except (ValueError, LookupError, OSError):
        return True


@transaction.atomic
def look_after(*, group: Group, now: datetime) -> life.Act:
    """Do the one thing that is due for a group, with its row locked; twice on a day is once."""
    Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    locked = with_pulse(Group.objects.filter(pk=group.pk), now).get()
    act = life.decide(pulse_of(locked), now)
    if act == life.Act.ANNOUNCE:
        _forget(locked)
        locked.next_state, locked.announced_at = life.next_step(locked.state), now
        locked.save(update_fields=list(FORGOTTEN))
        letters.step_ahead(locked)
        return look_after_members(locked, now) if not pulse_of(locked).has_organisers else act
    if act == life.Act.TELL_MEMBERS:
        return look_after_members(locked, now)
    if act == life.Act.STEP:
        days = life.silent_days(pulse_of(locked).last_sign_at, now, locked.time_zone)
        reason = _("No event was held or planned for %(days)d days.") % {"days": days}
        move_group(group=locked, to=locked.next_state, actor=None, now=now, reason=reason)
    elif act == life.Act.CALL_OFF:
        call_off(group=locked)
    return act


def look_after_members(group: Group, now: datetime) -> life.Act:
    """Tell the members of the announced step; the caller holds the lock."""
    group.members_told_at = now
    group.save(update_fields=["members_told_at"])
    letters.step_ahead_to_members(group)
    return life.Act.TELL_MEMBERS
