"""Needs meet offers: suggestions, and the moves of a sponsorship until both sides said yes and it was given."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from meetups.models import SponsorshipNeed
from meetups.services.needs import move_need
from meetups.transitions import SYSTEM
from partners import transitions
from partners.matching import Needed, Offered, any_fits
from partners.models import Partner, Sponsorship, SponsorshipOffer
from partners.services import letters
from portal.jobs.transitions import MoveRefused, UnknownMove, WrongActor
from portal.members.models import Member

State = Sponsorship.State
Need = SponsorshipNeed.State


@transaction.atomic
def begin(
    *, need: SponsorshipNeed, partner: Partner, by: Member, side: str, note: str = "", now: datetime
) -> Sponsorship:
    """One side answers a need: a contact offers, or an organiser asks a partner. Raises MoveRefused with a sentence."""
    locked = SponsorshipNeed.objects.select_for_update(of=("self",)).get(pk=need.pk)
    if locked.state != Need.OPEN or locked.needed_by_on < now.date():
        raise MoveRefused(_("This is no longer needed, or somebody else promised it."), reason="state")
    is_offer = side == transitions.CONTACT
    yes = {"partner_yes_at": now, "partner_yes_by": by} if is_offer else {"group_yes_at": now, "group_yes_by": by}
    sponsorship = Sponsorship(
        need=locked,
        partner=partner,
        group=locked.group,
        event=locked.event,
        state=State.OFFERED if is_offer else State.ASKED,
        note=note.strip()[:500],
        made_at=now,
        state_since=now,
        **yes,
    )
    try:
        with transaction.atomic():
            sponsorship.save(force_insert=True)
    except IntegrityError as error:
        raise MoveRefused(_("You are talking about this already."), reason="state") from error
    _tell(sponsorship, side)
    return sponsorship


@transaction.atomic
def move(
    *, sponsorship: Sponsorship, to: str, actors: Collection[str], by: Member | None, now: datetime
) -> Sponsorship:
    """Move a sponsorship and the need with it, or raise MoveRefused with a sentence."""
    need = SponsorshipNeed.objects.select_for_update(of=("self",)).get(pk=sponsorship.need_id)
    locked = Sponsorship.objects.select_for_update(of=("self",)).get(pk=sponsorship.pk)
    _check(locked, to, actors)
    source = locked.state
    if to == State.AGREED:
        if need.state != Need.OPEN:
            raise MoveRefused(_("This is no longer needed, or somebody else promised it."), reason="state")
        if source == State.OFFERED:
            locked.group_yes_at, locked.group_yes_by = now, by
        else:
            locked.partner_yes_at, locked.partner_yes_by = now, by
    locked.state, locked.state_since = to, now
    locked.save()
    _move_need(need, source, to, now)
    if to == State.AGREED:
        _decline_others(locked, now)
    _tell(locked, transitions.CONTACT if transitions.CONTACT in actors else transitions.ORGANISER)
    return locked


def _check(sponsorship: Sponsorship, to: str, actors: Collection[str]) -> None:
    if to not in State.values:
        raise MoveRefused(_("There is no such state."), reason="state")
    words = {"now": sponsorship.get_state_display(), "wanted": State(to).label}
    try:
        transitions.SPONSORSHIP.check(source=sponsorship.state, target=to, actors=actors)
    except UnknownMove as refusal:
        raise MoveRefused(_("What is “%(now)s” cannot become “%(wanted)s”.") % words, reason="state") from refusal
    except WrongActor as refusal:
        raise MoveRefused(_("The other side decides about that."), reason="actor") from refusal


def _move_need(need: SponsorshipNeed, source: str, to: str, now: datetime) -> None:
    wanted = {State.AGREED: Need.MATCHED, State.GIVEN: Need.FULFILLED}.get(State(to))
    if to == State.WITHDRAWN and source == State.AGREED:
        wanted = Need.OPEN
    if wanted is None or need.state in {wanted, Need.FULFILLED, Need.CLOSED}:
        return
    move_need(need=need, to=wanted, actors={SYSTEM}, now=now)


def _decline_others(agreed: Sponsorship, now: datetime) -> None:
    others = Sponsorship.objects.filter(need=agreed.need, state__in=Sponsorship.OPEN).exclude(pk=agreed.pk)
    for other in others.select_related("partner__organisation", "need", "group", "event"):
        other.state, other.state_since = State.DECLINED, now
        other.save(update_fields=["state", "state_since"])
        _tell(other, transitions.ORGANISER)


def _tell(sponsorship: Sponsorship, side: str) -> None:
    """The side that did not act hears of it."""
    for_partner = side != transitions.CONTACT
    if for_partner:
        path = reverse("partners:partner_manage", args=[sponsorship.partner.organisation.slug])
    elif sponsorship.group is not None:
        path = reverse("partners:group_sponsors", args=[sponsorship.group.slug])
    else:
        path = sponsorship.need.get_absolute_url()
    letters.sponsorship_moved(sponsorship, for_partner=for_partner, path=path)


def offered_by(offers: Iterable[SponsorshipOffer]) -> list[Offered]:
    """Offers as the pure rule takes them; regions must be prefetched."""
    found = []
    for offer in offers:
        regions = list(offer.regions.all())
        found.append(
            Offered(
                frozenset(offer.categories),
                frozenset(offer.country_codes).union(*(region.country_codes for region in regions)),
                frozenset().union(*(region.area_codes for region in regions)),
                offer.limit,
                offer.currency,
            )
        )
    return found


def needed_by(need: SponsorshipNeed) -> Needed:
    """A need as the pure rule takes it; group and place must be selected."""
    place = need.group.place if need.group is not None else None
    country, area = (place.country_code, place.area_code) if place else ("", "")
    return Needed(need.category, country, area, need.amount, need.currency)


def standing_offers(now: datetime) -> list[SponsorshipOffer]:
    """Offers of current partners that are still open."""
    rows = SponsorshipOffer.objects.filter(ended_at=None, partner__in=Partner.objects.current().values("pk"))
    rows = rows.exclude(until_on__lt=now.date())
    return list(rows.select_related("partner__organisation").prefetch_related("regions"))


def needs_for(partner: Partner, now: datetime) -> list[SponsorshipNeed]:
    """Open needs that fit what the partner offers and that it does not talk about yet; soonest first."""
    offers = offered_by(one for one in standing_offers(now) if one.partner_id == partner.pk)
    if not offers:
        return []
    talked = Sponsorship.objects.filter(partner=partner).values("need")
    rows = SponsorshipNeed.objects.open(now.date()).exclude(pk__in=talked).select_related("group__place", "event")
    return [need for need in rows[:500] if any_fits(offers, needed_by(need))]


def partners_for(need: SponsorshipNeed, offers: list[SponsorshipOffer], *, talking: Collection[int]) -> list[Partner]:
    """Partners whose offers fit a need and who do not talk about it yet."""
    wanted = needed_by(need)
    found = {}
    for offer in offers:
        if offer.partner_id not in talking and any_fits(offered_by([offer]), wanted):
            found[offer.partner_id] = offer.partner
    return list(found.values())
