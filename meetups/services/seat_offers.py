"""Whoever was sent on to a group or to another application may ask for a seat there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from meetups.models import Application, ApplicationOrganiser, OrganiserRequest
from meetups.services import invitations, organiser_requests
from meetups.services.letters import _facts, about, absolute, to_user
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member

LONGEST_NOTE = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """Where somebody was sent on to, whether they may ask for a seat there now, and whether they did."""

    name: str
    url: str
    can_ask: bool
    was_asked: bool


def offer_for(application: Application, member: Member | None) -> Offer | None:
    """The offer of a redirected application as `member` reads it; None for every other state."""
    if application.state != Application.State.REDIRECTED:
        return None
    seat = _seat_of(application, member)
    group, other = application.redirected_to, application.redirected_to_application
    if group is not None:
        asked = seat is not None and OrganiserRequest.objects.filter(group=group, member=member).exists()
        return Offer(group.name, group.get_absolute_url(), seat is not None and not asked, asked)
    if other is None:
        return None
    asked = seat is not None and _was_asked(other, seat)
    url = f"{reverse('meetups:application_list')}?text={other.pk}"
    return Offer(str(other), url, seat is not None and other.is_open and not asked, asked)


@transaction.atomic
def ask_for_seat(*, application: Application, member: Member, note: str, now: datetime) -> bool:
    """Ask to organise where the application was sent on to; False when they asked before. Raises MoveRefused."""
    # The person first, as whoever invites or asks a host for an application does.
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    seat = _seat_of(locked, member)
    if seat is None:
        raise MoveRefused(_("Only the organisers of this application were offered a seat."), reason="actor")
    if locked.state != Application.State.REDIRECTED:
        raise MoveRefused(_("This application was not sent on."), reason="state")
    note = note.strip()[:LONGEST_NOTE]
    if locked.redirected_to is not None:
        group = locked.redirected_to
        waits = OrganiserRequest.objects.filter(group=group, member=member, state="waiting").exists()
        organiser_requests.ask_to_organise(group=group, member=member, note=note, now=now)
        return not waits
    target = locked.redirected_to_application
    if target is None or not target.is_open:
        raise MoveRefused(_("The application you were sent on to is decided; look for its group."), reason="state")
    return _write(target, seat, note)


def asked_seat(target: Application, pk: int) -> ApplicationOrganiser | None:
    """The seat, in an application that was sent on to `target`, whose member asked to organise there."""
    seats = ApplicationOrganiser.objects.accepted().select_related("application", "member__user")
    seat = seats.filter(pk=pk, application__redirected_to_application=target).first()
    return seat if seat is not None and _was_asked(target, seat) else None


def invite_asker(*, target: Application, seat: ApplicationOrganiser, now: datetime) -> ApplicationOrganiser:
    """The organisers of `target` say yes: the asker is invited as everybody is, and accepts the promises there."""
    user = seat.member.user if seat.member else None
    if user is None or not user.is_active:
        raise MoveRefused(_("This person has no account any more."), reason="state")
    return invitations.invite(application=target, name=seat.name, email=user.email, now=now)


def _seat_of(application: Application, member: Member | None) -> ApplicationOrganiser | None:
    return application.organisers.accepted().filter(member=member).first() if member else None


def _was_asked(target: Application, seat: ApplicationOrganiser) -> bool:
    return Message.objects.filter(kind="seat_asked", about=about(target), revision=seat.pk).exists()


def _write(target: Application, seat: ApplicationOrganiser, note: str) -> bool:
    """To who began the other application: who asks, and the page on which they answer. Once."""
    user = target.applicant.user
    if user is None:
        raise MoveRefused(_("Nobody can answer there. Write to the team."), reason="state")
    page = reverse("meetups:seat_asked", args=[target.public_id, seat.pk])
    context = {**_facts(target), "name": seat.name, "note": note, "url": absolute(page)}
    return to_user(user, kind="seat_asked", subject=about(target), revision=seat.pk, context=context)
