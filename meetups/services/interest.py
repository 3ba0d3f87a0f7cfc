"""Saying what one would do at a place, taking it back, and turning the place into a draft of an application."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups.models import Application, Group, Interest
from meetups.models.interest import InterestQuerySet
from meetups.services import drafts, letters
from portal.members.models import Member, User
from portal.places.models import Place


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


def _lock(member: Member) -> None:
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _standing(member: Member, place: Place) -> InterestQuerySet:
    return Interest.objects.filter(member=member, place=place, withdrawn_at=None)
