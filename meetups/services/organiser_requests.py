"""Asking to run a group, and the answer: the way to step up, to take a seat that was offered, to claim a community."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from meetups import transitions
from meetups.criteria import ENOUGH_ORGANISERS
from meetups.models import Group, GroupMembership, Organiser, OrganiserRequest
from meetups.services import organiser_letters as letters
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User

State = OrganiserRequest.State
#: So long the organisers have to answer; then the team may.
ORGANISERS_ANSWER_WITHIN = timedelta(days=14)
#: After a no, the same person asks the same group again no sooner.
ASK_AGAIN_AFTER = timedelta(days=30)
MOST_WAITING = 3
#: Taken back ones count too: who asks and takes back all day does not want to run a group.
MOST_ASKED_A_DAY = 5


def needs_hands(group: Group, *, organisers: int) -> bool:
    """Whether the group looks for somebody to run it: it sleeps, or fewer than two run it."""
    if group.kind == Group.Kind.EXTERNAL or group.state == Group.State.SUSPENDED:
        return False
    return group.state in transitions.ASLEEP or organisers < ENOUGH_ORGANISERS


@transaction.atomic
def step_up(*, group: Group, member: Member, note: str, now: datetime) -> OrganiserRequest:
    """Ask to run a group that looks for somebody. Open to everybody with an account, as joining is."""
    locked = _lock_group_for(member, group)
    if not needs_hands(locked, organisers=locked.organisers.current().count()):
        raise MoveRefused(_("This group has its organisers. Write to them, and they can invite you."), reason="state")
    if not note.strip():
        raise MoveRefused(_("Say in a sentence or two why you would like to run this group."))
    return _ask(locked, member, note, now)


@transaction.atomic
def ask_to_organise(*, group: Group, member: Member, note: str, now: datetime) -> OrganiserRequest:
    """Put the question to who answers it: the group's organisers, or the team where there are none.

    For any group with a page; whether it looks for hands is asked by `step_up`. Asking twice returns the question that
    waits. Raises MoveRefused with a sentence.
    """
    return _ask(_lock_group_for(member, group), member, note, now)


def _lock_group_for(member: Member, group: Group) -> Group:
    """The person first, then applications, then groups: the order of all verbs here, so that none waits in a circle."""
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    return Group.objects.select_for_update(of=("self",)).get(pk=group.pk)


def _ask(locked: Group, member: Member, note: str, now: datetime) -> OrganiserRequest:
    waiting = OrganiserRequest.objects.filter(group=locked, member=member, state=State.WAITING).first()
    if waiting is not None:
        return waiting
    _check_asker(locked, member, now)
    try:
        with transaction.atomic():
            request = OrganiserRequest.objects.create(
                group=locked, member=member, note=note.strip()[:2000], asked_at=now, is_demo=locked.is_demo
            )
    except IntegrityError as error:
        if "organiser_request_waiting_once" not in str(error):
            raise
        return OrganiserRequest.objects.get(group=locked, member=member, state=State.WAITING)
    letters.organiser_asked(request, for_team=is_for_team(request, now=now))
    return request


def _check_asker(group: Group, member: Member, now: datetime) -> None:
    if group.state == Group.State.SUSPENDED:
        raise MoveRefused(_("This group is suspended and takes no new organisers."), reason="state")
    if group.organisers.current().filter(member=member).exists():
        raise MoveRefused(_("You run this group already."), reason="state")
    mine = OrganiserRequest.objects.filter(member=member)
    if mine.filter(group=group, state=State.REFUSED, answered_at__gt=now - ASK_AGAIN_AFTER).exists():
        raise MoveRefused(_("Your question was answered with no not long ago. You can ask again a month later."))
    if mine.filter(state=State.WAITING).count() >= MOST_WAITING:
        raise MoveRefused(_("Three questions of yours wait for an answer already. Take one back to ask another group."))
    if mine.filter(asked_at__gt=now - timedelta(days=1)).count() >= MOST_ASKED_A_DAY:
        raise MoveRefused(_("That were many questions for one day. Go on tomorrow."))


def is_for_team(request: OrganiserRequest, *, now: datetime) -> bool:
    """Whether the team may answer: a community elsewhere, nobody to ask, or two weeks without an answer."""
    if request.group.kind == Group.Kind.EXTERNAL or request.asked_at <= now - ORGANISERS_ANSWER_WITHIN:
        return True
    return not _others_who_run(request).exists()


def for_team(now: datetime) -> QuerySet[OrganiserRequest]:
    """The team's queue, as `is_for_team` says it, oldest first."""
    runs = Organiser.objects.current().filter(group=OuterRef("group")).exclude(member=OuterRef("member"))
    late = Q(asked_at__lte=now - ORGANISERS_ANSWER_WITHIN)
    waiting = OrganiserRequest.objects.filter(state=State.WAITING).annotate(has_organisers=Exists(runs))
    return waiting.filter(late | Q(group__kind=Group.Kind.EXTERNAL) | Q(has_organisers=False)).order_by("asked_at")


