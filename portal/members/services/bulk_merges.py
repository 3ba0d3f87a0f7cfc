"""Many merges at once: members who have nothing but identities are merged set-wise, the others one by one."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from portal.members.models import Affiliation, Identity, Member, MemberChange, Merge
from portal.members.services.filling import FILLED, fill
from portal.members.services.merges import MergeRefused, check, merge_members, moving_relations

Wanted = tuple[int, int, str]

_MOVE = """
UPDATE members_identity i SET member_id = moved.kept
FROM unnest(%s::bigint[], %s::bigint[]) AS moved (gone, kept) WHERE i.member_id = moved.gone
"""
_GONE = """
UPDATE members_member m SET merged_into_id = moved.kept
FROM unnest(%s::bigint[], %s::bigint[]) AS moved (gone, kept) WHERE m.id = moved.gone
"""


def merge_all(wanted: Iterable[Wanted]) -> int:
    """Merge all (kept, gone, reason); returns how many. What cannot be merged is left out; nobody is kept and gone."""
    wanted = list(wanted)
    with transaction.atomic():
        keys = sorted({member for kept, gone, _reason in wanted for member in (kept, gone)})
        members = {m.pk: m for m in Member.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
        allowed = [one for one in wanted if _may(members, one)]
        busy = _busy({gone for _kept, gone, _reason in allowed})
        bare = [one for one in allowed if one[1] not in busy]
        _merge_bare(bare, members)
        rest = [one for one in allowed if one[1] in busy]
        for kept, gone, reason in rest:
            merge_members(kept=members[kept], gone=members[gone], reason=reason)
    return len(allowed)


def _may(members: dict[int, Member], one: Wanted) -> bool:
    kept, gone, _reason = one
    if kept not in members or gone not in members:
        return False
    try:
        check(members[kept], members[gone])
    except MergeRefused:
        return False
    return True


def _busy(gone: set[int]) -> set[int]:
    """Those with rows of their own anywhere, which have to move with them one by one."""
    found = set(Affiliation.objects.filter(member__in=gone).values_list("member", flat=True))
    for relation in moving_relations():
        field = relation.field.name
        rows = relation.related_model._base_manager.filter(**{f"{field}__in": gone})
        found |= set(rows.values_list(field, flat=True))
    return found


def _merge_bare(bare: list[Wanted], members: dict[int, Member]) -> None:
    identities = _identities([gone for _kept, gone, _reason in bare])
    merges = [_merge(members[kept], members[gone], reason, identities.get(gone, [])) for kept, gone, reason in bare]
    filled = {merge.kept for merge in merges if merge.restore["kept"]}
    Member.objects.bulk_update(filled, FILLED, batch_size=200)
    pairs = [[gone for _kept, gone, _reason in bare], [kept for kept, _gone, _reason in bare]]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, pairs)
        cursor.execute(_GONE, pairs)
    Merge.objects.bulk_create(merges, batch_size=1000)
    touched = {member for kept, gone, _reason in bare for member in (kept, gone)}
    MemberChange.objects.bulk_create(
        (MemberChange(member_id=member, kind=MemberChange.Kind.MERGE) for member in sorted(touched)), batch_size=2000
    )


def _identities(members: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for member, pk in Identity.objects.filter(member__in=members).order_by("pk").values_list("member", "pk"):
        found.setdefault(member, []).append(pk)
    return found


def _merge(kept: Member, gone: Member, reason: str, identity_ids: list[int]) -> Merge:
    restore: dict[str, Any] = {"bot_state": kept.bot_state}
    restore["kept"] = fill(kept, gone)
    restore["moved"] = {"members.affiliation.member": []}
    restore["made_affiliations"] = []
    gone.merged_into = kept
    return Merge(kept=kept, gone=gone, reason=reason, identity_ids=identity_ids, restore=restore)
