"""The portal's own facts as its importer reads them: from the groups' tables, with the members merged since."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.conf import settings
from django.db.models import Q, QuerySet

from dashboard import grants
from dashboard.importers.portal_facts import (
    Applicant,
    DecidedApplication,
    GrantedWork,
    HeldEvent,
    Person,
    PortalFacts,
    Review,
)
from dashboard.models import Grant
from meetups.models import (
    Application,
    ApplicationEvent,
    ApplicationOrganiser,
    CriterionVerdict,
    Event,
    Group,
    Organiser,
)
from meetups.services import recall
from portal.mail.models import Message
from portal.members.models import Member, MemberChange

State = Application.State
#: Moves that people of the team make while they judge an application.
REVIEW_MOVES = [State.IN_REVIEW, State.CHANGES_REQUESTED, State.ON_HOLD, *sorted(recall.DECIDED)]


@dataclass(frozen=True, slots=True)
class PortalRows(PortalFacts):
    """The rows of this site; those of the demo community are a world of their own."""

    is_demo: bool = False

    def held(self, *, now: datetime, before: datetime | None, most: int) -> list[HeldEvent]:
        rows = _held(now, is_demo=self.is_demo).select_related("group").order_by("-ends_at", "-pk")
        rows = rows.filter(ends_at__lt=before) if before else rows
        found = list(rows[:most])
        if len(found) == most:  # those that ended at the same moment as the last belong to this page too
            known = [event.pk for event in found]
            found += rows.filter(ends_at=found[-1].ends_at).exclude(pk__in=known)
        seats = _seats({event.group_id for event in found if event.group_id})
        teams = {event.pk: _team(event, seats.get(event.group_id or 0, [])) for event in found}
        people = _People(key for team in teams.values() for key in team)
        return [_event(event, people.named(teams[event.pk])) for event in found]

    def decided(self, *, now: datetime) -> list[DecidedApplication]:
        rows = list(_told(now, is_demo=self.is_demo).select_related("group").order_by("-submitted_at", "-pk"))
        keys = [row.pk for row in rows]
        applicants, reviews = _applicants(rows, keys), _reviews(keys)
        people = _People(
            [
                *(key for found in applicants.values() for key, _shows_name in found),
                *(key for found in reviews.values() for key, _at in found),
            ]
        )
        return [_application(row, people, applicants[row.pk], reviews[row.pk]) for row in rows]

    def granted(self) -> list[GrantedWork]:
        return works_of(Grant.objects.confirmed().filter(member__is_demo=self.is_demo).order_by("pk"))


def works_of(rows: Iterable[Grant]) -> list[GrantedWork]:
    """Confirmed grants as facts; where a merge made one person of the two whom it takes, it counts no more."""
    found = list(rows)
    people = _People(key for row in found for key in (row.member_id, row.proposed_by_id, row.decided_by_id) if key)
    return [_work(row, people.one(row.member_id)) for row in found if _is_seconded(row, people)]


def _is_seconded(row: Grant, people: "_People") -> bool:
    return row.decided_by_id is not None and grants.may_decide(
        decider=people.one(row.decided_by_id).key,
        member=people.one(row.member_id).key,
        proposer=people.one(row.proposed_by_id).key,
    )


def _work(row: Grant, person: Person) -> GrantedWork:
    kind, state = grants.COUNTS_AS[row.work]
    return GrantedWork(
        key=row.pk,
        person=person,
        kind=kind,
        state=state,
        title=row.title,
        url=row.url,
        done_at=datetime.combine(row.done_on, time(), UTC),
        confirmed_at=row.decided_at or row.proposed_at,
    )


def has_facts(*, is_demo: bool = False) -> bool:
    """Whether there is anything that could ever count."""
    seen = any(rows.filter(is_demo=is_demo).exists() for rows in (Event.objects, Application.objects))
    return seen or Grant.objects.confirmed().filter(member__is_demo=is_demo).exists()


def has_news(*, since: datetime, now: datetime) -> bool:
    """Whether something happened since that a reading would bring: an event moved on, an answer went out, work
    was added by hand or taken back, a member changed."""
    delay = settings.DECISION_DELAY
    moved = Q(changed_at__gte=since) | Q(ends_at__gte=since, ends_at__lte=now)
    return (
        Event.objects.filter(moved, state__in=[Event.State.HELD, Event.State.CANCELLED]).exists()
        or Application.objects.filter(decided_at__gte=since - delay, decided_at__lte=now - delay).exists()
        or Grant.objects.filter(Q(decided_at__gte=since) | Q(withdrawn_at__gte=since)).exists()
        or MemberChange.objects.filter(
            changed_at__gte=since, kind__in=[MemberChange.Kind.MERGE, MemberChange.Kind.ERASURE]
        ).exists()
    )


def _held(now: datetime, *, is_demo: bool) -> QuerySet[Event]:
    return Event.objects.filter(state=Event.State.HELD, ends_at__lte=now, is_demo=is_demo)


def _told(now: datetime, *, is_demo: bool) -> QuerySet[Application]:
    """Decided, and the answer is out: it waits for a while, and the team may have stopped it."""
    stopped = Message.objects.filter(
        kind__in=recall.KINDS, about__startswith="application:", state=Message.State.WAITING, stopped_at__isnull=False
    )
    held_back = [about.partition(":")[2] for about in stopped.values_list("about", flat=True).distinct()]
    return Application.objects.filter(
        state__in=recall.DECIDED, decided_at__lte=now - settings.DECISION_DELAY, is_demo=is_demo
    ).exclude(public_id__in=held_back)


# -- events --

#: group -> (member, accepted_at, ended_at)
Seats = Mapping[int, list[tuple[int, datetime, datetime | None]]]


def _seats(groups: set[int]) -> Seats:
    found: dict[int, list[tuple[int, datetime, datetime | None]]] = defaultdict(list)
    rows = Organiser.objects.filter(group__in=groups, member__isnull=False).order_by("pk")
    for group, member, accepted_at, ended_at in rows.values_list("group", "member", "accepted_at", "ended_at"):
        if accepted_at is not None:
            found[group].append((member, accepted_at, ended_at))
    return found


def _team(event: Event, seats: Iterable[tuple[int, datetime, datetime | None]]) -> list[int]:
    """Who ran the group when the event took place; where nobody did, and for camps, whoever made the event."""
    team = [
        member
        for member, accepted_at, ended_at in seats
        if accepted_at <= event.ends_at and (ended_at is None or ended_at > event.starts_at)
    ]
    return team or ([event.created_by_id] if event.created_by_id else [])


def _event(event: Event, team: tuple[Person, ...]) -> HeldEvent:
    is_shown = event.group is None or event.group.state != Group.State.SUSPENDED
    return HeldEvent(
        uid=str(event.uid),
        kind=event.kind,
        title=event.title if is_shown else "",
        path=event.get_absolute_url() if is_shown else "",
        ends_at=event.ends_at,
        team=team,
    )


# -- applications --


def _applicants(rows: list[Application], keys: list[int]) -> Mapping[int, list[tuple[int, bool]]]:
    """application -> (member, whether they agreed to be named in the list of applications)."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for row in rows:
        found[row.pk].append((row.applicant_id, False))
    seats = ApplicationOrganiser.objects.filter(
        application__in=keys, accepted_at__isnull=False, declined_at=None, member__isnull=False
    )
    for application, member, shows_name in seats.order_by("pk").values_list("application", "member", "shows_name"):
        found[application].append((member, shows_name))
    return found


