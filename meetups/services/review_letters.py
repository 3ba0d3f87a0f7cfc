"""Mails of a review beside those of its moves: a line of the conversation, and an application that came back."""

from django.conf import settings
from django.urls import reverse

from meetups.models import Application, ApplicationComment, ApplicationEvent
from meetups.permissions import is_named_in, is_reviewer
from meetups.services.letters import _facts, _team_of, about, absolute, to_user
from portal.mail import services as mail
from portal.members.models import User


def _desk(application: Application) -> str:
    return absolute(reverse("admin:meetups_application_change", args=[application.pk]))


def _reviewer_of(application: Application) -> User | None:
    """Who looks after it, as long as they may."""
    user = application.assignee
    may = user is not None and user.is_active and is_reviewer(user) and not is_named_in(user, application)
    return user if may else None


def comment_written(comment: ApplicationComment) -> None:
    """To the other side: from the team to every organiser, from an organiser to the reviewer, else to the team."""
    application = comment.application
    context = {**_facts(application), "text": comment.text, "is_from_team": comment.is_from_team}
    if comment.is_from_team:
        for user in _team_of(application):
            to_user(user, kind="application_comment", subject=about(application), revision=comment.pk, context=context)
        return
    _to_desk(application, kind="application_comment", revision=comment.pk, context=context)


def application_back(application: Application, event: ApplicationEvent) -> None:
    """To who asked for changes: they were made, and it is their turn again."""
    reviewer = _reviewer_of(application)
    if reviewer is not None:
        context = {**_facts(application), "url": _desk(application), "revision": application.revision}
        to_user(reviewer, kind="application_back", subject=about(application), revision=event.pk, context=context)


def _to_desk(application: Application, *, kind: str, revision: int, context: dict[str, object]) -> None:
    context = {**context, "url": _desk(application)}
    reviewer = _reviewer_of(application)
    if reviewer is not None:
        to_user(reviewer, kind=kind, subject=about(application), revision=revision, context=context)
    elif settings.COMMUNITY.contact_email:
        mail.queue(
            kind=kind,
            about=about(application),
            address=settings.COMMUNITY.contact_email,
            recipient_key="team",
            revision=revision,
            context=context,
        )
