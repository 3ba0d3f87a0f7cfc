"""What a person says about themselves, where others have to follow it."""

from django.db import transaction

from portal.members.models import Member, MemberChange


def set_visibility(*, member: Member, visibility: str) -> bool:
    """How the person is named from now on; False when that is how they were named already."""
    with transaction.atomic():
        changed = Member.objects.filter(pk=member.pk).exclude(visibility=visibility).update(visibility=visibility)
        if changed:
            MemberChange.objects.create(member=member, kind=MemberChange.Kind.VISIBILITY)
    member.visibility = visibility
    return bool(changed)


def set_bot_state(*, member: Member, bot_state: str) -> bool:
    """A human's word on whether this is a bot; it is final, imports never change it again."""
    with transaction.atomic():
        changed = Member.objects.filter(pk=member.pk).exclude(bot_state=bot_state).update(bot_state=bot_state)
        if changed:
            MemberChange.objects.create(member=member, kind=MemberChange.Kind.BOT)
    member.bot_state = bot_state
    return bool(changed)
