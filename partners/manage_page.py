"""The page of a partner's contacts: what waits, who is meant, what was offered and what fits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from partners.forms import InviteForm
from partners.models import Partner, PartnerContact, Sponsorship
from partners.services import profiles, sponsorships
from portal.members.models import Affiliation

SHOWN = 30


@dataclass(frozen=True, slots=True)
class PendingPerson:
    """A claim on a person that the person has not answered, and the frozen months that lie in its days."""

    affiliation: Affiliation
    name: str
    frozen_months: list[date]


def manage_page(partner: Partner, now: datetime, invite_form: InviteForm) -> dict[str, Any]:
    """What the template needs."""
    given = Sponsorship.objects.filter(partner=partner).select_related("need__group", "need__event", "group", "event")
    contacts = PartnerContact.objects.current().filter(partner=partner).select_related("member").order_by("pk")
    return {
        "partner": partner,
        "changes": partner.changes.defer("logo")[:5],
        "contacts": [contact.member for contact in contacts],
        "pending": _pending(partner),
        "months_shown": profiles.months_shown(partner.organisation_id, today=now.date()),
        "invitations": partner.invitations.select_related("invited_by")[:SHOWN],
        "invite_form": invite_form,
        "offers": partner.offers.filter(ended_at=None).prefetch_related("regions"),
        "open_sponsorships": given.filter(state__in=Sponsorship.OPEN),
        "agreed_sponsorships": given.agreed()[:SHOWN],
        "suggested": sponsorships.needs_for(partner, now)[:SHOWN],
    }


def _pending(partner: Partner) -> list[PendingPerson]:
    """One query for the claims, one for the frozen months of all of them."""
    claims = profiles.pending_people(partner)
    touched = profiles.frozen_months_of(claims)
    return [PendingPerson(claim, claim.member.display_name, touched[claim.pk]) for claim in claims]
