"""What stands in the tables that merges and claims touch."""

from meetups.models import GroupMembership
from portal.members.models import Affiliation, Identity, Member, MemberChange


def changes(*members: Member) -> list[tuple[int, str]]:
    """(member, kind) of the changes noted, of these members or of all."""
    rows = MemberChange.objects.filter(member__in=members) if members else MemberChange.objects.all()
    return sorted(rows.values_list("member", "kind"))


def snapshot() -> dict[str, list]:
    """Every row that a merge may touch, without the merges and changes themselves."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model in (Member, Identity, Affiliation, GroupMembership)
    }
