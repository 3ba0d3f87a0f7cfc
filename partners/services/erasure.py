"""What a person is told of themselves from here, and what is left of them when they are erased."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from partners.models import PartnerApplication, PartnerContact, PartnerInvitation, ProfileChange, Sponsorship
from partners.services import applications
from portal.jobs.transitions import MoveRefused
from portal.mail.erasure import FORGOTTEN
from portal.members.models import Member


def export_for(member: Member, addresses: Collection[str]) -> dict[str, list[Any]]:
    """Every row about the member, as plain values by table."""
    asked = ("organisation__name", "tier", "staff", "about", "state", "sent_at")
    changes = ("partner__organisation__name", "name", "website", "logo_alt", "state", "asked_at", "answer")
    invited = PartnerInvitation.objects.filter(Q(invited_by=member) | Q(address__in=list(addresses)))
    said_yes = Sponsorship.objects.filter(Q(partner_yes_by=member) | Q(group_yes_by=member))
    return {
        "contact_of": list(_seats(member).values("partner__organisation__name", "since", "ended_at")),
        "applications": list(PartnerApplication.objects.filter(applicant=member).values(*asked)),
        "changes": list(ProfileChange.objects.filter(asked_by=member).values(*changes)),
        "invitations": list(
            invited.values("partner__organisation__name", "kind", "address", "invited_at", "answered_at")
        ),
        "sponsorships": list(said_yes.values("partner__organisation__name", "need__title", "state", "note")),
    }


@transaction.atomic
def erase(member: Member, addresses: Collection[str], *, now: datetime) -> None:
    """Their seats end, open applications are withdrawn, and no address and no word of theirs about people stays."""
    _seats(member).filter(ended_at=None).update(ended_at=now)
    for application in PartnerApplication.objects.filter(applicant=member):
        _withdraw(application, member, now)
    PartnerApplication.objects.filter(applicant=member).update(staff="")
    theirs = PartnerInvitation.objects.filter(address__in=list(addresses))
    theirs.filter(answered_at=None).delete()
    theirs.update(address=FORGOTTEN)


def _seats(member: Member) -> Any:
    return PartnerContact.objects.filter(member=member).order_by("pk")


def _withdraw(application: PartnerApplication, member: Member, now: datetime) -> None:
    if member.user is None:
        return
    try:
        applications.move(application=application, to="withdrawn", actor=member.user, now=now)
    except MoveRefused:  # decided long ago
        return
