"""What a group's page shows, in the order a visitor asks: when next, where, who, join, then what was."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from meetups.languages import language_name
from meetups.links import host_of
from meetups.models import Event, Group, GroupMembership, Organiser, Series, SponsorshipNeed
from meetups.organiser_home import Todo, next_todos
from meetups.permissions import Reader, may_organise
from meetups.services.onboarding import Task, open_tasks
from meetups.services.organiser_requests import needs_hands
from meetups.subscribing import Ways, ways_to_subscribe

NEXT_SHOWN = 6
PAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class GroupPage:
    """Everything a group's page shows one reader."""

    group: Group
    next_event: Event | None
    is_on_now: bool
    later: list[Event]
    drafts: list[Event]
    past: list[Event]
    past_count: int
    organisers: list[Organiser]
    series: list[Series]
    members: int
    languages: str
    membership: GroupMembership | None
    can_organise: bool
    runs_it: bool
    todos: list[Todo]
    onboarding: list[Task]
    needs_hands: bool
    last_held: Event | None
    ways: Ways
    needs: list[SponsorshipNeed]
    sponsorships: list[Any]

    @property
    def external_host(self) -> str:
        """Where the link of a community elsewhere goes, in short."""
        return host_of(self.group.external_url)

    @property
    def asks_for_help(self) -> bool:
        """Whether the reader may state what the group needs."""
        return self.runs_it and self.group.kind != Group.Kind.EXTERNAL

    @property
    def is_member(self) -> bool:
        return self.membership is not None


def read_group_page(*, group: Group, reader: Reader, now: datetime) -> GroupPage:
    """A fixed number of queries, however much has happened in the group."""
    can_organise = may_organise(reader, group)
    coming = list(group.events.upcoming(now)[: NEXT_SHOWN + 1])
    next_event = next((event for event in coming if event.state == Event.State.PUBLISHED), None)
    happened = group.events.happened(now)
    drafts = group.events.filter(state=Event.State.DRAFT, ends_at__gte=now).order_by("starts_at")
    memberships = GroupMembership.objects.filter(group=group)
    organisers = list(
        Organiser.objects.current().filter(group=group).select_related("member__user").order_by("accepted_at", "pk")
    )
    is_known = reader.is_authenticated
    own_drafts = list(drafts[:NEXT_SHOWN]) if can_organise else []
    past = list(happened[:PAST_SHOWN])
    return GroupPage(
        group=group,
        next_event=next_event,
        is_on_now=next_event is not None and next_event.starts_at <= now,
        later=[event for event in coming if event != next_event][:NEXT_SHOWN],
        drafts=own_drafts,
        past=past,
        past_count=happened.count(),
        organisers=organisers,
        series=list(group.series.filter(is_paused=False)),
        members=memberships.count(),
        languages=", ".join(language_name(code) for code in group.languages),
        membership=memberships.filter(member__user=reader.pk).first() if is_known else None,
        can_organise=can_organise,
        runs_it=is_known and any(seat.member and seat.member.user_id == reader.pk for seat in organisers),
        todos=next_todos(group=group, organisers=len(organisers), next_event=next_event, drafts=own_drafts, now=now)
        if can_organise and group.kind != Group.Kind.EXTERNAL
        else [],
        onboarding=open_tasks(group) if can_organise and group.kind != Group.Kind.EXTERNAL else [],
        needs_hands=needs_hands(group, organisers=len(organisers)),
        last_held=past[0] if past else None,
        ways=ways_to_subscribe(path=reverse("meetups:group_ics", args=[group.slug]), name=group.name),
        needs=list(group.needs.shown(now.date()).select_related("event")),
        sponsorships=sponsorships_of(group, now),
    )


def sponsorships_of(home: Group | Event, now: datetime) -> list[Any]:
    """Who gives to it, as the partners app keeps it (`sponsorships`, with a set `shown(today)`)."""
    given = getattr(home, "sponsorships", None)
    return list(given.shown(now.date())) if given is not None else []
