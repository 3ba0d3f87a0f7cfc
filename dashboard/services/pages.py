"""One page of an import: its data, its cursor and its counts in one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from dashboard.importers.records import Cursor, Page
from dashboard.models import DeadLetter, ImportRun, Stream
from dashboard.services import dead_letters
from dashboard.services.removals import release_orphans, remove_gone, remove_missing
from dashboard.services.starting_points import remember_starting_points
from dashboard.services.store import StoreResult, follow_names, store

LEASE = timedelta(minutes=2)
#: What of a stream moves with its pages.
_MOVES = ["cursor", "is_backfilled", "last_good_at", "last_error", "next_try_at", "n_items", "reread_since"]


class LostLease(Exception):
    """Another worker has taken the run over: whatever this one was about to write must not be written."""


class MovedOn(Exception):
    """The stream's cursor is no longer where this worker left it: somebody else imported it meanwhile."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands, for the bar in a terminal."""

    stream: str
    n_streams_done: int
    n_streams: int
    n_new: int
    n_updated: int
    n_skipped: int
    n_rejected: int

    @property
    def n_items(self) -> int:
        return self.n_new + self.n_updated + self.n_skipped + self.n_rejected


@transaction.atomic
def store_page(*, run: ImportRun, stream: Stream, page: Page, expected: Cursor, now: datetime) -> StoreResult:
    """Store a page of `stream`, whose cursor must still be `expected`; a crash anywhere repeats this one page.

    Raises LostLease or MovedOn, and writes nothing, when the work is no longer this worker's.
    """
    mine = ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING, attempt=run.attempt)
    if not mine.update(lease_until=now + LEASE, at_stream=str(stream)[:240]):
        raise LostLease
    there = Stream.objects.select_for_update(of=("self",)).get(pk=stream.pk)
    if there.cursor != expected:
        raise MovedOn
    result = store(
        source=run.source,
        channel=stream.channel,
        records=page.records,
        now=now,
        is_backfill=not there.is_backfilled,
    )
    remember_starting_points(source=run.source, records=page.records)
    n_removed = remove_missing(channel=stream.channel, page=page, now=now)
    n_removed += remove_gone(source=run.source, page=page, now=now)
    release_orphans(source=run.source, page=page, now=now)
    follow_names(source=run.source, accounts=page.accounts, now=now)
    _keep_dead_letters(stream, page, now)
    there.cursor = page.cursor
    there.n_items = F("n_items") + result.n_new
    if page.is_last:
        there.is_backfilled, there.last_good_at, there.last_error, there.next_try_at = True, now, "", None
        dead_letters.forget_reread(there)
    there.save(update_fields=_MOVES)
    mine.update(
        n_new=F("n_new") + result.n_new,
        n_updated=F("n_updated") + result.n_updated + n_removed,
        n_skipped=F("n_skipped") + result.n_skipped,
        n_rejected=F("n_rejected") + len(page.rejected),
        n_requests=F("n_requests") + page.requests,
    )
    return result


def _keep_dead_letters(stream: Stream, page: Page, now: datetime) -> None:
    """What could not be understood is kept; what was kept and has come well since is let go."""
    dead_letters.forget_understood(stream, [record.external_id for record in page.records])
    letters = {
        (item.external_id[:200], item.reason[:300]): DeadLetter(
            stream=stream,
            external_id=item.external_id[:200],
            reason=item.reason[:300],
            payload=item.payload.replace("\x00", ""),
            seen_at=now,
        )
        for item in page.rejected
    }
    DeadLetter.objects.bulk_create(
        letters.values(),
        update_conflicts=True,
        unique_fields=["stream", "external_id", "reason"],
        update_fields=["payload", "seen_at"],
    )
