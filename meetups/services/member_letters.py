"""Mails to the members of a group, each by their own choice, and the link in them that takes the choice back."""

from collections.abc import Sequence

from django.core import signing
from django.urls import reverse

from meetups.models import Event, Group, GroupMembership, Organiser
from meetups.services.letters import absolute, to_user
from portal.members.models import User

SALT = "meetups.mail-choice"
#: The three choices of a member: fields of GroupMembership.
CHOICES = ("hears_of_dates", "hears_of_changes", "hears_of_life")
DATES, CHANGES, LIFE = CHOICES


def choice_token(*, group_id: int, member_id: int, choice: str) -> str:
    """A key that can only take back this one choice; it never expires, as old mails are read too."""
    return signing.dumps([group_id, member_id, CHOICES.index(choice)], salt=SALT)


def read_token(token: str) -> tuple[int, int, str] | None:
    """(group, member, choice) of a key we made, else nothing."""
    try:
        group_id, member_id, number = signing.loads(token, salt=SALT)
        return int(group_id), int(member_id), CHOICES[int(number)]
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return None


def unsubscribe_url(*, group_id: int, member_id: int, choice: str) -> str:
    token = choice_token(group_id=group_id, member_id=member_id, choice=choice)
    return absolute(reverse("meetups:mail_stop", args=[token]))


def to_members(group: Group, *, choice: str, kind: str, subject: str, revision: int, context: dict[str, object]) -> int:
    """To every member who chose to hear of this and does not run the group; returns to how many."""
    running = Organiser.objects.current().filter(group=group).values("member")
    rows = GroupMembership.objects.filter(group=group, member__user__is_active=True, **{choice: True})
    listening = rows.exclude(member__in=running).select_related("member__user").order_by("pk")
    for row in listening:
        link = unsubscribe_url(group_id=group.pk, member_id=row.member_id, choice=choice)
        letter = {**context, "unsubscribe_url": link}
        to_user(row.member.user, kind=kind, subject=subject, revision=revision, context=letter)  # type: ignore[arg-type]
    return len(listening)


def _to_organisers(group: Group, *, kind: str, subject: str, revision: int, context: dict[str, object]) -> None:
    current = Organiser.objects.current().filter(group=group).values("member__user")
    for user in User.objects.filter(pk__in=current, is_active=True).order_by("pk"):
        to_user(user, kind=kind, subject=subject, revision=revision, context=context)


def _facts(event: Event, group: Group) -> dict[str, object]:
    return {
        "title": event.title,
        "group_name": group.name,
        "starts_local": event.starts_local.strftime("%Y-%m-%d %H:%M"),
        "zone": event.time_zone,
        "where": ", ".join(part for part in (event.venue_name, event.venue_address) if part),
        "url": absolute(event.get_absolute_url()),
    }


def _group_of(event: Event) -> Group | None:
    """The group whose members may hear of the event: nobody is written to about a page they cannot see."""
    group = event.group
    return None if group is None or group.state == Group.State.SUSPENDED else group


def event_published(event: Event) -> None:
    """To the members who want to hear of new dates; once for each event, however often it is called."""
    group = _group_of(event)
    if group is not None:
        facts = _facts(event, group)
        to_members(group, choice=DATES, kind="event_published", subject=_about(event), revision=0, context=facts)


def dates_published(group: Group, events: Sequence[Event], *, series_id: int) -> None:
    """One letter for several dates that a slot published at once; two workers at it write one."""
    if not events or group.state == Group.State.SUSPENDED:
        return
    first_on = min(one.original_on for one in events if one.original_on)
    context: dict[str, object] = {
        "group_name": group.name,
        "dates": [f"{one.starts_local.strftime('%Y-%m-%d %H:%M')} ({one.time_zone}): {one.title}" for one in events],
        "url": absolute(group.get_absolute_url()),
    }
    to_members(
        group,
        choice=DATES,
        kind="dates_published",
        subject=f"series:{series_id}",
        revision=first_on.toordinal(),
        context=context,
    )


def event_moved(event: Event, before: dict[str, object]) -> None:
    """To the organisers and to the members who want to hear of changes: a new time or place."""
    group = _group_of(event)
    if group is None:
        return
    facts = {**_facts(event, group), "before": before}
    words = {"kind": "event_moved", "subject": _about(event), "revision": event.sequence, "context": facts}
    _to_organisers(group, **words)  # type: ignore[arg-type]
    to_members(group, choice=CHANGES, **words)  # type: ignore[arg-type]


def event_cancelled(event: Event) -> None:
    """To the organisers always, and to the members who want to hear of changes: the date is off, and why."""
    group = _group_of(event)
    if group is None:
        return
    facts = {**_facts(event, group), "reason": event.cancel_reason}
    words = {"kind": "event_cancelled", "subject": _about(event), "revision": event.sequence, "context": facts}
    _to_organisers(group, **words)  # type: ignore[arg-type]
    to_members(group, choice=CHANGES, **words)  # type: ignore[arg-type]


def when_and_where(event: Event) -> dict[str, object]:
    """What of an event its people have to know when it changes."""
    where = ", ".join(part for part in (event.venue_name, event.venue_address) if part)
    starts = event.starts_local.strftime("%Y-%m-%d %H:%M")
    return {"starts_local": starts, "zone": event.time_zone, "where": where, "online_url": event.online_url}


def _about(event: Event) -> str:
    return f"event:{event.uid}"
