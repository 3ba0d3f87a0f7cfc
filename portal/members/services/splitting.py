"""An account that is not this person's after all gets a member of its own."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from portal.members.models import Identity, Member, MemberChange, User
from portal.members.services.accounts import PORTAL
from portal.members.services.different import remember_different


class SplitRefused(Exception):
    """This account cannot be parted from its member; the text is for the reader."""


def split_identity(*, identity: Identity, by: User) -> Member:
    """Give the account a member of its own, remembered as somebody else; all that it did goes with it.

    Raises SplitRefused for the portal's own identity, for one that the person proved by signing in, and for the last.
    """
    with transaction.atomic():
        identity = Identity.objects.select_for_update(of=("self",)).select_related("member").get(pk=identity.pk)
        member = identity.member
        if identity.service == PORTAL:
            raise SplitRefused(_("This is your account here."))
        if identity.verified_at is not None:
            raise SplitRefused(_("You signed in with this account, so it is yours: disconnect it first."))
        others = list(member.identities.exclude(pk=identity.pk).values_list("pk", flat=True))
        if not others:
            raise SplitRefused(_("This is the only account: nothing would be left."))
        new = Member.objects.create(
            handle=identity.username[:80], public_id=secrets.token_hex(10), is_demo=member.is_demo
        )
        Identity.objects.filter(pk=identity.pk).update(member=new)
        remember_different(ones=[identity.pk], others=others, by=by)
        MemberChange.objects.bulk_create(
            MemberChange(member=one, kind=MemberChange.Kind.MERGE) for one in (member, new)
        )
    return new
