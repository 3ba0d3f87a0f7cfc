"""Mails about the life of a group: steps ahead, steps taken, and the search for somebody who runs it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from meetups import life
from meetups.models import Group, GroupMove
from meetups.services import member_letters
from meetups.services.letters import absolute, to_user
from meetups.services.organiser_letters import about_group, facts, organisers_of

State = Group.State
#: State reached -> the mail to the organisers; waking sends none, since the new date is the news.
LETTERS = {
    State.QUIET: "group_fell_asleep",
    State.DORMANT: "group_fell_asleep",
    State.ARCHIVED: "group_fell_asleep",
    State.SUSPENDED: "group_suspended",
}


def _day(at: datetime, group: Group) -> str:
    return at.astimezone(ZoneInfo(group.time_zone)).date().isoformat()


def _links(group: Group) -> dict[str, object]:
    return {
        **facts(group),
        "step_up_url": absolute(reverse("meetups:step_up", args=[group.slug])),
        "new_event_url": absolute(reverse("meetups:event_create", args=[group.slug])),
    }


def _step_context(group: Group) -> dict[str, object]:
    last = group.last_held_at or group.founded_at
    step_at = life.earliest_step_at(group.announced_at or last, group.members_told_at)
    return {
        **_links(group),
        "next_state": group.next_state,
        "since": _day(last, group),
        "has_met": group.last_held_at is not None,
        "on": _day(step_at, group),
    }


def _announcement(group: Group) -> int:
    """Tells one announcement from the next: the day it was made."""
    return group.announced_at.toordinal() if group.announced_at else 0


def step_ahead(group: Group) -> None:
    """To the organisers, two weeks before a group falls asleep."""
    for user in organisers_of(group):
        to_user(
            user,
            kind="group_step_ahead",
            subject=about_group(group),
            revision=_announcement(group),
            context=_step_context(group),
        )


def step_ahead_to_members(group: Group) -> None:
    """To the members who want to hear, with the way to step up."""
    member_letters.to_members(
        group,
        choice=member_letters.LIFE,
        kind="group_step_members",
        subject=about_group(group),
        revision=_announcement(group),
        context=_step_context(group),
    )


def group_moved(group: Group, step: GroupMove) -> None:
    """To the organisers, what became of the group; to the members, when people closed it without a word ahead."""
    kind = "group_restored" if step.from_state == State.SUSPENDED else LETTERS.get(State(step.to_state), "")
    if not kind:
        return
    context = {**_links(group), "state": step.to_state, "reason": step.reason, "by_hand": step.actor_id is not None}
    for user in organisers_of(group):
        to_user(user, kind=kind, subject=about_group(group), revision=step.pk, context=context)
    if step.to_state == State.ARCHIVED and step.actor_id is not None and kind != "group_restored":
        member_letters.to_members(
            group,
            choice=member_letters.LIFE,
            kind="group_closed",
            subject=about_group(group),
            revision=step.pk,
            context=context,
        )


def successor_search(group: Group, *, revision: int, organisers: int) -> int:
    """To the members who want to hear: the group looks for somebody to run it. Once for each `revision`."""
    return member_letters.to_members(
        group,
        choice=member_letters.LIFE,
        kind="successor_search",
        subject=about_group(group),
        revision=revision,
        context={**_links(group), "organisers": organisers},
    )
