"""The demo's partner programme: contacts, tiers, offers, sponsored evenings, the last months as they were ranked."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from dashboard.services.summary_span import months_before
from meetups.models import Event, SponsorshipNeed
from partners.models import Partner, PartnerContact, PartnerMembership, Sponsorship, SponsorshipOffer
from partners.services.flags import raise_flags
from partners.services.runs import rank_month
from portal.members.models import Member

MONTHS_FROZEN = 6
_HELP: Sequence[tuple[str, ...]] = (
    ("food", "room"),
    ("travel",),
    ("room", "equipment"),
    ("print", "food"),
    ("access", "other"),
)


def settle_programme(contact: Member, *, today: date, now: datetime) -> None:
    """Tiers with a day, the cast's contact at the first partner, offers of five, thanks for evenings of last month."""
    partners = list(Partner.objects.filter(organisation__is_demo=True).order_by("pk"))
    PartnerMembership.objects.bulk_create(
        PartnerMembership(partner=partner, tier=partner.tier, from_on=partner.since_on) for partner in partners
    )
    PartnerContact.objects.create(partner=partners[0], member=contact, since=now)
    SponsorshipOffer.objects.bulk_create(
        SponsorshipOffer(partner=partner, categories=list(categories), country_codes=partner.country_codes, made_at=now)
        for partner, categories in zip(partners, _HELP, strict=False)
    )
    _offer_to_open_needs(partners, contact, now)
    _thank(partners, contact, today, now)


def _offer_to_open_needs(partners: Sequence[Partner], contact: Member, now: datetime) -> None:
    """The first partner has offered to help with one need, and was asked about another."""
    needs = list(SponsorshipNeed.objects.filter(is_demo=True, state="open").order_by("pk")[:2])
    states = [("offered", {"partner_yes_at": now}), ("asked", {"group_yes_at": now})]
    for need, (state, yes) in zip(needs, states, strict=False):
        Sponsorship.objects.create(
            need=need, partner=partners[0], group=need.group, event=need.event, state=state, made_at=now, **yes
        )


def _thank(partners: Sequence[Partner], contact: Member, today: date, now: datetime) -> None:
    """Evenings that were held since the beginning of last month had their food from partners."""
    start = datetime.combine(months_before(today, 1), now.timetz())
    held = Event.objects.filter(is_demo=True, state=Event.State.HELD, starts_at__gte=start, starts_at__lt=now)
    for number, event in enumerate(held.select_related("group").order_by("starts_at", "pk")[:8]):
        at = event.starts_at - timedelta(days=9)
        need = SponsorshipNeed.objects.create(
            group=event.group,
            event=event,
            title=_("Food for the evening"),
            category="food",
            needed_by_on=event.starts_at.date(),
            state="fulfilled",
            state_since=event.ends_at,
            stated_at=at,
            is_demo=True,
        )
        Sponsorship.objects.create(
            need=need,
            partner=partners[(number * 3) % 7],
            group=event.group,
            event=event,
            state="given",
            partner_yes_at=at,
            group_yes_at=at,
            partner_yes_by=contact if number == 0 else None,
            made_at=at,
            state_since=event.ends_at,
        )


def rank_months(*, today: date) -> None:
    """The last months as the rule ranked them; needs the summaries."""
    for number in range(MONTHS_FROZEN, 0, -1):
        rank_month(month=months_before(today, number), today=today)
    raise_flags(month=months_before(today, 1))
