"""Work added by hand: proposed, decided by a second person, taken back; what is confirmed counts at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dashboard import grants, importers
from dashboard.importers.portal import GRANTS, HAND_KEY, grant_id, hand_channel, normalise_grant
from dashboard.models import Grant, Source, Stream
from dashboard.services.channels import remember_channels
from dashboard.services.portal_facts import works_of
from dashboard.services.removals import remove_by_id
from dashboard.services.sources import ensure_portal_source
from dashboard.services.store import store
from meetups.links import link_key
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member, User
from portal.members.services import member_of

State = Grant.State
PERMISSION = "dashboard.decide_grant"
MOST_WAITING = 5
MOST_A_DAY = 10


class Refused(MoveRefused):
    """What was proposed cannot be; `field` names the answer that the sentence is about, "" is all of it."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is said of a piece of work; `member` None is whoever proposes it."""

    work: str
    title: str
    url: str
    done_on: date
    member: Member | None = None


def may_decide(user: User) -> bool:
    return user.is_staff and user.has_perm(PERMISSION)


def shown_to(member: Member) -> QuerySet[Grant]:
    """What the member did and what they proposed, newest first."""
    return Grant.objects.about(member).select_related("member", "proposed_by").order_by("-proposed_at", "-pk")


@transaction.atomic
def propose(*, proposal: Proposal, by: Member, now: datetime, is_limited: bool = True) -> Grant:
    """Put it before the team. Raises Refused with a sentence. `is_limited` False lets the team add many."""
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)
    if is_limited:
        _check_limits(by, now)
    day = grants.day_that_counts(proposal.work, proposal.done_on)
    if problem := grants.day_problem(proposal.work, proposal.done_on, now.date()):
        raise Refused(_day_sentence(problem), field="done_on")
    try:
        with transaction.atomic():
            return Grant.objects.create(
                work=proposal.work,
                member=proposal.member or by,
                title=proposal.title,
                url=proposal.url,
                link_key=link_key(proposal.url),
                done_on=day,
                proposed_by=by,
                proposed_at=now,
            )
    except IntegrityError as error:
        raise _twice(error, day) from error


def _check_limits(by: Member, now: datetime) -> None:
    mine = Grant.objects.filter(proposed_by=by)
    if mine.filter(state=State.PROPOSED).count() >= MOST_WAITING:
        raise Refused(_("Five proposals of yours wait for the team. Wait for an answer before the next one."))
    if mine.filter(proposed_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise Refused(_("That were many proposals for one day. Go on tomorrow."))


def _day_sentence(problem: str) -> str:
    return {
        grants.AHEAD: _("This day is still to come. Add it once it is done."),
        grants.TOO_OLD: _("This is more than a year ago, and credit would count for this month. Choose a later day."),
        grants.MONTH_OPEN: _("This month is not over yet. Add it when it is."),
    }[problem]


def _twice(error: IntegrityError, day: date) -> Exception:
    if "grant_evidence_once" in str(error):
        sentence = _(
            "This link was proposed already. Where several people did it together, "
            "give each the link to their own part."
        )
        return Refused(sentence, field="url")
    if "grant_role_month_once" in str(error):
        words = {"month": date_format(day, "F Y")}
        return Refused(_("A role of this person in %(month)s was proposed already.") % words, field="done_on")
    return error


@transaction.atomic
def confirm(*, grant: Grant, by: User, now: datetime) -> Grant:
    """Let it count from today on. Raises MoveRefused where somebody decided already, or for want of a second person."""
    locked = _judged(grant, by, now)
    locked.state = State.CONFIRMED
    locked.save()
    _carry(locked, now)
    return locked


@transaction.atomic
def refuse(*, grant: Grant, by: User, reason: str, now: datetime) -> Grant:
    """Say no, with words that both who proposed it and who did it read."""
    locked = _judged(grant, by, now)
    locked.state, locked.reason = State.REFUSED, reason
    locked.save()
    return locked


def _judged(grant: Grant, by: User, now: datetime) -> Grant:
    """The locked row with its second person."""
    if not may_decide(by):
        raise PermissionDenied
    locked, decider = _lock(grant), member_of(by)
    if locked.state != State.PROPOSED:
        words = {"state": locked.get_state_display()}
        raise MoveRefused(_("Nothing was changed: it is %(state)s already.") % words, reason="state")
    who, proposer = _today(locked.member), _today(locked.proposed_by)
    if not grants.may_decide(decider=decider.pk, member=who.pk, proposer=proposer.pk):
        raise MoveRefused(_("This needs a second person: you did it yourself, or you proposed it."), reason="actor")
    if who.erased_at is not None or who.is_bot:
        raise MoveRefused(_("Nobody is left who this could count for."))
    locked.decided_by, locked.decided_at = decider, now
    return locked


@transaction.atomic
def take_back(*, grant: Grant, by: Member, now: datetime) -> Grant:
    """Who did it takes it back at any time; who proposed it while it waits. It counts no more."""
    locked = _lock(grant)
    is_mine = by.pk == locked.member_id or (by.pk == locked.proposed_by_id and locked.state == State.PROPOSED)
    if not is_mine:
        raise PermissionDenied
    return _withdraw(locked, by, "", now)


@transaction.atomic
def withdraw(*, grant: Grant, by: User, reason: str, now: datetime) -> Grant:
    """The team takes a confirmed one back, with a reason: it counts no more."""
    if not may_decide(by):
        raise PermissionDenied
    locked = _lock(grant)
    if locked.state != State.CONFIRMED:
        words = {"state": locked.get_state_display()}
        raise MoveRefused(_("Nothing was changed: it is %(state)s.") % words, reason="state")
    return _withdraw(locked, member_of(by), reason, now)


def _withdraw(locked: Grant, by: Member, reason: str, now: datetime) -> Grant:
    if locked.state not in {State.PROPOSED, State.CONFIRMED}:
        words = {"state": locked.get_state_display()}
        raise MoveRefused(_("Nothing was changed: it is %(state)s already.") % words, reason="state")
    locked.state, locked.reason = State.WITHDRAWN, reason
    locked.withdrawn_by, locked.withdrawn_at = by, now
    locked.save()
    _carry(locked, now)
    return locked


def _lock(grant: Grant) -> Grant:
    return Grant.objects.select_for_update(of=("self",)).select_related("member", "proposed_by").get(pk=grant.pk)


def _today(member: Member) -> Member:
    """Who somebody is after all merges."""
    while member.merged_into is not None:
        member = member.merged_into
    return member


def _carry(grant: Grant, now: datetime) -> None:
    """Store what is confirmed as an import would, and remove what is not; later imports read the same.

    The stream's cursor moves along, so that an import that read the grants before this writes nothing of them.
    """
    source = _portal(grant)
    if source is None:
        return
    remember_channels(source=source, found=[hand_channel(source.base_url.rstrip("/"))], now=now)
    stream = Stream.objects.select_related("channel").select_for_update(of=("self",))
    hand = stream.get(channel__source=source, channel__key=HAND_KEY, name=GRANTS)
    hand.cursor = {"read_at": now.isoformat(), "grant": grant.pk, "state": grant.state}
    hand.save(update_fields=["cursor"])
    if grant.state == State.CONFIRMED:
        store(source=source, channel=hand.channel, records=map(normalise_grant, works_of([grant])), now=now)
    else:
        remove_by_id(source=source, external_ids=[grant_id(grant.pk)], now=now)


def _portal(grant: Grant) -> Source | None:
    if grant.member.is_demo:
        return Source.objects.filter(service=importers.PORTAL, is_demo=True).first()
    return ensure_portal_source()