def may_answer(user: User, request: OrganiserRequest, *, now: datetime) -> bool:
    """The group's organisers while it is not suspended, and the team when it is its turn; never the asker."""
    if request.member.user_id == user.pk:
        return False
    if is_for_team(request, now=now) and user.is_staff and user.has_perm("meetups.answer_organiserrequest"):
        return True
    is_open = request.group.state != Group.State.SUSPENDED and request.group.kind != Group.Kind.EXTERNAL
    return is_open and _others_who_run(request).filter(member__user=user).exists()


def _others_who_run(request: OrganiserRequest) -> QuerySet[Organiser]:
    return Organiser.objects.current().filter(group=request.group_id).exclude(member=request.member_id)


@transaction.atomic
def answer(*, request: OrganiserRequest, accepts: bool, by: User, now: datetime, note: str = "") -> OrganiserRequest:
    """Yes makes the asker an organiser and a member of the group; both answers are told by mail."""
    locked = _lock(request)
    if not may_answer(by, locked, now=now):
        raise MoveRefused(_("This is not yours to answer."), reason="actor")
    if accepts and (locked.member.user is None or not locked.member.user.is_active):
        raise MoveRefused(_("This person has no account any more."), reason="state")
    if accepts:
        _seat(locked, now)
    return _close(locked, State.ACCEPTED if accepts else State.REFUSED, by=by, now=now, note=note)


@transaction.atomic
def withdraw(*, request: OrganiserRequest, by: User, now: datetime) -> OrganiserRequest:
    """The asker takes the question back."""
    locked = _lock(request)
    if locked.member.user_id != by.pk:
        raise MoveRefused(_("Only who asked can take the question back."), reason="actor")
    return _close(locked, State.WITHDRAWN, by=by, now=now)


def _lock(request: OrganiserRequest) -> OrganiserRequest:
    """The group first, then the question: the order of everybody who seats organisers."""
    Group.objects.select_for_update(of=("self",)).get(pk=request.group_id)
    rows = OrganiserRequest.objects.select_for_update(of=("self",)).select_related("group", "member__user")
    locked = rows.get(pk=request.pk)
    if locked.state != State.WAITING:
        raise MoveRefused(_("This question is %(state)s.") % {"state": locked.get_state_display()}, reason="state")
    return locked


def _seat(request: OrganiserRequest, now: datetime) -> None:
    group, member = request.group, request.member
    if group.state == Group.State.SUSPENDED:
        raise MoveRefused(_("This group is suspended and takes no new organisers."), reason="state")
    if not group.organisers.current().filter(member=member).exists():
        group.organisers.filter(member=member, ended_at=None, accepted_at=None).delete()
        Organiser.objects.create(group=group, member=member, invited_at=request.asked_at, accepted_at=now)
    if group.kind != Group.Kind.EXTERNAL:
        GroupMembership.objects.get_or_create(group=group, member=member, defaults={"joined_at": now})


def _close(request: OrganiserRequest, state: str, *, by: User, now: datetime, note: str = "") -> OrganiserRequest:
    request.state, request.answered_at, request.answered_by = state, now, by
    request.save(update_fields=["state", "answered_at", "answered_by"])
    if state != State.WITHDRAWN:
        letters.organiser_request_answered(request, accepted=state == State.ACCEPTED, note=note)
    return request


def tell_team(*, request: OrganiserRequest) -> None:
    """Write to the team of a question that became its turn; it gets that mail once."""
    letters.organiser_asked(request, for_team=True)
