"""The secret address of somebody's own calendar: made, replaced, taken away."""

from datetime import datetime

from meetups.models import CalendarKey
from meetups.services.drafts import new_token
from portal.members.models import Member


def renew_key(*, member: Member, now: datetime) -> CalendarKey:
    """A fresh address; the one before it answers no more."""
    return CalendarKey.objects.update_or_create(member=member, defaults={"token": new_token(), "made_at": now})[0]


def drop_key(*, member: Member) -> bool:
    """No address any more; False when there was none."""
    return bool(CalendarKey.objects.filter(member=member).delete()[0])


def member_of_key(token: str) -> Member | None:
    """Whose calendar it is, while their account is open."""
    keys = CalendarKey.objects.select_related("member").filter(member__user__is_active=True, member__merged_into=None)
    key = keys.filter(token=token).first()
    return key.member if key else None
