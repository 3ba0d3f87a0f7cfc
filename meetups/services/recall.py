"""Stopping the mails of a decision while they still wait: the decision stays, what it told the world is held back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from meetups.models import Application, ApplicationComment, Group, GroupMove
from meetups.permissions import application_roles
from meetups.services import communities, forum_categories
from meetups.transitions import LEAD
from portal.jobs.transitions import MoveRefused
from portal.mail import services as mail
from portal.mail.models import Message
from portal.members.models import User

KINDS = ("application_approved", "application_declined", "application_redirected")
DECIDED = {Application.State.APPROVED, Application.State.DECLINED, Application.State.REDIRECTED}


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with the mails of a decision: they can be stopped, or were."""

    can_stop: bool = False
    is_stopped: bool = False
    goes_out_at: datetime | None = None


def standing(application: Application) -> Standing:
    """One query. Stopping is possible while every one of the mails still waits."""
    if application.state not in DECIDED:
        return Standing()
    found = list(_letters(application).values_list("state", "stopped_at", "next_try_at"))
    due = [at for _state, _stopped, at in found if at is not None]
    return Standing(
        can_stop=bool(found) and all(state == Message.State.WAITING for state, _stopped, _at in found),
        is_stopped=any(stopped is not None for _state, stopped, _at in found),
        goes_out_at=min(due) if due else None,
    )


def _letters(application: Application) -> QuerySet[Message]:
    theirs = Q(about=f"application:{application.public_id}", kind__in=KINDS)
    if application.group_id and application.state == Application.State.APPROVED:
        theirs |= Q(about=f"group:{application.group_id}", kind__in=("group_started", "group_near", "community_became"))
    return Message.objects.filter(theirs)


def _lock(application: Application, actor: User) -> Application:
    locked = Application.objects.select_for_update(of=("self",)).select_related("group").get(pk=application.pk)
    if LEAD not in application_roles(actor, locked) or locked.organisers.filter(member__user=actor).exists():
        raise MoveRefused(_("Only a lead who is not named in the application may do this."), reason="actor")
    if locked.state not in DECIDED:
        raise MoveRefused(_("This application is not decided."), reason="state")
    return locked


@transaction.atomic
def stop(*, application: Application, actor: User, reason: str, now: datetime) -> int:
    """Hold all mails of the decision back; of an approval the group goes out of sight. Returns how many mails.

    The decision itself never moves again. Raises MoveRefused once one of the mails is out or on its way.
    """
    locked = _lock(application, actor)
    if not reason.strip():
        raise MoveRefused(_("Say why: it stands in the conversation of the team."))
    stopped = mail.stop(_letters(locked), reason=_("stopped by %(name)s") % {"name": actor}, now=now)
    if stopped is None:
        raise MoveRefused(
            _("Too late: at least one mail of this decision is out, or none was written."), reason="state"
        )
    if locked.group is not None and locked.state == Application.State.APPROVED:
        _take_back(locked.group, actor, reason, now)
    _note(locked, actor, _("The mails of the decision were stopped: %(reason)s") % {"reason": reason.strip()}, now)
    return stopped


@transaction.atomic
def release(*, application: Application, actor: User, now: datetime) -> int:
    """Let stopped mails go now, and bring the group of an approval back. Returns how many mails."""
    locked = _lock(application, actor)
    stopped_at = set(_letters(locked).exclude(stopped_at=None).values_list("stopped_at", flat=True))
    released = mail.release(_letters(locked))
    if not released:
        raise MoveRefused(_("No mail of this decision was stopped."), reason="state")
    if locked.group is not None and locked.state == Application.State.APPROVED:
        _bring_back(locked, locked.group, actor, now, stopped_at)
    _note(locked, actor, _("The mails of the decision were let go after all."), now)
    return released


def _take_back(group: Group, actor: User, reason: str, now: datetime) -> None:
    """The smallest honest thing: the group exists, suspended, so nobody is shown it; its dates wait as drafts."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    said = _("The mails of the approval were stopped: %(reason)s") % {"reason": reason.strip()}
    # What the approval did outside is held back too where the team has suspended the group for a reason of its own.
    forum_categories.call_off(locked, reason=said)
    communities.split_again(group=locked, by=actor, now=now)
    if locked.state == Group.State.SUSPENDED:
        return
    GroupMove.objects.create(
        group=locked, from_state=locked.state, to_state=Group.State.SUSPENDED, actor=actor, reason=said, at=now
    )
    locked.state_before, locked.state, locked.state_since = locked.state, Group.State.SUSPENDED, now
    locked.save(update_fields=["state", "state_before", "state_since"])
    locked.series.update(is_paused=True)


def _bring_back(
    application: Application, group: Group, actor: User, now: datetime, stopped_at: Collection[datetime | None]
) -> None:
    """Undo what stopping did, and nothing else: a group that the team suspended on its own account stays suspended."""
    locked = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
    if locked.state == Group.State.SUSPENDED:
        last = locked.moves.filter(to_state=Group.State.SUSPENDED).order_by("-pk").values_list("at", flat=True).first()
        if last not in stopped_at:
            raise MoveRefused(
                _("The group was suspended for another reason. Restore it first, then let the mails go."),
                reason="state",
            )
        back = locked.state_before or Group.State.ONBOARDING
        said = _("The approval stands after all.")
        GroupMove.objects.create(group=locked, from_state=locked.state, to_state=back, actor=actor, reason=said, at=now)
        locked.state, locked.state_before, locked.state_since = back, "", now
        locked.save(update_fields=["state", "state_before", "state_since"])
        locked.series.update(is_paused=False)
    forum_categories.resume(locked, now=now)
    if application.community is not None:
        communities.merge_into(community=application.community, group=locked, by=actor, now=now)


def _note(application: Application, actor: User, text: str, now: datetime) -> None:
    ApplicationComment.objects.create(
        application=application, author=actor, text=text[:5000], is_public=False, is_from_team=True, at=now
    )
