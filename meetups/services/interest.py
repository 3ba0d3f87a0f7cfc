"""Saying what one would do at a place, taking it back, and turning the place into a draft of an application."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups.models import Application, Group, Interest
from meetups.models.interest import InterestQuerySet
from meetups.services import drafts, interest_letters, letters
from portal.members.models import Member, User
from portal.places.distances import distance_km, near
from portal.places.models import Place

#: So far people go to a group of a neighbouring town.
NEIGHBOUR_KM = 50


@transaction.atomic
def say_interest(
    *, member: Member, place: Place, kinds: Collection[str], wants_introduction: bool, now: datetime
) -> list[Interest]:
    """What the member would do at the place is exactly `kinds` from now on; saying the same again changes nothing.

    The database keeps one row for each kind; two requests of one member wait for each other.
    """
    _lock(member)
    chosen = [kind for kind in Interest.Kind.values if kind in kinds]
    Interest.objects.bulk_create(
        [
            Interest(
                member=member,
                place=place,
                kind=kind,
                wants_introduction=wants_introduction,
                created_at=now,
                is_demo=member.is_demo,
            )
            for kind in chosen
        ],
        update_conflicts=True,
        unique_fields=["member", "place", "kind"],
        update_fields=["wants_introduction", "withdrawn_at"],
    )
    _standing(member, place).exclude(kind__in=chosen).update(withdrawn_at=now, wants_introduction=False)
    return list(_standing(member, place).order_by("pk"))


@transaction.atomic
def withdraw_interest(*, member: Member, place: Place, now: datetime) -> bool:
    """Take back all of it; False when there was nothing."""
    _lock(member)
    return bool(_standing(member, place).update(withdrawn_at=now, wants_introduction=False))


@transaction.atomic
def apply_for_place(*, member: Member, user: User, place: Place, now: datetime) -> Application:
    """The member's own draft for this place: the one they have, or a new one filled with what is known.

    Nobody has read the promises yet, so the draft waits for its applicant to accept them. Raises MoveRefused when the
    member has too many under way.
    """
    _lock(member)
    mine = Application.objects.filter(applicant=member, place=place, state=Application.State.DRAFT)
    draft = mine.order_by("-pk").first()
    if draft is not None:
        return draft
    values = {
        "place": place,
        "time_zone": place.time_zone,
        "group_name": f"{settings.COMMUNITY.software} {place.name}"[:120],
        "interest_note": interest_note(Interest.objects.filter(place=place).standing().tally()),
    }
    return drafts.start_draft(
        member=member, user=user, kind=Application.Kind.MEETUP, now=now, values=values, has_agreed=False
    )


def interest_note(tally: dict[str, int]) -> str:
    """The pooled interest in a sentence or two, as numbers; empty where nobody said anything."""
    if not tally["people"]:
        return ""
    sentences = [
        ngettext(
            "%(n)d person told this portal of interest in the place.",
            "%(n)d people told this portal of interest in the place.",
            tally["people"],
        )
        % {"n": tally["people"]}
    ]
    words = {
        Interest.Kind.JOIN: _("%(n)d would join"),
        Interest.Kind.ORGANISE: _("%(n)d would co-organise"),
        Interest.Kind.HOST: _("%(n)d would host"),
        Interest.Kind.SPEAK: _("%(n)d would speak"),
        Interest.Kind.SPONSOR: _("%(n)d would sponsor"),
    }
    parts = [phrase % {"n": tally[kind]} for kind, phrase in words.items() if tally[kind]]
    return " ".join([*sentences, f"{', '.join(parts)}."])


def tell_interested(group: Group, *, not_before: datetime | None = None) -> None:
    """Write to everybody who said interest in the group's place that there is a group now; organisers know it."""
    if group.place_id is None:
        return
    running = group.organisers.current().values("member")
    waiting = Interest.objects.filter(place=group.place_id).standing().exclude(member__in=running).values("member")
    for user in User.objects.filter(member__in=waiting, is_active=True).order_by("pk"):
        letters.group_started(group, user, not_before=not_before)


def tell_neighbours(group: Group, *, not_before: datetime | None = None) -> int:
    """Write, once each, to people who wait in a town near the new group and have no nearer group that lives.

    Whoever waits in the group's own place was told by `tell_interested`. Three queries and one for the letters' people;
    returns how many letters were new.
    """
    if group.place is None:
        return 0
    lat, lon = group.place.latitude, group.place.longitude
    towns = near(Place.objects.exclude(pk=group.place.pk), latitude=lat, longitude=lon, km=NEIGHBOUR_KM)
    waiting = Interest.objects.standing().filter(place__in=towns.order_by().values("pk"))
    told = Interest.objects.filter(place=group.place_id).standing().values("member")
    waiting = waiting.exclude(member__in=told).exclude(member__in=group.organisers.current().values("member"))
    # A group nearer to such a town than this one cannot be farther from here than twice the reach.
    alive = Group.objects.alive().filter(kind=Group.Kind.MEETUP).exclude(pk=group.pk)
    others = list(
        near(alive, latitude=lat, longitude=lon, km=2 * NEIGHBOUR_KM, prefix="place__").values_list(
            "place__latitude", "place__longitude"
        )
    )
    nearest: dict[int, tuple[float, Place]] = {}
    for row in waiting.select_related("place"):
        km = distance_km(row.place.latitude, row.place.longitude, lat, lon)
        if any(distance_km(row.place.latitude, row.place.longitude, *other) <= km for other in others):
            continue
        if row.member_id not in nearest or km < nearest[row.member_id][0]:
            nearest[row.member_id] = (km, row.place)
    users = User.objects.filter(member__in=nearest, is_active=True).select_related("member").order_by("pk")
    return sum(
        interest_letters.group_near(group, user, *nearest[user.member.pk], not_before=not_before) for user in users
    )


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _standing(member: Member, place: Place) -> InterestQuerySet:
    return Interest.objects.filter(member=member, place=place, withdrawn_at=None)
