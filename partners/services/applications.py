"""Asking to become a partner: sending, the gates the machine shows, and the one way an application moves."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from partners import transitions
from partners.models import (
    Partner,
    PartnerApplication,
    PartnerApplicationMove,
    PartnerContact,
    PartnerMembership,
)
from partners.permissions import application_roles
from partners.services.letters import absolute, to_user
from partners.services.profiles import months_shown
from portal.jobs.transitions import MoveRefused, UnknownMove, WrongActor
from portal.members.models import Affiliation, Member, Organisation, User

State = PartnerApplication.State
MONTHS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Gate:
    """What the handbook asks of a partner, and what the machine found; a gate that only people can judge is None."""

    gate: str
    is_met: bool | None
    text: str


def gates(application: PartnerApplication, *, today: date) -> list[Gate]:
    """Membership, people, and three months of contributions."""
    confirmed = (
        Affiliation.objects.confirmed()
        .filter(organisation=application.organisation_id, days__contains=today)
        .values("member")
        .distinct()
        .count()
    )
    months = months_shown(application.organisation_id, today=today, needed=MONTHS_NEEDED)
    shown = [format_date(month, "F Y") for month, is_there in months if is_there]
    words = {"n": len(shown), "needed": MONTHS_NEEDED, "months": ", ".join(shown) or _("none")}
    return [
        Gate(
            "tier",
            None,
            _("Says: %(tier)s. The team looks into the membership.") % {"tier": application.get_tier_display()},
        ),
        Gate("staff", confirmed > 0, _("%(n)s of their people confirmed that they work there.") % {"n": confirmed}),
        Gate(
            "months",
            len(shown) == MONTHS_NEEDED,
            _("Credited work in %(n)s of the last %(needed)s months: %(months)s.") % words,
        ),
    ]


@transaction.atomic
def send(
    *, organisation: Organisation, applicant: Member, answers: Mapping[str, Any], now: datetime
) -> PartnerApplication:
    """An application for an organisation the applicant confirmed to belong to. Raises MoveRefused."""
    belongs = Affiliation.objects.confirmed().filter(
        member=applicant, organisation=organisation, days__contains=now.date()
    )
    if not belongs.exists():
        raise MoveRefused(_("Say on your profile first that you work there."), reason="actor")
    if Partner.objects.filter(organisation=organisation).exists():
        raise MoveRefused(_("This organisation is a partner already."), reason="state")
    try:
        with transaction.atomic():
            application = PartnerApplication.objects.create(
                organisation=organisation, applicant=applicant, sent_at=now, state_since=now, **answers
            )
    except IntegrityError as error:
        raise MoveRefused(_("Somebody of your organisation has applied already."), reason="state") from error
    _note(application, "", State.SUBMITTED, applicant.user, "", now)
    return application


@transaction.atomic
def send_again(
    *, application: PartnerApplication, by: User, answers: Mapping[str, Any], now: datetime
) -> PartnerApplication:
    """With better answers, after changes were asked for."""
    moved = move(application=application, to=State.SUBMITTED, actor=by, now=now)
    for name in ("tier", "staff", "about"):
        setattr(moved, name, answers[name])
    moved.save(update_fields=["tier", "staff", "about"])
    return moved


@transaction.atomic
def move(
    *, application: PartnerApplication, to: str, actor: User, now: datetime, note: str = "", expected: str | None = None
) -> PartnerApplication:
    """Move an application, or raise MoveRefused with a sentence: locks, history, mail to the applicant.

    Approval needs what the machine found to be met, and makes the partner with its membership and first contact.
    """
    locked = PartnerApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    source = locked.state
    if expected is not None and source != expected:
        words = {"state": locked.get_state_display()}
        raise MoveRefused(_("Somebody was faster: this application is “%(state)s” now.") % words, reason="state")
    _check(locked, to, actor, note)
    if to == State.APPROVED:
        _refuse_unmet(locked, now)
        _make_partner(locked, now)
    locked.state, locked.state_since = to, now
    locked.save(update_fields=["state", "state_since"])
    step = _note(locked, source, to, actor, note, now)
    _tell(locked, step)
    return locked


def _check(application: PartnerApplication, to: str, actor: User, note: str) -> None:
    if to not in State.values:
        raise MoveRefused(_("There is no such state."), reason="state")
    words = {"now": application.get_state_display(), "wanted": State(to).label}
    try:
        transitions.APPLICATION.check(source=application.state, target=to, actors=application_roles(actor, application))
    except UnknownMove as refusal:
        raise MoveRefused(
            _("An application that is “%(now)s” cannot become “%(wanted)s”.") % words, reason="state"
        ) from refusal
    except WrongActor as refusal:
        raise MoveRefused(_("You may not move this application to “%(wanted)s”.") % words, reason="actor") from refusal
    if to in {State.CHANGES, State.DECLINED} and not note.strip():
        raise MoveRefused(_("Say why: the applicants read it."))


def _refuse_unmet(application: PartnerApplication, now: datetime) -> None:
    unmet = [gate.text for gate in gates(application, today=now.date()) if gate.is_met is False]
    if unmet:
        raise MoveRefused(_("Not everything is met yet:") + " " + " ".join(unmet))


def _make_partner(application: PartnerApplication, now: datetime) -> Partner:
    partner, _is_new = Partner.objects.get_or_create(
        organisation=application.organisation,
        defaults={"tier": application.tier, "about": application.about, "since_on": now.date()},
    )
    PartnerMembership.objects.get_or_create(partner=partner, tier=application.tier, from_on=partner.since_on)
    if application.applicant is not None:
        PartnerContact.objects.get_or_create(partner=partner, member=application.applicant, ended_at=None)
    return partner


def _note(
    application: PartnerApplication, source: str, to: str, actor: User | None, note: str, now: datetime
) -> PartnerApplicationMove:
    found = [asdict(gate) for gate in gates(application, today=now.date())]
    return PartnerApplicationMove.objects.create(
        application=application,
        from_state=source,
        to_state=to,
        actor=actor,
        note=note.strip()[:1000],
        gates=found,
        at=now,
    )


def _tell(application: PartnerApplication, step: PartnerApplicationMove) -> None:
    applicant = application.applicant
    if applicant is None or applicant.user is None or step.to_state == State.WITHDRAWN:
        return
    context: dict[str, object] = {
        "organisation": str(application),
        "state": step.to_state,
        "note": step.note,
        "url": absolute(application.get_absolute_url()),
    }
    to_user(
        applicant.user, kind="partner_application_moved", about=f"partner_application_move:{step.pk}", context=context
    )
