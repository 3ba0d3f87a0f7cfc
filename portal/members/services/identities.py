"""Claiming an identity: the proof that an account at a source is this person's."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.members.models import Identity, Member, MemberChange, User
from portal.members.names import clean_name
from portal.members.services.accounts import ensure_portal_identity, member_of
from portal.members.services.merges import merge_members


class IdentityTaken(Exception):
    """The identity belongs to a member who signs in with another account; the text is for the reader."""


def is_taken(*, user: User | None, service: str, site: str, uid: str) -> bool:
    """Whether the identity belongs to a member with an account other than `user` (None: any account)."""
    owner = Member.objects.filter(
        identities__service=service, identities__site=site, identities__uid=uid, user__isnull=False
    ).first()
    return owner is not None and (user is None or owner.user_id != user.pk)


def claim_identity(
    *, user: User, service: str, site: str, uid: str, username: str = "", name: str = "", url: str = ""
) -> Member:
    """Give the account the identity it has just proved to hold, and with it the member that imports made for it.

    Only call this after the service itself said who signed in: never for an e-mail address or a user name alone.
    Raises IdentityTaken when the identity is another account's.
    """
    key = {"service": service, "site": site, "uid": uid}
    username, name = clean_name(username), clean_name(name)
    seen = {"username": username[:120], "name": name[:200], "url": url[:500]}
    with transaction.atomic():
        identity = _locked(key) or _made(key, seen, user)
        member = _owner(identity, user)
        fresh = {field: value for field, value in seen.items() if value}
        Identity.objects.filter(pk=identity.pk).update(**fresh, verified_at=timezone.now())
        _introduce(member, username=username, name=name)
    return member


def _locked(key: dict[str, str]) -> Identity | None:
    return Identity.objects.select_for_update(of=("self",)).select_related("member").filter(**key).first()


def _made(key: dict[str, str], seen: dict[str, str], user: User) -> Identity:
    try:
        with transaction.atomic():
            return Identity.objects.create(**key, **seen, member=member_of(user))
    except IntegrityError:  # an import was faster
        return _locked(key)  # type: ignore[return-value]


def _owner(identity: Identity, user: User) -> Member:
    """The member who has the identity once the account's claim is met."""
    owner = Member.objects.select_for_update().get(pk=identity.member_id)
    if owner.user_id == user.pk:
        return owner
    if owner.user_id is not None:
        raise IdentityTaken(
            _("This account already belongs to a member who signs in another way. Sign in that way, or ask the team.")
        )
    mine = Member.objects.filter(user=user).first()
    if owner.erased_at is not None:
        # Who was erased and comes back starts anew: nothing of the old member returns but the identity itself.
        mine = mine or member_of(user)
        Identity.objects.filter(pk=identity.pk).update(member=mine)
        return mine
    if mine is None:
        return _attach(owner, user)
    merge_members(kept=mine, gone=owner, reason=f"signed in with {identity.service}", by=user)
    mine.refresh_from_db()
    return mine


def _attach(member: Member, user: User) -> Member:
    member.user = user
    if member.visibility == Member.Visibility.HANDLE:
        member.visibility = Member.Visibility.PUBLIC
        MemberChange.objects.create(member=member, kind=MemberChange.Kind.VISIBILITY)
    member.save(update_fields=["user", "visibility"])
    ensure_portal_identity(member)
    return member


def _introduce(member: Member, *, username: str, name: str) -> None:
    """Fill in what the person has not told yet; never overwrite what they did."""
    blanks = {
        field: value
        for field, value in (("handle", username[:80]), ("name", name[:120]))
        if value and not getattr(member, field)
    }
    for field, value in blanks.items():
        setattr(member, field, value)
    if blanks:
        member.save(update_fields=list(blanks))
