"""Who the organisers of an application are: on the forum, and in the community."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo, available_timezones

from allauth.account.models import EmailAddress
from django.db.models import Count, Q

from meetups.checking import interest, organisers
from meetups.checking.companies import Worker
from meetups.models import Application, ApplicationOrganiser, Group, Organiser
from meetups.services.forum_threads import forum_site
from portal.members.models import Affiliation, Identity, Member


def local_day(application: Application, moment: datetime) -> date:
    """The day it was or is where the group meets; in UTC while its zone is none."""
    zone = application.time_zone if application.time_zone in available_timezones() else "UTC"
    return moment.astimezone(ZoneInfo(zone)).date()


def forum_people(application: Application, uids: Sequence[str]) -> interest.People:
    """Whom we know among the organisers and those who wrote (`uids`, numbers of the forum)."""
    seats = [seat for seat in application.organisers.select_related("member") if seat.declined_at is None]
    members = {seat.member_id for seat in seats if seat.member_id is not None}
    here = Identity.objects.filter(service="discourse", site=forum_site())
    own = list(here.filter(member__in=members))
    known = here.filter(uid__in=uids).select_related("member")
    elsewhere = Identity.objects.filter(member__in=members).exclude(pk__in=[one.pk for one in own])
    names = {seat.name for seat in seats}
    names |= {word for seat in seats if seat.member for word in (seat.member.name, seat.member.handle)}
    names |= {word for one in [*own, *elsewhere] for word in (one.name, one.username)}
    return interest.People(
        organiser_uids={one.uid for one in own} | {one.uid for one in known if one.member_id in members},
        organiser_usernames={one.username for one in own if one.username},
        organiser_names=names - {""},
        bot_uids={one.uid for one in known if one.is_bot_hint or one.member.is_bot},
        member_of={one.uid: one.member_id for one in known},
    )


def organiser_facts(application: Application, *, now: datetime) -> organisers.Facts:
    """Criterion 3."""
    seats = list(application.organisers.accepted().select_related("member__user").order_by("pk"))
    today, own_group = local_day(application, now), application.group_id or 0
    return organisers.Facts(
        accepted=[_person(seat, seat.member, today, own_group, now) for seat in seats if seat.member],
        waiting=application.organisers.waiting().count(),
    )


def _person(
    seat: ApplicationOrganiser, member: Member, today: date, own_group: int, now: datetime
) -> organisers.Person:
    """One organiser: a handful of queries each, for at most eight of them, in the background."""
    verified = list(
        EmailAddress.objects.filter(user=member.user_id, verified=True).order_by("pk").values_list("email", flat=True)
    )
    works = list(Affiliation.objects.shown().filter(member=member, days__contains=today).select_related("organisation"))
    alive = [Group.State.ONBOARDING, Group.State.ACTIVE, Group.State.QUIET]
    runs = Organiser.objects.current().filter(member=member, group__state__in=alive).exclude(group=own_group)
    counts = Member.objects.filter(pk=member.pk).aggregate(
        joined=Count("group_memberships", distinct=True),
        events=Count("events_created", filter=~Q(events_created__state="draft"), distinct=True),
    )
    began = member.user.joined_at if member.user else member.created_at
    return organisers.Person(
        member=member.pk,
        name=seat.name,
        seat_email=seat.email,
        verified=verified,
        days_here=max((now - began).days, 0),
        services=sorted(member.identities.values_list("service", flat=True).distinct()),
        events=counts["events"],
        groups_joined=counts["joined"],
        groups_run=runs.count(),
        works=Worker(
            names=[name for name in (seat.organisation, *(one.organisation.name for one in works)) if name],
            organisations={one.organisation_id for one in works},
            # Invented people all have their addresses at one invented host.
            emails=[] if member.is_demo else [seat.email, *verified],
        ),
    )
