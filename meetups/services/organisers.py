"""Who runs a group: inviting somebody, stepping down, removing who is gone, and looking for somebody new."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from meetups.criteria import ENOUGH_ORGANISERS
from meetups.models import Group, GroupMembership, Organiser
from meetups.services import life_letters
from meetups.services import organiser_letters as letters
from meetups.services.drafts import new_token
from meetups.services.invitations import MOST_INVITATIONS_A_DAY, bare_address
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member, User

MOST_WAITING = 8
#: An organiser may remove another who did not sign in for so long; sessions end after thirty days at the latest.
INACTIVE_AFTER = timedelta(days=60)
#: An invitation without an answer is forgotten, and with it the name and address of somebody who never asked for it.
FORGET_AFTER = timedelta(days=30)


@transaction.atomic
def invite(*, group: Group, name: str, email: str, by: Member, now: datetime) -> Organiser:
    """Ask somebody to run the group too; a mail with a page to answer on goes out."""
    locked = _lock(group)
    seats = locked.organisers.filter(ended_at=None).select_related("member__user")
    if sum(not seat.accepted_at for seat in seats) >= MOST_WAITING:
        raise MoveRefused(_("Eight invitations wait for an answer. Take one back to invite somebody else."))
    if any(bare_address(_address(seat)) == bare_address(email) for seat in seats):
        raise MoveRefused(_("This address belongs to an organiser, or was invited already."))
    sent = Message.objects.filter(
        kind="co_organiser_invited", about=letters.about_group(locked), created_at__gte=now - timedelta(days=1)
    )
    if sent.count() >= MOST_INVITATIONS_A_DAY:
        raise MoveRefused(_("That were many invitations for one day. Go on tomorrow."))
    seat = Organiser.objects.create(
        group=locked, invited_name=name.strip(), invited_email=email.strip().lower(), token=new_token(), invited_at=now
    )
    letters.co_organiser_invited(seat, by=by)
    return seat


def _address(seat: Organiser) -> str:
    return seat.member.user.email if seat.member and seat.member.user else seat.invited_email


def addressed_to(seat: Organiser, user: User) -> bool:
    """Whether the invitation went to an address that this account proved to be its own."""
    own = [user.email, *EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)]
    return bare_address(seat.invited_email) in {bare_address(email) for email in own}


@transaction.atomic
def accept(*, seat: Organiser, user: User, member: Member, now: datetime) -> Organiser:
    """The invited person says yes, with an account at the address that was invited."""
    locked = _lock_waiting(seat)
    if not addressed_to(locked, user):
        raise MoveRefused(
            _("This invitation went to another address. Sign in with that one, or add it to your account."),
            reason="actor",
        )
    if locked.group.organisers.filter(member=member, ended_at=None).exists():
        raise MoveRefused(_("You run this group already."), reason="state")
    locked.member, locked.accepted_at = member, now
    locked.save(update_fields=["member", "accepted_at"])
    if locked.group.kind != Group.Kind.EXTERNAL:
        GroupMembership.objects.get_or_create(group=locked.group, member=member, defaults={"joined_at": now})
    letters.co_organiser_answered(locked, name=member.display_name, accepted=True)
    return locked


@transaction.atomic
def decline(*, seat: Organiser, now: datetime) -> Organiser:
    """The invited person says no; who has the mailed link may. The name and address are forgotten."""
    locked = _lock_waiting(seat)
    name = locked.invited_name
    locked.ended_at, locked.invited_email, locked.invited_name = now, "", ""
    locked.save(update_fields=["ended_at", "invited_email", "invited_name"])
    letters.co_organiser_answered(locked, name=name, accepted=False)
    return locked


@transaction.atomic
def take_back(*, seat: Organiser) -> None:
    """Delete an invitation nobody answered."""
    _lock_waiting(seat).delete()


@transaction.atomic
def step_down(*, seat: Organiser, now: datetime, note: str = "") -> Organiser:
    """An organiser leaves, even the last one: nobody is held against their will. Then a successor is looked for."""
    return _end(_lock_current(seat), now=now, reason=note)


@transaction.atomic
def remove(*, seat: Organiser, by: User, reason: str, now: datetime) -> Organiser:
    """An organiser removes another who is gone; the person is told why. Whoever is still there, the team decides."""
    locked = _lock_current(seat)
    if not locked.group.organisers.current().filter(member__user=by).exists():
        raise MoveRefused(_("Only an organiser of this group can do that."), reason="actor")
    if locked.member is not None and locked.member.user_id == by.pk:
        raise MoveRefused(_("To leave yourself, step down."))
    if not is_gone(locked, now=now):
        raise MoveRefused(
            _("%(name)s was here within the last two months. Talk to each other, or ask the team.")
            % {"name": locked.member}
        )
    if not reason.strip():
        raise MoveRefused(_("Say why, in a sentence the person reads."))
    ended = _end(locked, now=now, reason=reason)
    letters.organiser_removed(ended, reason=reason)
    return ended


def is_gone(seat: Organiser, *, now: datetime) -> bool:
    """No account any more, or nobody signed in with it for two months, and the seat is no newer than that."""
    user = seat.member.user if seat.member else None
    if user is None or not user.is_active:
        return True
    seen = [user.last_login, user.joined_at, seat.accepted_at]
    return max(at for at in seen if at is not None) <= now - INACTIVE_AFTER


def _end(seat: Organiser, *, now: datetime, reason: str) -> Organiser:
    seat.ended_at, seat.ended_reason = now, reason.strip()[:300]
    seat.save(update_fields=["ended_at", "ended_reason"])
    letters.organiser_ended(seat)
    _search_successor(seat.group, revision=seat.pk)
    return seat


def _search_successor(group: Group, *, revision: int) -> bool:
    """Open the search where fewer than two are left; it is mailed once for each seat that ended."""
    left = group.organisers.current().count()
    is_open = left < ENOUGH_ORGANISERS and group.kind != Group.Kind.EXTERNAL and group.state != Group.State.SUSPENDED
    known = Message.objects.filter(kind="successor_search", about=letters.about_group(group), revision=revision)
    if not is_open or known.exists():
        return False
    return life_letters.successor_search(group, revision=revision, organisers=left) > 0


def lacking_organisers() -> list[tuple[int, int]]:
    """(group, its seat that ended last) where organisers went in any way: an account was erased, the team took one."""
    alive = Group.objects.alive().exclude(kind=Group.Kind.EXTERNAL)
    is_current = Q(organisers__accepted_at__isnull=False, organisers__ended_at=None)
    has_ended = Q(organisers__accepted_at__isnull=False, organisers__ended_at__isnull=False)
    few = alive.annotate(
        left=Count("organisers", filter=is_current),
        last_seat=Max("organisers", filter=has_ended),
    ).filter(left__lt=ENOUGH_ORGANISERS)
    return [(group.pk, group.last_seat or 0) for group in few.order_by("pk")]


@transaction.atomic
def open_successor_search(*, group: Group, revision: int) -> bool:
    """Ask the members of a group that lacks organisers, once for each seat that ended; False when it was asked."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    return _search_successor(locked, revision=revision)


