"""Who may do what with a group, its events and an application."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q
from django.http import HttpRequest

from meetups import transitions
from meetups.models import Application, ApplicationOrganiser, Event, Group, Organiser
from portal.members.models import User

Reader = User | AnonymousUser


def account(request: HttpRequest) -> User:
    """Who is signed in, on pages that only accounts reach."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def is_organiser(user: Reader, group: Group | None) -> bool:
    """Whether the reader runs this very group now."""
    if group is None or not user.is_authenticated:
        return False
    return Organiser.objects.current().filter(group=group, member__user=user).exists()


def may_organise(user: Reader, group: Group | None) -> bool:
    """Organisers of the group, while it is not suspended, and staff who may change events."""
    if user.is_staff and user.has_perm("meetups.change_event"):
        return True
    return group is not None and group.state != Group.State.SUSPENDED and is_organiser(user, group)


def may_see_event(user: Reader, event: Event) -> bool:
    """Drafts and events of suspended groups are for those who may organise."""
    is_hidden = event.state == Event.State.DRAFT or (event.group and event.group.state == Group.State.SUSPENDED)
    return not is_hidden or may_organise(user, event.group)


def is_applicant(user: Reader, application: Application) -> bool:
    """Whether the reader is one of the accepted organisers of the application."""
    if not user.is_authenticated:
        return False
    return ApplicationOrganiser.objects.accepted().filter(application=application, member__user=user).exists()


def is_named_in(user: Reader, application: Application) -> bool:
    """Whether the reader began the application, has a seat in it or is asked to take one: they do not judge it."""
    if not user.is_authenticated:
        return False
    waits = ApplicationOrganiser.objects.waiting().filter(application=application, email__iexact=user.email)
    named = Q(applicant__user=user) | Q(organisers__member__user=user) | Exists(waits)
    return Application.objects.filter(named, pk=application.pk).exists()


def is_reviewer(user: Reader) -> bool:
    return user.has_perm("meetups.review_application") or user.has_perm("meetups.decide_application")


def may_see_application(user: Reader, application: Application) -> bool:
    """Its organisers, and the reviewers once it was sent in; for everybody else it does not exist."""
    return (application.was_sent and is_reviewer(user)) or is_applicant(user, application)


def application_roles(user: Reader | None, application: Application) -> set[str]:
    """The kinds of actors the user is for this application; nobody at all is the system itself."""
    if user is None:
        return {transitions.SYSTEM}
    roles = set()
    if is_applicant(user, application):
        roles.add(transitions.TEAM)
    if user.has_perm("meetups.review_application"):
        roles.add(transitions.REVIEWER)
    if user.has_perm("meetups.decide_application"):
        roles |= {transitions.LEAD, transitions.REVIEWER}
    return roles


def group_roles(user: Reader | None, group: Group) -> set[str]:
    """The kinds of actors the user is for the life of this group; nobody at all is the system itself."""
    if user is None:
        return {transitions.SYSTEM}
    roles = set()
    if is_organiser(user, group):
        roles.add(transitions.ORGANISER)
    if user.is_staff and (user.has_perm("meetups.suspend_group") or user.has_perm("meetups.decide_application")):
        roles.add(transitions.KEEPER)
    return roles
