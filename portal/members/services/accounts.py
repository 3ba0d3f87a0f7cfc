"""From an account to the member it stands for."""

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.members.models import Identity, Member, User
from portal.members.names import clean_name

PORTAL = "portal"


def member_of(user: User, *, name: str = "") -> Member:
    """The member of an account, made at first use; two requests at once get the same one.

    Somebody with an account chose to be here, so they are shown by name until they say otherwise. `name` is only used
    for a new member.
    """
    member = Member.objects.filter(user=user).first()
    if member is not None:
        return member
    try:
        with transaction.atomic():
            return _make(user, name)
    except IntegrityError:
        return Member.objects.get(user=user)


def _make(user: User, name: str) -> Member:
    member = Member.objects.create(
        user=user,
        name=clean_name(name)[:120],
        public_id=secrets.token_hex(10),
        visibility=Member.Visibility.PUBLIC,
        is_demo=user.is_demo,
    )
    ensure_portal_identity(member)
    return member


def ensure_portal_identity(member: Member) -> Identity:
    """What a person does on the portal itself hangs on an identity too: service portal, the member's id."""
    identity, _ = Identity.objects.get_or_create(
        service=PORTAL,
        site=settings.SITE_HOST,
        uid=str(member.pk),
        defaults={"member": member, "username": member.handle, "name": member.name, "verified_at": timezone.now()},
    )
    return identity
