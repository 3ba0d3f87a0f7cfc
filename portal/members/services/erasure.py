"""Everything that is kept about a person, and erasing them: counts stay, and nothing else."""

import secrets
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.members.models import Affiliation, FormerName, Identity, Member, MemberChange, Merge, MergeSuggestion, Role

_ACCOUNT = ("service", "site", "uid", "username", "name", "url", "email", "is_email_verified", "employer", "location")


class ErasureRefused(Exception):
    """This person cannot be erased just now; the text is for the reader."""


def export_for(member: Member) -> dict[str, list[Any]]:
    """Every row about the member, as plain values by table."""
    user = member.user
    profile = ("name", "handle", "public_id", "about", "place__name", "languages", "skills", "visibility", "bot_state")
    jobs = ("organisation__name", "days", "source", "confirmed_at", "rejected_at", "lapsed_at", "created_at")
    former = FormerName.objects.filter(identity__member=member)
    return {
        "account": [
            {"email": user.email, "language": user.language, "time_zone": user.time_zone, "joined_at": user.joined_at}
        ]
        if user
        else [],
        "profile": list(Member.objects.filter(pk=member.pk).values(*profile, "created_at")),
        "identities": list(member.identities.order_by("pk").values(*_ACCOUNT, "language", "verified_at", "created_at")),
        "former_names": list(former.values("identity__service", "username", "name", "email", "until_at")),
        "affiliations": list(member.affiliations.order_by("pk").values(*jobs)),
        "roles": list(member.roles.values("kind", "region__name", "from_on", "until_on")),
    }


def addresses_of(member: Member) -> list[str]:
    """Every e-mail address of the member's account, in small letters."""
    if member.user is None:
        return []
    known = EmailAddress.objects.filter(user=member.user).values_list("email", flat=True)
    return sorted({member.user.email.lower(), *(email.lower() for email in known)})


def check_erasable(member: Member) -> None:
    """Raises ErasureRefused for people of the team, who first have to hand over, and for somebody erased before."""
    if member.erased_at is not None or member.merged_into_id is not None:
        raise ErasureRefused(_("This person was erased or merged before."))
    if member.user is not None and (member.user.is_staff or member.user.is_superuser):
        raise ErasureRefused(_("You are on the team: let another of the team take your rights away first."))


def erase(member: Member, *, now: datetime) -> None:
    """Blank the member, everybody merged into them, their accounts elsewhere and the account here.

    Identities stay without a name, so that what they did still counts and imports do not make the person anew; so do
    confirmed affiliations, on which the organisations' totals stand.
    """
    with transaction.atomic():
        member = Member.objects.select_for_update().get(pk=member.pk)
        check_erasable(member)
        everyone = _with_merged(member)
        accounts = Identity.objects.filter(member__in=everyone)
        FormerName.objects.filter(identity__in=accounts).delete()
        accounts.update(
            username="", name="", url="", email="", is_email_verified=False, employer="", location="", language="",
            verified_at=None,
        )  # fmt: skip
        Affiliation.objects.filter(member__in=everyone, confirmed_at=None).delete()
        Role.objects.filter(member__in=everyone, until_on=None, from_on__lt=now.date()).update(until_on=now.date())
        MergeSuggestion.objects.filter(Q(first__in=everyone) | Q(second__in=everyone)).delete()
        Merge.objects.filter(Q(kept__in=everyone) | Q(gone__in=everyone)).update(restore={}, reason="")
        _blank(everyone, now)
        if member.user is not None:
            member.user.delete()
        MemberChange.objects.create(member_id=member.pk, kind=MemberChange.Kind.ERASURE)


def _with_merged(member: Member) -> list[int]:
    """The member and all who were merged into them, however many steps away."""
    found, fresh = [member.pk], [member.pk]
    while fresh:
        fresh = list(Member.objects.filter(merged_into__in=fresh).values_list("pk", flat=True))
        found += fresh
    return found


def _blank(members: list[int], now: datetime) -> None:
    rows = Member.objects.filter(pk__in=members)
    rows.update(
        name="", handle="", about="", place=None, languages=[], skills=[], by_hand=[],
        visibility=Member.Visibility.HIDDEN, erased_at=now,
    )  # fmt: skip
    for pk in members:  # old links to the profile lead nowhere
        Member.objects.filter(pk=pk).update(public_id=secrets.token_hex(10))
