"""Matching: merge what is proven to be one person, suggest what may be, remember what is not."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from portal.members import matching
from portal.members.models import MatchingState, Member, Merge, MergeSuggestion, User
from portal.members.services import matching_sql
from portal.members.services.bulk_merges import merge_all
from portal.members.services.different import say_different
from portal.members.services.merges import MergeRefused, merge_members

LATER = timedelta(days=30)
_LOCK = 7_301_004


@dataclass(frozen=True, slots=True)
class MatchResult:
    """How many members were merged on proof, and how many suggestions stand now."""

    merged: int
    suggested: int


def match_if_changed(*, now: datetime) -> MatchResult | None:
    """Match when identities, addresses, or what people said changed since the last run; None when nothing did."""
    state = MatchingState.objects.filter(pk=1).first()
    with connection.cursor() as cursor:
        if state is not None and state.seen == _seen(cursor):
            return None
    return match(now=now)


def match(*, now: datetime) -> MatchResult:
    """One whole run, in one transaction; a second one at the same time waits for it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SET LOCAL work_mem = '64MB'")
        merged = 0
        # A merge may bring two further addresses together: again, until there is nothing more to merge.
        while found := _proven(cursor):
            done = merge_all(found)
            merged += done
            if not done:
                break
        suggested = _suggest(cursor, now)
        values = {"seen": _seen(cursor), "ran_at": now, "merged": merged, "suggested": suggested}
        MatchingState.objects.update_or_create(pk=1, defaults=values)
    return MatchResult(merged, suggested)


def _seen(cursor: CursorWrapper) -> dict[str, object]:
    cursor.execute(matching_sql.SEEN)
    (seen,) = cursor.fetchone()
    return json.loads(seen) if isinstance(seen, str) else seen


def _gather(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS faces, shared, pairs, found")
    cursor.execute(matching_sql.FACES)
    cursor.execute("ANALYZE faces")
    cursor.execute(matching_sql.SHARED, {"most": matching.MOST_SHARERS})
    cursor.execute("ANALYZE shared")
    cursor.execute(matching_sql.PAIRS)
    cursor.execute("CREATE INDEX ON faces (member_id)")
    cursor.execute("ANALYZE pairs")


def _proven(cursor: CursorWrapper) -> list[tuple[int, int, str]]:
    _gather(cursor)
    cursor.execute(matching_sql.PROOFS)
    proofs = cursor.fetchall()
    if not proofs:
        return []
    members = sorted({member for first, second, _proof in proofs for member in (first, second)})
    cursor.execute(matching_sql.PLACES, {"members": members})
    faces = {
        member: matching.Face(member, frozenset(tuple(place.split(" ", 1)) for place in places), has_account, number)
        for member, places, number, has_account in cursor.fetchall()
    }
    cursor.execute(matching_sql.DIFFERENT)
    merges = matching.proven_merges(proofs, faces, cursor.fetchall())
    return [(kept, gone, matching.PROOFS[proof]) for kept, gone, proof in merges]


def _suggest(cursor: CursorWrapper, now: datetime) -> int:
    cursor.execute(matching_sql.BACKING)
    cursor.execute("ANALYZE pairs")
    values: dict[str, Any] = {"codes": list(matching.POINTS), "points": list(matching.POINTS.values()), "now": now}
    cursor.execute(matching_sql.SUGGEST, values)
    cursor.execute(matching_sql.STORE, values)
    cursor.execute(matching_sql.FORGET)
    return MergeSuggestion.objects.count()


def accept_suggestion(*, suggestion: MergeSuggestion, by: User) -> Merge:
    """A human says that the two are one person. Raises MergeRefused as `merge_members` does."""
    with transaction.atomic():
        suggestion = _locked(suggestion)
        kept, gone = sorted((suggestion.first, suggestion.second), key=_rank, reverse=True)
        merge = merge_members(kept=kept, gone=gone, reason="suggestion confirmed by the team", by=by)
        MergeSuggestion.objects.filter(pk=suggestion.pk).delete()
    return merge


def _locked(suggestion: MergeSuggestion) -> MergeSuggestion:
    found = MergeSuggestion.objects.select_for_update(of=("self",)).select_related("first", "second")
    locked = found.filter(pk=suggestion.pk).first()
    if locked is None:
        raise MergeRefused(_("This suggestion was answered before, or nothing speaks for it any more."))
    return locked


def _rank(member: Member) -> tuple[bool, int, int]:
    return member.user_id is not None, member.identities.count(), -member.pk


def refuse_suggestion(*, suggestion: MergeSuggestion, by: User) -> None:
    """A human says that the two are different people: remembered between all their identities."""
    with transaction.atomic():
        suggestion = _locked(suggestion)
        say_different(one=suggestion.first, other=suggestion.second, by=by)
        MergeSuggestion.objects.filter(pk=suggestion.pk).delete()


def put_off_suggestion(*, suggestion: MergeSuggestion, now: datetime) -> None:
    """Not now: it comes back after thirty days."""
    MergeSuggestion.objects.filter(pk=suggestion.pk).update(later_until=now + LATER)
