"""A partner's own profile: what contacts change at once, what waits for the team, whom they invite."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.models import MonthCredit
from dashboard.services.summary_span import months_before
from partners.models import (
    Partner,
    PartnerContact,
    PartnerInvitation,
    PartnerLogo,
    PartnerMembership,
    ProfileChange,
    RankingRun,
)
from partners.models.contacts import INVITATION_LASTS
from partners.services import letters
from portal.jobs.transitions import MoveRefused
from portal.members.models import Affiliation, Member, User
from portal.members.services import add_affiliation

MOST_INVITATIONS_A_DAY = 10


@transaction.atomic
def edit_profile(*, partner: Partner, answers: Mapping[str, Any]) -> Partner:
    """Description, services, languages and countries, shown at once."""
    locked = Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    for name in ("about", "services", "languages", "country_codes"):
        setattr(locked, name, answers[name])
    locked.save(update_fields=["about", "services", "languages", "country_codes"])
    return locked


def refresh_tiers(*, today: date) -> int:
    """Let every partner show the tier of its membership of today; returns how many changed."""
    rows = PartnerMembership.objects.filter(Q(until_on=None) | Q(until_on__gt=today), from_on__lte=today)
    tier = Subquery(rows.filter(partner=OuterRef("pk")).values("tier")[:1])
    stale = Partner.objects.annotate(tier_now=tier).exclude(tier_now=None).exclude(tier=F("tier_now"))
    return Partner.objects.filter(pk__in=list(stale.values_list("pk", flat=True))).update(tier=tier)


@transaction.atomic
def ask_change(*, partner: Partner, by: Member, changes: Mapping[str, Any], now: datetime) -> ProfileChange:
    """Ask for another name, address or logo; a newer question takes the place of the one that waits."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    waiting = ProfileChange.objects.filter(partner=partner, state=ProfileChange.State.WAITING)
    waiting.update(state=ProfileChange.State.WITHDRAWN, decided_at=now)
    return ProfileChange.objects.create(partner=partner, asked_by=by, asked_at=now, **changes)


@transaction.atomic
def decide_change(*, change: ProfileChange, accept: bool, by: User, now: datetime, answer: str = "") -> ProfileChange:
    """The team says yes or, with a reason, no. MoveRefused when it was decided or the name is taken."""
    locked = (
        ProfileChange.objects.select_for_update(of=("self",)).select_related("partner__organisation").get(pk=change.pk)
    )
    if locked.state != ProfileChange.State.WAITING:
        raise MoveRefused(_("This was decided already."), reason="state")
    if not accept and not answer.strip():
        raise MoveRefused(_("Say why not: the partner reads it."))
    locked.state = ProfileChange.State.ACCEPTED if accept else ProfileChange.State.DECLINED
    locked.decided_by, locked.decided_at, locked.answer = by, now, answer.strip()[:300]
    locked.save()
    if accept:
        _apply(locked)
    return locked


def _apply(change: ProfileChange) -> None:
    organisation, partner = change.partner.organisation, change.partner
    if change.name:
        taken = type(organisation).objects.filter(name__iexact=change.name).exclude(pk=organisation.pk)
        if taken.exists():
            raise MoveRefused(_("Another organisation has this name by now."))
        organisation.name = change.name
    if change.website:
        organisation.website = change.website
    organisation.save(update_fields=["name", "website"])
    if change.logo:
        picture = bytes(change.logo)
        PartnerLogo.objects.update_or_create(partner=partner, defaults={"picture": picture})
        partner.logo_alt, partner.logo_version = change.logo_alt, hashlib.sha256(picture).hexdigest()[:12]
        partner.save(update_fields=["logo_alt", "logo_version"])


