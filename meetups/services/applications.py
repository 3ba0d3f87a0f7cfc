"""The one way an application changes state."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from meetups import transitions
from meetups.models import Application, ApplicationEvent, ApplicationOrganiser, Group
from meetups.permissions import application_roles, is_named_in
from meetups.services import approval, letters, readiness, review_letters, revisions
from meetups.services.checks import request_checks
from meetups.services.decision_delay import goes_out_at
from meetups.services.founding import found_group
from portal.jobs.transitions import MoveRefused, UnknownMove, WrongActor
from portal.members.models import User

State = Application.State
ANSWER_WITHIN = timedelta(days=10)
DECISIONS = {State.APPROVED, State.DECLINED, State.REDIRECTED}
#: What nobody does with an application they are named in.
JUDGED_BY_OTHERS = {State.IN_REVIEW, State.CHANGES_REQUESTED, State.ON_HOLD, *DECISIONS}
#: state reached -> kind of the mail to the organisers; moves that are not here send none.
LETTERS: dict[str, str] = {
    State.CHANGES_REQUESTED: "application_changes",
    State.APPROVED: "application_approved",
    State.DECLINED: "application_declined",
    State.REDIRECTED: "application_redirected",
    State.LAPSED: "application_lapsed",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What goes with a move: notes for the applicants and for the team, and what some moves need."""

    public_note: str = ""
    private_note: str = ""
    criteria: list[str] = field(default_factory=list)
    reason: str = ""
    review_by_on: date | None = None
    target: Group | Application | None = None


@transaction.atomic
def move(
    *,
    application: Application,
    to: str,
    actor: User | None,
    now: datetime,
    expected: str | None = None,
    words: Words | None = None,
) -> Application:
    """Move an application to another state, or raise MoveRefused with a sentence.

    Locks the row, checks the state it is in (`expected`, when the caller saw one), who asks (None is the system) and
    what the move needs; writes the history, does what follows from it and queues the mails, all in one transaction.
    """
    words = words or Words()
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    source = locked.state
    if expected is not None and source != expected:
        raise MoveRefused(
            _("Somebody was faster: this application is %(state)s now.") % {"state": locked.get_state_display()},
            reason="state",
        )
    _check_table(locked, to, actor)
    _check_needs(locked, to, actor, words, now)
    _apply(locked, to, actor, words, now)
    event = ApplicationEvent.objects.create(
        application=locked,
        from_state=source,
        to_state=to,
        actor=actor,
        public_note=words.public_note.strip(),
        private_note=words.private_note.strip(),
        criteria=words.criteria,
        revision=locked.revision,
        at=now,
    )
    if to == State.SUBMITTED:
        revisions.freeze(application=locked, actor=actor, now=now)
        letters.application_received(locked, event)
        review_letters.application_back(locked, event)
        request_checks(application=locked, asked_by=actor, now=now)
    elif to in LETTERS:
        later = goes_out_at(now) if to in DECISIONS else None
        letters.application_moved(locked, event, kind=LETTERS[to], not_before=later)
    return locked


def _check_table(application: Application, to: str, actor: User | None) -> None:
    """The table's answer, in words for people."""
    names = {"now": application.get_state_display(), "wanted": State(to).label}
    try:
        transitions.APPLICATION.check(source=application.state, target=to, actors=application_roles(actor, application))
    except UnknownMove as refusal:
        raise MoveRefused(
            _("An application that is “%(now)s” cannot become “%(wanted)s”.") % names, reason="state"
        ) from refusal
    except WrongActor as refusal:
        raise MoveRefused(_("You may not move this application to “%(wanted)s”.") % names, reason="actor") from refusal


def _check_needs(application: Application, to: str, actor: User | None, words: Words, now: datetime) -> None:
    """What a move needs beside the right person."""
    if to in JUDGED_BY_OTHERS and actor is not None and is_named_in(actor, application):
        raise MoveRefused(_("You are named in this application, so somebody else has to decide it."), reason="actor")
    if to == State.SUBMITTED and (missing := readiness.missing(application, now=now)):
        raise MoveRefused(" ".join(str(gap.sentence) for gap in missing))
    if to == State.CHANGES_REQUESTED and actor is not None and not words.public_note.strip():
        raise MoveRefused(_("Tell the organisers what you ask for."))
    if to == State.ON_HOLD and not (words.private_note.strip() and words.review_by_on):
        raise MoveRefused(_("A hold needs a reason for the team and a date to look at it again."))
    if to == State.ON_HOLD and words.review_by_on and words.review_by_on < now.date():
        raise MoveRefused(_("A hold needs a day that is still to come."))
    if to == State.DECLINED and not (words.reason in Application.Decline.values and words.public_note.strip()):
        raise MoveRefused(_("A decline needs a reason and a few words to the organisers: what would change it?"))
    if to == State.REDIRECTED:
        _check_target(application, words.target)
    if to == State.APPROVED and (sentences := approval.obstacles(application, actor=actor, now=now)):
        raise MoveRefused(" ".join(sentences))


def _check_target(application: Application, target: Group | Application | None) -> None:
    """A group with a page, or another application that can still take them in."""
    if target is None or (isinstance(target, Group) and target.state == Group.State.SUSPENDED):
        raise MoveRefused(_("Choose the group or the open application you send them on to."))
    if isinstance(target, Application) and (target.pk == application.pk or not target.is_open):
        raise MoveRefused(_("Choose another application that is open."))


def _apply(application: Application, to: str, actor: User | None, words: Words, now: datetime) -> None:
    application.state = to
    application.changed_at = application.state_since = now
    if to == State.SUBMITTED:
        application.revision += 1
        application.submitted_at = now
        application.answer_by_on = application.today(now) + ANSWER_WITHIN
    elif to == State.IN_REVIEW:
        application.assignee, application.review_by_on = actor or application.assignee, None
    elif to == State.ON_HOLD:
        application.review_by_on = words.review_by_on
    elif to in DECISIONS:
        application.decided_at, application.decided_by = now, actor
        application.decline_reason = words.reason if to == State.DECLINED else ""
        if to == State.REDIRECTED:
            application.redirected_to = words.target if isinstance(words.target, Group) else None
            application.redirected_to_application = words.target if isinstance(words.target, Application) else None
        if to == State.APPROVED:
            application.group = found_group(application, now=now)
    try:
        with transaction.atomic():
            application.save()
    except IntegrityError as error:
        if "application_one_open_per_place" not in str(error):
            raise
        raise MoveRefused(
            _(
                "Another application for %(place)s is open already. Work together: "
                "write to the team, and they bring you in touch."
            )
            % {"place": application.place}
        ) from error


@transaction.atomic
def organiser_left(*, seat: ApplicationOrganiser, now: datetime) -> Application:
    """After somebody declined or left: a sent application with fewer than two goes back to its organisers."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=seat.application_id)
    too_few = application.organisers.accepted().count() < readiness.ENOUGH_ORGANISERS
    if not too_few or application.state not in {State.SUBMITTED, State.IN_REVIEW}:
        return application
    note = _("%(name)s is no longer an organiser. A group needs two: please invite somebody and send it again.")
    words = Words(public_note=note % {"name": seat.name}, criteria=["organisers"])
    return move(application=application, to=State.CHANGES_REQUESTED, actor=None, now=now, words=words)