def forget_old_invitations(*, now: datetime) -> int:
    """Delete what nobody answered for a month."""
    waiting = Organiser.objects.filter(accepted_at=None, ended_at=None, member=None)
    return waiting.filter(invited_at__lte=now - FORGET_AFTER).delete()[0]


def _lock(group: Group) -> Group:
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.state == Group.State.SUSPENDED:
        raise MoveRefused(_("This group is suspended."), reason="state")
    return locked


def _lock_seat(seat: Organiser) -> Organiser:
    _lock(seat.group)
    rows = Organiser.objects.select_for_update(of=("self",)).select_related("group", "member__user")
    locked = rows.filter(pk=seat.pk).first()
    if locked is None:
        raise MoveRefused(_("This invitation was taken back."), reason="state")
    return locked


def _lock_waiting(seat: Organiser) -> Organiser:
    locked = _lock_seat(seat)
    if locked.accepted_at is not None:
        raise MoveRefused(_("This invitation was accepted already."), reason="state")
    if locked.ended_at is not None:
        raise MoveRefused(_("You said no. If that changes, ask to be invited again."), reason="state")
    return locked


def _lock_current(seat: Organiser) -> Organiser:
    locked = _lock_seat(seat)
    if locked.accepted_at is None or locked.ended_at is not None:
        raise MoveRefused(_("This person does not run the group now."), reason="state")
    return locked
