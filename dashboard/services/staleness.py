"""Whether the summaries still tell the truth: one row, and the lock that makes "nothing is missed" exact."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from dashboard.models import SummaryState
from portal.members.models import MemberChange

#: Key of the advisory lock that writers of contributions share and a rebuild takes alone for a moment.
_LOCK = 7_301_001
ABANDONED_AFTER = timedelta(minutes=5)
BREATH = 4


def mark_stale(now: datetime) -> None:
    """Say that contributions changed; call inside the transaction that changes them.

    The shared lock makes `begin_rebuild` wait until this transaction has ended: whatever saw the mark already set is
    then visible to the rebuild.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
    marked = SummaryState.objects.filter(pk=1)
    if marked.filter(stale_since__isnull=False).exists():  # as nearly always in the middle of an import
        return
    if not marked.filter(stale_since=None).update(stale_since=now):
        SummaryState.objects.bulk_create([SummaryState(pk=1, stale_since=now)], ignore_conflicts=True)


def is_stale(now: datetime, every: timedelta = timedelta(0)) -> bool:
    """Whether a rebuild is due: marked, asked for by a change of a member, or begun and never finished.

    The last one lies back `every` or more, and so long that rebuilding takes no more than a part in BREATH of the time.
    """
    state = SummaryState.objects.filter(pk=1).first()
    if state is None or state.built_at is None:
        return True
    breath = timedelta(seconds=state.seconds * BREATH)
    if every and now - max(every, breath) < state.built_at <= now:
        return False
    if state.stale_since is not None:
        return True
    if state.rebuilding_since is not None and state.rebuilding_since < now - ABANDONED_AFTER - breath:
        return True
    return MemberChange.objects.filter(consumed_at=None).exists()


def changed_members(*, limit: int) -> list[int]:
    """Members who changed after their rows were last counted."""
    at = SummaryState.objects.filter(pk=1).values_list("members_at", flat=True).first()
    changes = MemberChange.objects.filter(consumed_at=None)
    if at is not None:
        changes = changes.filter(changed_at__gt=at)
    return sorted(changes.values_list("member_id", flat=True).distinct()[:limit])


def begin_rebuild(now: datetime) -> None:
    """Take the mark away and consume the changes of members; everything marked before is visible afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        SummaryState.objects.bulk_create([SummaryState(pk=1)], ignore_conflicts=True)
        SummaryState.objects.filter(pk=1).update(stale_since=None, rebuilding_since=now)
        MemberChange.objects.filter(consumed_at=None).update(consumed_at=now)
