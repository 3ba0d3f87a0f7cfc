"""What a group would like to be given: stating it, and every move it makes afterwards."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from meetups import transitions
from meetups.models import Event, Group, SponsorshipNeed
from portal.jobs.transitions import MoveRefused, UnknownMove, WrongActor
from portal.members.models import Member

State = SponsorshipNeed.State
#: A page of wishes helps nobody choose.
MOST_STANDING = 8
FARTHEST = timedelta(days=366)


def today_of(*, group: Group | None, event: Event | None, now: datetime) -> date:
    """The day it is where the thing is needed."""
    zone = event.time_zone if event else group.time_zone if group else "UTC"
    return now.astimezone(ZoneInfo(zone)).date()


def state_need(
    *,
    group: Group | None,
    event: Event | None = None,
    by: Member | None,
    title: str,
    category: str,
    needed_by_on: date,
    amount: Decimal | None = None,
    currency: str = "",
    note: str = "",
    now: datetime,
    key: UUID | None = None,
) -> SponsorshipNeed:
    """Say what is needed; raises MoveRefused with a sentence. `key` is the form's own: sent twice, it makes one."""
    answers: dict[str, Any] = {"title": title.strip(), "category": category, "note": note.strip()}
    need = SponsorshipNeed(
        **answers,
        group=group,
        event=event,
        amount=amount,
        currency=currency if amount is not None else "",
        needed_by_on=needed_by_on,
        stated_by=by,
        stated_at=now,
        state_since=now,
        is_demo=group.is_demo if group else bool(event and event.is_demo),
    )
    need.uid = key or need.uid
    try:
        with transaction.atomic():
            _check_new(need, now)
            need.save(force_insert=True)
    except IntegrityError as error:
        if key is None or "uid" not in str(error):
            raise
        twin = SponsorshipNeed.objects.filter(uid=key, group=group, stated_by=by).first()
        if twin is not None:
            return twin
        # A key that somebody else's form has used is no key.
        answers |= {"amount": amount, "currency": currency, "needed_by_on": needed_by_on}
        return state_need(group=group, event=event, by=by, now=now, **answers)
    return need


def _check_new(need: SponsorshipNeed, now: datetime) -> None:
    """Locks the group, so that two forms at once do not pass the limit together."""
    if need.group is not None:
        group = Group.objects.select_for_update(of=("self",)).get(pk=need.group.pk)
        _check_group(group)
        if SponsorshipNeed.objects.standing().filter(group=group).exclude(uid=need.uid).count() >= MOST_STANDING:
            raise MoveRefused(
                _("A group asks for %(most)d things at once at most. Close one that is no longer needed first.")
                % {"most": MOST_STANDING}
            )
    if need.event is not None and need.event.group_id != need.group_id:
        raise MoveRefused(_("This date belongs to somebody else."), reason="event")
    check_day(event=need.event, group=need.group, day=need.needed_by_on, now=now)


def _check_group(group: Group) -> None:
    is_official = group.kind != Group.Kind.EXTERNAL
    if not is_official or group.state not in {Group.State.ONBOARDING, Group.State.ACTIVE, Group.State.QUIET}:
        raise MoveRefused(_("Only official groups that are awake can be sponsored."), reason="state")


def check_day(*, event: Event | None, group: Group | None, day: date, now: datetime) -> None:
    """Raises MoveRefused unless something may be needed for this date by that day."""
    today = today_of(group=group, event=event, now=now)
    if not today <= day <= today + FARTHEST:
        raise MoveRefused(_("Choose a day from today on, within a year."), reason="day")
    if event is None:
        return
    if event.state != Event.State.PUBLISHED or event.ends_at <= now:
        raise MoveRefused(_("Needs are stated for dates that are public and to come."), reason="event")
    if day > event.starts_local.date():
        raise MoveRefused(_("That is after the event. Choose its day, or an earlier one."), reason="day")


@transaction.atomic
def move_need(
    *, need: SponsorshipNeed, to: str, actors: Collection[str], now: datetime, reason: str = ""
) -> SponsorshipNeed:
    """Move a need, or raise MoveRefused with a sentence. Closing says why.

    `actors` are words of `meetups.transitions`: what is promised by a partner is moved by the system.
    """
    locked = SponsorshipNeed.objects.select_for_update(of=("self",)).get(pk=need.pk)
    words = {"now": locked.get_state_display(), "wanted": State(to).label}
    try:
        transitions.NEED.check(source=locked.state, target=to, actors=actors)
    except UnknownMove as refusal:
        raise MoveRefused(
            _("This need is “%(now)s” and cannot become “%(wanted)s”.") % words, reason="state"
        ) from refusal
    except WrongActor as refusal:
        raise MoveRefused(_("You may not move this need to “%(wanted)s”.") % words, reason="actor") from refusal
    if to == State.CLOSED and not reason.strip():
        raise MoveRefused(_("Say why, in a sentence people can read."))
    locked.state, locked.state_since = to, now
    locked.closed_because = reason.strip()[:300] if to == State.CLOSED else ""
    locked.save(update_fields=["state", "state_since", "closed_because"])
    return locked


def close_needs(needs: QuerySet[SponsorshipNeed], *, reason: str, now: datetime) -> int:
    """Close what of these still stands: the date was called off, the group is in the archive."""
    standing = needs.filter(state__in=SponsorshipNeed.STANDING)
    return standing.update(state=State.CLOSED, state_since=now, closed_because=reason[:300])


def close_past_needs(*, now: datetime) -> int:
    """Open needs whose day is over where they are needed; what was promised waits for the organisers' word."""
    today = now.date()
    late = SponsorshipNeed.objects.filter(state=State.OPEN, needed_by_on__lte=today).select_related("group", "event")
    over = [need.pk for need in late if need.needed_by_on < today_of(group=need.group, event=need.event, now=now)]
    return close_needs(SponsorshipNeed.objects.filter(pk__in=over), reason=_("Its day went by."), now=now)