@transaction.atomic
def invite(*, partner: Partner, by: Member, address: str, kind: str, now: datetime) -> PartnerInvitation:
    """Write to an address; a partner sends ten letters a day at most."""
    Partner.objects.select_for_update(of=("self",)).get(pk=partner.pk)
    sent = partner.invitations.filter(invited_at__gte=now - timedelta(days=1))
    if sent.count() >= MOST_INVITATIONS_A_DAY:
        raise MoveRefused(_("That were many invitations for one day. Go on tomorrow."))
    token = secrets.token_urlsafe(32)
    invitation = PartnerInvitation.objects.create(
        partner=partner,
        kind=kind,
        address=address.strip().lower(),
        token_hash=hashed(token),
        invited_by=by,
        invited_at=now,
    )
    url = letters.absolute(reverse("partners:invitation", args=[token]))
    letters.invited(invitation, url=url, by=by.display_name)
    return invitation


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def accept_invitation(
    *, invitation: PartnerInvitation, member: Member, now: datetime, from_on: date | None = None
) -> PartnerInvitation:
    """The invited person says yes: works there from a day on, or looks after the profile. Raises MoveRefused."""
    locked = PartnerInvitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if locked.answered_at is not None or locked.invited_at < now - INVITATION_LASTS:
        raise MoveRefused(_("This invitation was answered, or is too old. Ask for a new one."), reason="state")
    if not _still_stands(locked):
        raise MoveRefused(_("Who invited you speaks for this partner no more. Ask them for a new one."), reason="state")
    mailboxes = {(member.user.email if member.user else "").lower()}
    if locked.address not in mailboxes:
        raise MoveRefused(_("This invitation went to another address than the one of your account."), reason="actor")
    if locked.kind == PartnerInvitation.Kind.PERSON:
        try:
            add_affiliation(member=member, organisation=locked.partner.organisation, from_on=from_on)
        except ValidationError as problem:
            raise MoveRefused(" ".join(problem.messages)) from problem
    else:
        PartnerContact.objects.get_or_create(partner=locked.partner, member=member, ended_at=None)
    locked.answered_at = now
    locked.save(update_fields=["answered_at"])
    return locked


def _still_stands(invitation: PartnerInvitation) -> bool:
    """An invitation is worth what its sender may still do: it ends with their seat, and with the partner."""
    is_theirs = PartnerContact.objects.current().filter(
        partner=invitation.partner_id, member=invitation.invited_by_id, member__user__is_active=True
    )
    return Partner.objects.current().filter(pk=invitation.partner_id).exists() and is_theirs.exists()


def pending_people(partner: Partner) -> list[Affiliation]:
    """Claims on people of this partner that the person has not answered; a claim of three months has lapsed."""
    rows = Affiliation.objects.pending().filter(organisation=partner.organisation_id)
    return list(rows.select_related("member").order_by("-created_at", "-pk")[:100])


def frozen_months_of(affiliations: Sequence[Affiliation]) -> dict[int, list[date]]:
    """For each affiliation the frozen months in whose days the person earned credit that counts for another, or nobody.

    Whatever is decided about these days changes no frozen month by itself: only a correction does. Two queries.
    """
    frozen = set(RankingRun.objects.official().values_list("month", flat=True))
    rows = MonthCredit.objects.filter(
        member__in=[one.member_id for one in affiliations], credit__gt=0, month__in=frozen
    ).values_list("member_id", "organisation_id", "month")
    earned = list(rows)
    found = {}
    for one in affiliations:
        first, end = one.days.lower, one.days.upper
        found[one.pk] = sorted(
            {
                month
                for member, organisation, month in earned
                if member == one.member_id
                and organisation != one.organisation_id
                and (first is None or month >= first.replace(day=1))
                and (end is None or month < end)
            }
        )
    return found


def months_shown(organisation: int, *, today: date, needed: int = 3) -> list[tuple[date, bool]]:
    """The last whole months, newest first, and whether the organisation's people earned credit in each."""
    months = [months_before(today, number) for number in range(1, needed + 1)]
    there = set(
        MonthCredit.objects.filter(organisation=organisation, credit__gt=0, month__in=months).values_list(
            "month", flat=True
        )
    )
    return [(month, month in there) for month in months]