def _reviews(keys: list[int]) -> Mapping[int, list[tuple[int, datetime]]]:
    """application -> (member, when they did something on it); staff who are no member yet count once they are."""
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    moves = ApplicationEvent.objects.filter(
        application__in=keys, to_state__in=REVIEW_MOVES, actor__member__isnull=False
    ).values_list("application", "actor__member", "at")
    verdicts = CriterionVerdict.objects.filter(application__in=keys, given_by__member__isnull=False)
    for application, member, at in [*moves, *verdicts.values_list("application", "given_by__member", "given_at")]:
        found[application].append((member, at))
    return found


def _application(
    row: Application, people: "_People", applicants: list[tuple[int, bool]], reviews: list[tuple[int, datetime]]
) -> DecidedApplication:
    group = row.group if row.group is not None and row.group.state != Group.State.SUSPENDED else None
    named = {people.one(key).key for key, shows_name in applicants if shows_name}
    decided_at = row.decided_at or row.state_since
    return DecidedApplication(
        public_id=str(row.public_id),
        title=group.name if group else "",
        path=group.get_absolute_url() if group else "",
        submitted_at=row.submitted_at or row.created_at,
        decided_at=decided_at,
        applicants=tuple(
            Applicant(person, is_told=group is not None or person.key in named)
            for person in people.named([key for key, _shows_name in applicants])
        ),
        reviews=tuple(Review(people.one(key), at) for key, at in reviews if at <= decided_at),
    )


# -- people --


class _People:
    """Members by key, each as who they are now: merged ones are whom they were merged into."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._into: dict[int, int] = {}
        self._gone: set[int] = set()
        asked = set(keys)
        while asked:
            rows = Member.objects.filter(pk__in=asked).filter(Q(merged_into__isnull=False) | Q(erased_at__isnull=False))
            found = list(rows.values_list("pk", "merged_into", "erased_at"))
            self._into |= {key: into for key, into, _erased_at in found if into is not None}
            self._gone |= {key for key, _into, erased_at in found if erased_at is not None}
            asked = {into for _key, into, _erased_at in found if into is not None} - self._into.keys()

    def one(self, key: int) -> Person:
        while key in self._into:
            key = self._into[key]
        return Person(key, key in self._gone)

    def named(self, keys: Iterable[int]) -> tuple[Person, ...]:
        return tuple(map(self.one, keys))
