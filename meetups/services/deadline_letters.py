"""Mails of the clock: reminders to the organisers, and what the team promised and has not done."""

from django.conf import settings
from django.urls import reverse

from meetups import deadlines
from meetups.models import Application
from meetups.permissions import is_reviewer
from meetups.services.letters import _facts, _team_of, about, absolute, to_user
from portal.mail import services as mail


def reminder(application: Application, *, days: int) -> int:
    """To every organiser, once for each number of days; returns how many letters were new.

    A draft is reminded once of each in its life, changes once of each time they were asked for.
    """
    is_draft = application.state == Application.State.DRAFT
    since = application.idle_since
    spell = 0 if is_draft else application.state_since.date().toordinal()
    lapses_on = deadlines.lapses_on(application.state, application.today(since))
    context = {
        **_facts(application),
        "url": absolute(reverse("meetups:application_check", args=[application.public_id])),
        "is_draft": is_draft,
        "days": days,
        "lapses_on": lapses_on.isoformat() if lapses_on else "",
    }
    return sum(
        to_user(
            user, kind="application_reminder", subject=about(application), revision=spell * 100 + days, context=context
        )
        for user in _team_of(application)
    )


def hold_over(application: Application, *, event: int) -> None:
    """To who put it aside or looks after it, else to the team: the day to look again has come."""
    reviewer = application.assignee
    context = {**_facts(application), "url": _desk(application)}
    if reviewer is not None and reviewer.is_active and is_reviewer(reviewer):
        to_user(reviewer, kind="hold_over", subject=about(application), revision=event, context=context)
    else:
        _to_desk(application, kind="hold_over", revision=event, context=context)


def overdue(application: Application) -> bool:
    """To the team and to who looks after it, once for each revision: the promised day of an answer is past."""
    day = application.answer_by_on.isoformat() if application.answer_by_on else ""
    context = {**_facts(application), "url": _desk(application), "answer_by_on": day}
    reviewer, is_new = application.assignee, False
    if reviewer is not None and reviewer.is_active and is_reviewer(reviewer):
        is_new = to_user(
            reviewer,
            kind="answer_overdue",
            subject=about(application),
            revision=application.revision,
            context=context,
        )
    told = _to_desk(application, kind="answer_overdue", revision=application.revision, context=context)
    return is_new or told


def _to_desk(application: Application, *, kind: str, revision: int, context: dict[str, object]) -> bool:
    if not settings.COMMUNITY.contact_email:
        return False
    message = mail.queue(
        kind=kind,
        about=about(application),
        address=settings.COMMUNITY.contact_email,
        recipient_key="team",
        revision=revision,
        context=context,
    )
    return message is not None


def _desk(application: Application) -> str:
    return absolute(reverse("admin:meetups_application_change", args=[application.pk]))
