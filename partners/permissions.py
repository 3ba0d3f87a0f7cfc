"""Who may do what for a partner: its contacts, the organisers of what is sponsored, the team."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from meetups.permissions import may_organise
from partners import transitions
from partners.models import Partner, PartnerApplication, PartnerContact, Sponsorship
from portal.members.models import User

Reader = User | AnonymousUser


def partners_of(user: Reader) -> QuerySet[Partner]:
    """The current partners this reader speaks for."""
    if not user.is_authenticated:
        return Partner.objects.none()
    mine = PartnerContact.objects.current().filter(member__user=user).values("partner")
    return Partner.objects.current().filter(pk__in=mine).select_related("organisation").order_by("organisation__name")


def is_contact(user: Reader, partner: Partner) -> bool:
    """Whether the reader speaks for this very partner now."""
    return partners_of(user).filter(pk=partner.pk).exists()


def sponsorship_roles(user: Reader, sponsorship: Sponsorship) -> Collection[str]:
    """The sides of a sponsorship this reader is on."""
    roles = set()
    if is_contact(user, sponsorship.partner):
        roles.add(transitions.CONTACT)
    if may_organise(user, sponsorship.group):
        roles.add(transitions.ORGANISER)
    return roles


def application_roles(user: Reader, application: PartnerApplication) -> Collection[str]:
    """What this reader is to an application. Who is part of it makes no move of the team on it."""
    if not user.is_authenticated:
        return set()
    if application.applicant is not None and application.applicant.user_id == user.pk:
        return {transitions.APPLICANT}
    is_theirs = application.organisation.affiliations.filter(member__user=user, rejected_at=None).exists()
    if is_theirs or not user.is_staff:
        return set()
    roles = set()
    if user.has_perm("partners.review_partnerapplication"):
        roles.add(transitions.REVIEWER)
    if user.has_perm("partners.decide_partnerapplication"):
        roles.add(transitions.LEAD)
    return roles
