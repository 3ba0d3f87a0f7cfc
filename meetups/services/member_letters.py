"""Mails to the members of a group, each by their own choice, and the link in them that takes the choice back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from meetups.models import Event, Group, GroupLetter, GroupMembership, HeldNews, Organiser
from meetups.services.letters import absolute, to_user
from portal.jobs.models import Leased
from portal.jobs.services import enqueue
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import User

SALT = "meetups.mail-choice"
#: The three choices of a member: fields of GroupMembership.
CHOICES = ("hears_of_dates", "hears_of_changes", "hears_of_life")
DATES, CHANGES, LIFE = CHOICES
DAY = timedelta(days=1)
#: Letters about single new dates that a group writes to its members in a day.
MOST_LETTERS_A_DAY = 3
#: So long a letter about a moved date waits for the next correction.
SECOND_THOUGHTS = timedelta(minutes=10)
#: A letter to more people than this is written by a worker.
AT_ONCE = 200
LEASE = timedelta(minutes=10)
SEND = "meetups.tasks.write_letter"


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


def to_members(
    group: Group,
    *,
    choice: str,
    kind: str,
    subject: str,
    revision: int,
    context: dict[str, object],
    not_before: datetime | None = None,
) -> int:
    """To every member who chose to hear of this and does not run the group; returns to how many.

    A few statements; for a big group one row, and a worker does the rest, so that no request waits for thousands.
    """
    count = _listening(group, choice).count()
    if count > AT_ONCE:
        letter, is_new = GroupLetter.objects.get_or_create(
            kind=kind,
            about=subject,
            revision=revision,
            defaults={"group": group, "choice": choice, "context": context, "next_try_at": not_before},
        )
        if is_new and not_before is None:
            enqueue(SEND, letter.pk)
    elif count:
        _write(group, choice, context, kind=kind, about=subject, revision=revision, not_before=not_before)
    return count


def _listening(group: Group, choice: str) -> QuerySet[GroupMembership]:
    running = Organiser.objects.current().filter(group=group).values("member")
    rows = GroupMembership.objects.filter(group=group, member__user__is_active=True, **{choice: True})
    return rows.exclude(member__in=running)


def _write(group: Group, choice: str, context: dict[str, object], **words: Any) -> None:
    listening = _listening(group, choice).select_related("member__user").order_by("pk")
    mail.queue_many(letters=[_letter(row, group, choice, context) for row in listening], **words)


def write_letter(*, letter: GroupLetter, now: datetime) -> bool:
    """Put a letter to a big group into the outbox; False when it is not due, done, or in other hands.

    Twice is once: who has it in the outbox gets no second one.
    """
    if not letter.claim(now=now, lease=LEASE):
        return False
    with transaction.atomic():
        group = _visible(letter.group)
        if group is not None:
            _write(group, letter.choice, letter.context, kind=letter.kind, about=letter.about, revision=letter.revision)
        rows = GroupLetter.objects.filter(pk=letter.pk)
        rows.update(state=GroupLetter.State.DONE, lease_until=None, next_try_at=None, context={})
    return True


def _letter(row: GroupMembership, group: Group, choice: str, context: dict[str, object]) -> mail.Letter:
    user = cast(User, row.member.user)
    link = unsubscribe_url(group_id=group.pk, member_id=row.member_id, choice=choice)
    return mail.Letter(
        address=user.email,
        recipient_key=f"user:{user.pk}",
        language=user.language,
        time_zone=user.time_zone or "UTC",
        context={**context, "unsubscribe_url": link},
    )


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
    """The group whose members may hear of the event."""
    return _visible(event.group)


def _visible(group: Group | None) -> Group | None:
    """Nobody is written to about a page they cannot see."""
    return None if group is None or group.state == Group.State.SUSPENDED else group


def event_published(event: Event, *, now: datetime) -> None:
    """To the members who want to hear of new dates; once for each event, however often it is called.

    A group that publishes many dates in a day writes the first few letters; the rest stand in one letter the day after.
    """
    group = _group_of(event)
    if group is None:
        return
    if _told_today(group, now) >= MOST_LETTERS_A_DAY:
        HeldNews.objects.get_or_create(event=event, defaults={"at": now})
        return
    facts = _facts(event, group)
    to_members(group, choice=DATES, kind="event_published", subject=_about(event), revision=0, context=facts)


def _told_today(group: Group, now: datetime) -> int:
    """Letters about dates of this group in the last day: one counts once, to however many it went."""
    uids = Event.objects.filter(group=group, changed_at__gt=now - DAY).values_list("uid", flat=True)
    about = [f"event:{uid}" for uid in uids]
    sent = Message.objects.filter(kind="event_published", about__in=about, created_at__gt=now - DAY)
    big = GroupLetter.objects.filter(group=group, kind="event_published", asked_at__gt=now - DAY)
    return len({*sent.values_list("about", flat=True).distinct(), *big.values_list("about", flat=True)})


def groups_with_held_news(now: datetime) -> list[int]:
    """Keys of the groups that held dates back until the nightly look; what was held just now waits for the next."""
    held = HeldNews.objects.filter(at__lte=now - timedelta(hours=1))
    return sorted(key for key in held.values_list("event__group", flat=True).distinct() if key is not None)


@transaction.atomic
def tell_held_news(*, group: Group, now: datetime) -> int:
    """One letter for all held dates of the group that still are to come; returns how many dates stood in it."""
    rows = HeldNews.objects.select_for_update(of=("self",)).filter(event__group=group).select_related("event__group")
    held = list(rows.order_by("event__starts_at", "pk"))
    coming = [row.event for row in held if row.event.state == Event.State.PUBLISHED and row.event.ends_at > now]
    HeldNews.objects.filter(pk__in=[row.pk for row in held]).delete()
    home = _group_of(coming[0]) if coming else None
    if home is not None:
        _letter_of_dates(home, coming, subject=f"group:{home.pk}:held", revision=max(row.pk for row in held))
    return len(coming)


def dates_published(group: Group, events: Sequence[Event], *, series_id: int) -> None:
    """One letter for several dates that a slot published at once; two workers at it write one."""
    if not events or group.state == Group.State.SUSPENDED:
        return
    first_on = min(one.original_on for one in events if one.original_on)
    _letter_of_dates(group, events, subject=f"series:{series_id}", revision=first_on.toordinal())


def _letter_of_dates(group: Group, events: Sequence[Event], *, subject: str, revision: int) -> None:
    context: dict[str, object] = {
        "group_name": group.name,
        "dates": [f"{one.starts_local.strftime('%Y-%m-%d %H:%M')} ({one.time_zone}): {one.title}" for one in events],
        "url": absolute(group.get_absolute_url()),
    }
    to_members(group, choice=DATES, kind="dates_published", subject=subject, revision=revision, context=context)


def event_moved(event: Event, before: dict[str, object], *, now: datetime) -> None:
    """To the organisers at once, and to the members who want to hear of changes: a new time or place.

    The members' letters wait a little: who corrects a slip, or moves a date twice, writes one letter, and none at all
    when everything is again as people knew it.
    """
    group = _group_of(event)
    if group is None:
        return
    facts = {**_facts(event, group), "before": before}
    words = {"kind": "event_moved", "subject": _about(event), "revision": event.sequence}
    _to_organisers(group, context=facts, **words)  # type: ignore[arg-type]
    known = _drop_waiting(event, now) or before
    if known != when_and_where(event):
        facts["before"] = known
        to_members(group, choice=CHANGES, context=facts, not_before=now + SECOND_THOUGHTS, **words)  # type: ignore[arg-type]


def _drop_waiting(event: Event, now: datetime) -> dict[str, object]:
    """Take letters of an earlier move back that nobody has got yet; returns what those people knew, or nothing."""
    words: dict[str, Any] = {"kind": "event_moved", "about": _about(event), "attempt": 0, "next_try_at__gt": now}
    known: dict[str, object] = {}
    for model in (GroupLetter, Message):
        waiting = model._default_manager.filter(state=Leased.State.WAITING, **words)
        first = waiting.order_by("pk").values_list("context", flat=True).first()
        known = known or dict((first or {}).get("before", {}))
        waiting.delete()
    return known


def event_cancelled(event: Event, *, now: datetime) -> None:
    """To the organisers always, and to the members who want to hear of changes: the date is off, and why."""
    group = _group_of(event)
    if group is None:
        return
    _drop_waiting(event, now)
    HeldNews.objects.filter(event=event).delete()
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
