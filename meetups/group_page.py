"""What a group's page shows, in the order a visitor asks: when next, where, who, join, then what was."""

from dataclasses import dataclass
from datetime import datetime

from meetups.languages import language_name
from meetups.models import Event, Group, GroupMembership, Organiser, Series
from meetups.permissions import Reader, may_organise

NEXT_SHOWN = 6
PAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Everything a group's page shows one reader."""

    group: Group
    next_event: Event | None
    later: list[Event]
    drafts: list[Event]
    past: list[Event]
    past_count: int
    organisers: list[Organiser]
    series: list[Series]
    members: int
    languages: str
    is_member: bool
    can_organise: bool


def read_group_page(*, group: Group, reader: Reader, now: datetime) -> GroupPage:
    """A fixed number of queries, however much has happened in the group."""
    can_organise = may_organise(reader, group)
    coming = list(group.events.upcoming(now)[: NEXT_SHOWN + 1])
    next_event = next((event for event in coming if event.state == Event.State.PUBLISHED), None)
    happened = group.events.happened(now)
    drafts = group.events.filter(state=Event.State.DRAFT, ends_at__gte=now).order_by("starts_at")
    memberships = GroupMembership.objects.filter(group=group)
    return GroupPage(
        group=group,
        next_event=next_event,
        later=[event for event in coming if event != next_event][:NEXT_SHOWN],
        drafts=list(drafts[:NEXT_SHOWN]) if can_organise else [],
        past=list(happened[:PAST_SHOWN]),
        past_count=happened.count(),
        organisers=list(
            Organiser.objects.current().filter(group=group).select_related("member__user").order_by("accepted_at", "pk")
        ),
        series=list(group.series.filter(is_paused=False)),
        members=memberships.count(),
        languages=", ".join(language_name(code) for code in group.languages),
        is_member=reader.is_authenticated and memberships.filter(member__user=reader).exists(),
        can_organise=can_organise,
    )
