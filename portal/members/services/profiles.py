"""What a person says about themselves, where others have to follow it."""

from collections.abc import Iterable

from django.db import transaction

from portal.members.models import Member, MemberChange


def set_visibility(*, member: Member, visibility: str) -> bool:
    """How the person is named from now on; False when that is how they were named already."""
    return _say(member, "visibility", visibility, MemberChange.Kind.VISIBILITY)


def set_bot_state(*, member: Member, bot_state: str) -> bool:
    """A human's word on whether this is a bot; it is final, imports never change it again."""
    return _say(member, "bot_state", bot_state, MemberChange.Kind.BOT)


def _say(member: Member, field: str, value: str, kind: str) -> bool:
    with transaction.atomic():
        note_by_hand(member=member, fields=[field])
        changed = Member.objects.filter(pk=member.pk).exclude(**{field: value}).update(**{field: value})
        if changed:
            MemberChange.objects.create(member=member, kind=kind)
    setattr(member, field, value)
    return bool(changed)


def note_by_hand(*, member: Member, fields: Iterable[str]) -> None:
    """Remember that a human wrote these fields: imports and merges leave them alone from now on."""
    said = [*member.by_hand, *(field for field in fields if field not in member.by_hand)]
    if said != member.by_hand:
        member.by_hand = said
        Member.objects.filter(pk=member.pk).update(by_hand=said)
