"""Mails of the partner programme."""

from collections.abc import Iterable

from django.conf import settings

from meetups.models import Organiser
from partners.models import Partner, PartnerContact, PartnerInvitation, Sponsorship
from portal.mail import services as mail
from portal.members.models import User


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def to_user(user: User, *, kind: str, about: str, revision: int = 0, context: dict[str, object]) -> None:
    """To an account, in its language and time zone."""
    mail.queue(
        kind=kind,
        about=about,
        address=user.email,
        recipient_key=f"user:{user.pk}",
        revision=revision,
        language=user.language or "en-gb",
        time_zone=user.time_zone or "UTC",
        context=context,
    )


def contacts_of(partner: Partner) -> Iterable[User]:
    """The accounts of who speaks for the partner."""
    rows = PartnerContact.objects.current().filter(partner=partner).values("member__user")
    return User.objects.filter(pk__in=rows, is_active=True).order_by("pk")


def _organisers_of(sponsorship: Sponsorship) -> Iterable[User]:
    rows = Organiser.objects.current().filter(group=sponsorship.group).values("member__user")
    return User.objects.filter(pk__in=rows, is_active=True).order_by("pk")


def sponsorship_moved(sponsorship: Sponsorship, *, for_partner: bool, path: str) -> None:
    """To the other side: what was offered, asked, agreed or called off."""
    users = contacts_of(sponsorship.partner) if for_partner else _organisers_of(sponsorship)
    context: dict[str, object] = {
        "partner": str(sponsorship.partner),
        "need": sponsorship.need.title,
        "home": str(sponsorship.home),
        "state": sponsorship.state,
        "note": sponsorship.note if sponsorship.state in Sponsorship.OPEN else "",
        "url": absolute(path),
    }
    for user in users:
        about = f"sponsorship:{sponsorship.pk}:{sponsorship.state}"
        to_user(user, kind="sponsorship_moved", about=about, context=context)


def invited(invitation: PartnerInvitation, *, url: str, by: str) -> None:
    """To an address a contact typed: who asks, for what, and the page where they answer."""
    context: dict[str, object] = {
        "partner": str(invitation.partner),
        "kind": invitation.kind,
        "by": by,
        "url": url,
    }
    mail.queue(
        kind="partner_invited", about=f"partner_invitation:{invitation.pk}", address=invitation.address, context=context
    )
