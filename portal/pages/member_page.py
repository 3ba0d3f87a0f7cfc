"""A member's public profile: who they are to others, what they run, what they did lately."""

from dataclasses import dataclass
from datetime import date, datetime

from dashboard import words
from dashboard.levels import Level
from dashboard.models import Contribution, MemberWindow
from dashboard.services import reading
from meetups.models import Event, Group
from portal.members.models import Affiliation, Member

RECENT = 12
#: The window whose numbers stand on a profile.
ACTIVITY_DAYS = 90


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of what somebody did; `title` is empty where none is kept (chat)."""

    at: datetime
    deed: words.Words
    title: str
    url: str
    where: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """Everything the page shows."""

    member: Member
    organisation: str
    organisation_url: str
    groups: list[Group]
    deeds: list[Deed]
    events: list[Event]
    is_full: bool
    activity: MemberWindow | None
    level: str


def kept_member(member: Member) -> Member:
    """Whom a merged member became: the end of the chain, which is short and has no loops."""
    while member.merged_into is not None:
        member = member.merged_into
    return member


def read_member(member: Member, *, now: datetime) -> MemberPage:
    """The profile, at most seven queries. Only people who chose to be shown by name have text, place and employer."""
    is_full = member.visibility == Member.Visibility.PUBLIC
    work = _employer(member, now.date()) if member.tells_employer else None
    groups = Group.objects.listed().filter(
        organisers__member=member, organisers__accepted_at__isnull=False, organisers__ended_at=None
    )
    organised = list(groups.select_related("place").order_by("name"))
    coming = Event.objects.upcoming(now).filter(group__in=organised).select_related("group__place")[:3]
    activity = MemberWindow.objects.filter(days=ACTIVITY_DAYS, member=member).first()
    return MemberPage(
        member=member,
        organisation=work.organisation.name if work else "",
        organisation_url=reading.organisation_url(work.organisation) if work else "",
        groups=organised,
        deeds=_deeds(member),
        events=list(coming) if organised else [],
        is_full=is_full,
        activity=activity,
        level=Level(activity.level).key if activity and activity.level else "",
    )


def _employer(member: Member, today: date) -> Affiliation | None:
    affiliations = member.affiliations.confirmed().filter(days__contains=today)
    return affiliations.select_related("organisation__partner").first()


def _deeds(member: Member) -> list[Deed]:
    """The newest contributions of all identities of the member, deleted ones left out."""
    rows = Contribution.objects.filter(identity__member=member, deleted_at=None).select_related("channel")
    return [
        Deed(row.occurred_at, words.deed(row.kind, row.state), row.title, row.url, row.channel.name)
        for row in rows.order_by("-occurred_at", "-pk")[:RECENT]
    ]
