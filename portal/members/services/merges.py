"""Merging two members who are one person, and taking it back exactly."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ForeignObjectRel
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.members.days import Days, uncovered
from portal.members.models import (
    Affiliation,
    Identity,
    Member,
    MemberChange,
    Merge,
    MergeSuggestion,
    User,
)
from portal.members.services.different import remember_different
from portal.members.services.filling import fill, follow_names, save_filled, unfill

#: Rows that do not move with the person: they record the members themselves, or are handled one by one here.
_STAYS = (Identity, Affiliation, Member, Merge, MemberChange, MergeSuggestion)


class MergeRefused(Exception):
    """These two cannot be merged, or this merge not undone; the text is for the reader."""


def merge_members(*, kept: Member, gone: Member, reason: str, by: User | None = None) -> Merge:
    """Make one member of two: identities, affiliations and all other rows go to `kept`, blanks of it are filled.

    Rows that `kept` has already (a membership of the same group) stay where they are. Raises MergeRefused when both
    have an account, or one of them is merged or erased already.
    """
    with transaction.atomic():
        kept, gone = _lock(kept, gone)
        check(kept, gone)
        merge = Merge(kept=kept, gone=gone, reason=reason[:200], by=by)
        merge.identity_ids = list(gone.identities.order_by("pk").values_list("pk", flat=True))
        Identity.objects.filter(pk__in=merge.identity_ids).update(member=kept)
        before = kept.bot_state
        affiliations, made = _move_affiliations(kept, gone)
        merge.restore = {
            "kept": fill(kept, gone),
            "bot_state": before,
            "moved": {**_move_rows(kept, gone), "members.affiliation.member": affiliations},
            "made_affiliations": made,
        }
        save_filled(kept)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        merge.save()
        _note(kept, gone)
    return merge


def undo_merge(*, merge: Merge, by: User | None = None) -> Merge:
    """Two members again, each with what it had; what came to the kept one since then stays there.

    What the identities did since goes with them, and so do their new names. That the two are not one person is
    remembered: nothing but a sign-in merges them again by itself.

    Raises MergeRefused when it was undone before, or when a later merge moved the same rows on.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update().get(pk=merge.pk)
        kept, gone = _lock(merge.kept, merge.gone)
        if merge.undone_at is not None or gone.merged_into_id != kept.pk:
            raise MergeRefused(_("This merge was undone before."))
        if kept.erased_at is not None or gone.erased_at is not None:
            raise MergeRefused(_("The person was erased: nothing is left to part."))
        if kept.merged_into_id is not None:
            raise MergeRefused(_("A later merge moved this person on: undo that one first."))
        Identity.objects.filter(pk__in=merge.identity_ids, member=kept).update(member=gone)
        own = list(kept.identities.values_list("pk", flat=True))
        remember_different(ones=merge.identity_ids, others=own, by=by)
        Affiliation.objects.filter(pk__in=merge.restore.get("made_affiliations", []), member=kept).delete()
        _move_back(merge.restore.get("moved", {}), kept, gone)
        unfill(kept, merge)
        gone.merged_into = None
        follow_names(gone)
        gone.save(update_fields=["merged_into", "handle", "bot_state"])
        merge.undone_at = timezone.now()
        merge.save(update_fields=["undone_at"])
        _note(kept, gone)
    return merge


def _lock(one: Member, other: Member) -> tuple[Member, Member]:
    # In order of their keys, so that two merges of the same pair cannot wait for each other.
    locked = {m.pk: m for m in Member.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")}
    return locked[one.pk], locked[other.pk]


def check(kept: Member, gone: Member) -> None:
    if kept.pk == gone.pk:
        raise MergeRefused(_("This is one and the same member."))
    if kept.user_id is not None and gone.user_id is not None:
        raise MergeRefused(_("Both members have an account: one account has to be closed first."))
    if gone.user_id is not None:
        raise MergeRefused(_("Keep the member who has the account."))
    if any(member.merged_into_id is not None or member.erased_at is not None for member in (kept, gone)):
        raise MergeRefused(_("One of the two was merged or erased before."))


def _note(*members: Member) -> None:
    MemberChange.objects.bulk_create(MemberChange(member=member, kind=MemberChange.Kind.MERGE) for member in members)


def moving_relations() -> list[ForeignObjectRel]:
    """Every foreign key to a member that moves with the person. Rebuilt summaries say `follows_merges = False`."""
    return [
        relation
        for relation in Member._meta.related_objects
        if relation.related_model not in _STAYS and getattr(relation.related_model, "follows_merges", True)
    ]


def _label(relation: ForeignObjectRel) -> str:
    return f"{relation.related_model._meta.label_lower}.{relation.field.name}"


def _move_rows(kept: Member, gone: Member) -> dict[str, list[Any]]:
    moved = {}
    for relation in moving_relations():
        rows = relation.related_model._base_manager.filter(**{relation.field.name: gone})
        keys = [pk for pk in rows.order_by("pk").values_list("pk", flat=True) if _move(relation, pk, kept)]
        if keys:
            moved[_label(relation)] = keys
    return moved


def _move(relation: ForeignObjectRel, pk: Any, member: Member) -> bool:
    """Re-point one row; False when the member has such a row already (a unique constraint says so)."""
    try:
        with transaction.atomic():
            relation.related_model._base_manager.filter(pk=pk).update(**{relation.field.name: member})
    except IntegrityError:
        return False
    return True


def _move_back(moved: dict[str, list[Any]], kept: Member, gone: Member) -> None:
    Affiliation.objects.filter(pk__in=moved.get("members.affiliation.member", []), member=kept).update(member=gone)
    for relation in moving_relations():
        field = relation.field.name
        rows = relation.related_model._base_manager.filter(pk__in=moved.get(_label(relation), []), **{field: kept})
        rows.update(**{field: gone})


def _move_affiliations(kept: Member, gone: Member) -> tuple[list[int], list[int]]:
    """Move those on free days; of the others copy the free days. Returns (keys moved, keys of the copies)."""
    moved: list[int] = []
    made: list[int] = []
    for affiliation in gone.affiliations.order_by("pk"):
        taken = [_days(other) for other in kept.affiliations.shown()]
        pieces = uncovered(_days(affiliation), taken)
        if affiliation.rejected_at is not None or pieces == [_days(affiliation)]:
            Affiliation.objects.filter(pk=affiliation.pk).update(member=kept)
            moved.append(affiliation.pk)
            continue
        made += [_copy(affiliation, kept, piece).pk for piece in pieces]
    return moved, made


def _days(affiliation: Affiliation) -> Days:
    return affiliation.days.lower, affiliation.days.upper


def _copy(affiliation: Affiliation, member: Member, days: Days) -> Affiliation:
    return Affiliation.objects.create(
        member=member,
        organisation_id=affiliation.organisation_id,
        days=type(affiliation.days)(*days),
        source=affiliation.source,
        confirmed_at=affiliation.confirmed_at,
    )
