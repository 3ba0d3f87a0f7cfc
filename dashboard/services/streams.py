"""Working through the streams of a source: a few pages of each in turn; one that fails does not stop the others."""

import logging
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError
from django.db.models import F, Q
from django.utils.translation import gettext as _

from dashboard.importers.records import Cursor, Importer
from dashboard.models import FILE_STREAM, ImportRun, Stream
from dashboard.services.grouping import Group, grouped
from dashboard.services.locks import stream_lock
from dashboard.services.pages import LEASE, LostLease, MovedOn, Progress, store_page
from portal.clients.errors import AuthError, ClientError, RateLimited, TransientError

logger = logging.getLogger(__name__)

#: So that one huge repository cannot starve the others of a run.
PAGES_IN_TURN = 25
#: After so many streams in a row that could not be reached, the service is down, not the stream.
FAILURES_IN_A_ROW = 3
TRY_AGAIN = timedelta(hours=1)
BUSY = timedelta(seconds=30)


class Clock:
    """The time, moving on from the moment that was passed in."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._began = time.monotonic()

    def __call__(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._began)


class StreamWork:
    """One worker's part of one run. `resume_at` is when to go on after `run` said that it is not done."""

    def __init__(
        self, *, run: ImportRun, importer: Importer, clock: Clock, progress: Callable[[Progress], None] | None = None
    ) -> None:
        self._run = run
        self._importer = importer
        self._clock = clock
        self._progress = progress
        self._failures = 0
        self.resume_at: datetime | None = None

    def run(self, *, until: datetime | None) -> bool:
        """Whether everything that can be read now has been; raises ClientError when the whole source refuses."""
        pending = list(self._pending())
        total = self._streams().count()
        while pending:
            self._report(pending[0], total - len(pending), total)
            stream = pending.pop(0)
            with stream_lock(stream.pk) as is_ours:
                if not is_ours:
                    self.resume_at = self._clock() + BUSY
                    continue
                is_over = self._turn(stream, until, total - len(pending) - 1, total)
            if not is_over:
                pending.append(stream)
            if until is not None and self._clock() >= until and pending:
                self.resume_at = None
                return False
        return self.resume_at is None

    def _streams(self):  # type: ignore[no-untyped-def]
        read = Stream.objects.exclude(name=FILE_STREAM).filter(channel__source=self._run.source_id)
        return read.filter(channel__gone_at=None).select_related("channel")

    def _pending(self):  # type: ignore[no-untyped-def]
        """Streams this run has not read to the end, the longest unread first."""
        now = self._clock()
        unread = Q(last_good_at=None) | Q(last_good_at__lt=self._run.started_at)
        due = Q(next_try_at=None) | Q(next_try_at__lte=now)
        return (
            self._streams().filter(unread, due, is_enabled=True).order_by(F("last_good_at").asc(nulls_first=True), "pk")
        )

    def _turn(self, stream: Stream, until: datetime | None, done: int, total: int) -> bool:
        """Read some pages of a stream; True when it needs no further turn in this run."""
        try:
            is_over = self._read(stream, until, done, total)
        except (RateLimited, LostLease, DatabaseError, InterfaceError, SoftTimeLimitExceeded):
            raise
        except MovedOn:
            return True
        except ClientError as error:
            self._note_failure(stream, error)
            return True
        except Exception as error:  # a mistake in an importer stops its stream, not the other streams
            logger.exception("stream %s of source %s", stream, self._run.source.name)
            sentence = _("An unexpected error (%(kind)s) stopped it.") % {"kind": type(error).__name__}
            self._set(stream, last_error=sentence, next_try_at=self._clock() + TRY_AGAIN)
            return True
        self._failures = 0
        return is_over

    def _read(self, stream: Stream, until: datetime | None, done: int, total: int) -> bool:
        self._keep_lease()
        stream.refresh_from_db(fields=["cursor"])
        cursor = stream.cursor
        n_left = PAGES_IN_TURN
        for group in self._groups(stream, cursor, until):
            store_page(run=self._run, stream=stream, page=group.page, expected=cursor, now=self._clock())
            cursor, n_left = group.page.cursor, n_left - group.n_pages
            self._report(stream, done, total)
            if group.page.is_last:
                return True
            if n_left <= 0 or self._is_over(until):
                return False
        self._set(stream, last_good_at=self._clock(), last_error="", next_try_at=None)
        return True

    def _groups(self, stream: Stream, cursor: Cursor, until: datetime | None) -> Iterator[Group]:
        """Copies: a cursor that shared a list with what its importer goes on changing would not be the stored one."""
        channel, given = stream.channel, deepcopy(cursor)
        found = self._importer.pages(channel.key, channel.name, stream.name, given, now=self._clock())
        pages = (replace(page, cursor=deepcopy(page.cursor)) for page in found)
        most = 1 if getattr(self._importer, "needs_each_page", False) else PAGES_IN_TURN
        return grouped(pages, most=most, is_due=lambda: self._is_over(until))

    def _is_over(self, until: datetime | None) -> bool:
        return until is not None and self._clock() >= until

    def _keep_lease(self) -> None:
        mine = ImportRun.objects.filter(pk=self._run.pk, state=ImportRun.State.RUNNING, attempt=self._run.attempt)
        if not mine.update(lease_until=self._clock() + LEASE):
            raise LostLease

    def _note_failure(self, stream: Stream, error: ClientError) -> None:
        """Postpone a stream that may recover, switch off one that will not; re-raise what concerns the whole source."""
        if isinstance(error, AuthError) and error.status == 401:
            raise error
        if error.retry_at is None:
            self._set(stream, last_error=error.sentence, is_enabled=False)
            return
        self._set(stream, last_error=error.sentence, next_try_at=error.retry_at)
        if isinstance(error, TransientError):
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                raise error

    @staticmethod
    def _set(stream: Stream, **values: object) -> None:
        Stream.objects.filter(pk=stream.pk).update(**values)

    def _report(self, stream: Stream, done: int, total: int) -> None:
        if self._progress is None:
            return
        counts = ImportRun.objects.values_list("n_new", "n_updated", "n_skipped", "n_rejected").get(pk=self._run.pk)
        self._progress(Progress(str(stream), done, total, *counts))
