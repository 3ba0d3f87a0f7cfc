"""Import runs: asking for one, working on it until its time is up, and how it ends."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import importers
from dashboard.importers import InvalidSource
from dashboard.importers.records import Importer
from dashboard.models import FILE_STREAM, ImportRun, Source, Stream
from dashboard.services import portal_facts
from dashboard.services.channels import remember_channels
from dashboard.services.locks import run_lock
from dashboard.services.pages import LEASE, LostLease, Progress
from dashboard.services.quota import keep_quotas
from dashboard.services.sources import config_for, ensure_portal_source
from dashboard.services.streams import Clock, StreamWork
from portal.clients.errors import AuthError, ClientError, ForbiddenAddress, RateLimited, TransientError
from portal.jobs.services import enqueue
from portal.members.models import User

logger = logging.getLogger(__name__)

TASK = "dashboard.tasks.run_import"
#: After a mistake of ours, and after the same one again.
RETRY_AFTER = timedelta(minutes=1)
RETRY_AGAIN_AFTER = timedelta(minutes=15)
#: After a restart of the database.
DATABASE_AWAY = timedelta(seconds=2)
OPEN = (ImportRun.State.WAITING, ImportRun.State.RUNNING)


def ask_for_run(*, source: Source, asked_by: User | None = None) -> ImportRun:
    """The open run of a source, made when there is none; a worker hears of it after commit.

    Raises ValidationError when the source is switched off.
    """
    if not source.is_enabled:
        raise ValidationError(_("The source “%(name)s” is switched off."), params={"name": source.name})
    if source.is_demo and source.service != importers.PORTAL:
        raise ValidationError(_("This source is invented, like all of the demo: there is nothing to import."))
    if there := source.runs.filter(state__in=OPEN).first():
        return there
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(source=source, asked_by=asked_by)
    except IntegrityError:  # somebody else asked at the same moment
        return source.runs.filter(state__in=OPEN).first() or source.runs.latest("pk")
    enqueue(TASK, run.pk)
    return run


def queue_imports(*, now: datetime) -> int:
    """Ask for a run of every source whose last one began too long ago; returns how many."""
    ensure_portal_source()
    recent = ImportRun.objects.filter(source=OuterRef("pk"), created_at__gt=now - settings.IMPORT_EVERY)
    opened = ImportRun.objects.filter(source=OuterRef("pk"), state__in=OPEN)
    due = Source.objects.filter(~Exists(recent), ~Exists(opened), is_imported(), is_enabled=True)
    for service, info in importers.SERVICES.items():
        if info.every is not None:
            good = ImportRun.objects.filter(source=OuterRef("pk"), state=ImportRun.State.DONE)
            due = due.exclude(Exists(good.filter(finished_at__gt=now - info.every)), service=service)
    wanted = {source.pk: source for source in due}
    for portal in Source.objects.filter(service=importers.PORTAL, is_enabled=True).exclude(pk__in=wanted):
        if _has_portal_news(portal, now):
            wanted[portal.pk] = portal
    for source in wanted.values():
        ask_for_run(source=source)
    return len(wanted)


def is_imported() -> Q:
    """Which sources an import makes sense for: those of the demo are invented, but for the portal itself."""
    return Q(is_demo=False) | Q(service=importers.PORTAL)


def _has_portal_news(portal: Source, now: datetime) -> bool:
    """Whether an event was held, an answer went out or members were merged since the portal was last read."""
    last = portal.runs.order_by("-pk").values_list("started_at", "state").first()
    if last is None or last[0] is None or last[1] in OPEN:
        return last is None
    return portal_facts.has_news(since=last[0], now=now)


def run_import(
    run: ImportRun,
    *,
    now: datetime,
    progress: Callable[[Progress], None] | None = None,
    budget: timedelta | None = None,
    create: Callable[..., Importer] | None = None,
) -> ImportRun:
    """Work on a run until it is done, its time is up or its source asks for patience; the row says which.

    A run that another worker holds, or whose time has not come, is left alone; one whose worker died is taken over at
    once, since the lock of a dead worker is free. `budget` None works to the end.
    """
    with run_lock(run.pk) as is_ours:
        if is_ours and run.claim(now=now, lease=LEASE, is_holder_dead=True):
            _work_on(run, Clock(now), progress, budget, create or importers.create)
    return run


def _work_on(
    run: ImportRun,
    clock: Clock,
    progress: Callable[[Progress], None] | None,
    budget: timedelta | None,
    create: Callable[..., Importer],
) -> None:
    try:
        _work(run, clock, progress, budget, create)
    except LostLease:
        logger.warning("import run %s was taken over by another worker", run.pk)
    except SoftTimeLimitExceeded:
        _hand_on(run, next_try_at=None)
    except (OperationalError, InterfaceError) as lost:
        # Where it is still away, this raises too: the row stays running, held by nobody, and the reconciler finds it.
        connection.close()
        logger.warning("import run %s lost the database: %s", run.pk, str(lost).partition("\n")[0])
        _hand_on(run, next_try_at=clock() + DATABASE_AWAY, error=_("The database was away: it goes on by itself."))
    except Exception:
        unexpected = _("An unexpected error stopped it: it is tried again by itself.")
        wait = RETRY_AFTER if run.error != unexpected else RETRY_AGAIN_AFTER
        _hand_on(run, next_try_at=clock() + wait, error=unexpected)
        raise
    run.refresh_from_db()
    _log(run, clock())


def _log(run: ImportRun, now: datetime) -> None:
    """One line for each run once it has ended; that it was handed on is said where more is wanted."""
    logger.log(
        logging.DEBUG if run.is_open else logging.INFO,
        "import source=%s service=%s run=%s state=%s new=%s updated=%s skipped=%s rejected=%s requests=%s seconds=%.1f "
        "turns=%s error=%r",
        *(run.source.name, run.source.service, run.pk, run.state, run.n_new, run.n_updated, run.n_skipped),
        *(run.n_rejected, run.n_requests, ((run.finished_at or now) - (run.started_at or now)).total_seconds()),
        *(run.attempt, run.error),
    )


def _work(
    run: ImportRun,
    clock: Clock,
    progress: Callable[[Progress], None] | None,
    budget: timedelta | None,
    create: Callable[..., Importer],
) -> None:
    if run.started_at is None:
        run.started_at = clock()
        _mine(run).update(started_at=run.started_at)
    try:
        config = config_for(run.source)
        importer = create(config)
    except (InvalidSource, ImproperlyConfigured) as problem:  # also a token file that cannot be read
        _fail(run, str(problem), clock())
        return
    try:
        found = list(importer.channels())  # outside of a transaction: it asks the service
        remember_channels(source=run.source, found=found, now=clock())
        work = StreamWork(run=run, importer=importer, clock=clock, progress=progress)
        is_done = work.run(until=None if budget is None else clock() + budget)
    except ClientError as error:
        _stop(run, error, clock())
        return
    finally:
        importer.close()
        keep_quotas(source=run.source, gate=config.gate, now=clock())
    if is_done:
        _finish(run, clock())
    else:
        _hand_on(run, next_try_at=work.resume_at)


def _stop(run: ImportRun, error: ClientError, now: datetime) -> None:
    """The source as a whole refuses: for now, or until somebody looks."""
    is_passing = isinstance(error, RateLimited | TransientError) or (
        error.retry_at is not None and not isinstance(error, AuthError | ForbiddenAddress)
    )
    if not is_passing or error.retry_at is None:
        _fail(run, error.sentence, now)
        return
    _hand_on(run, next_try_at=error.retry_at, error=error.sentence)
    if not isinstance(error, RateLimited):
        Source.objects.filter(pk=run.source_id).update(last_error=error.sentence)


def _finish(run: ImportRun, now: datetime) -> None:
    streams = Stream.objects.filter(channel__source=run.source_id).exclude(name=FILE_STREAM)
    ill = streams.exclude(last_error="")
    n_ill, n_streams = ill.count(), streams.count()
    error = ""
    if n_ill:
        first = ill.select_related("channel").order_by("pk")[0]
        error = ngettext(
            "%(ill)s of %(all)s streams could not be read. %(stream)s: %(reason)s",
            "%(ill)s of %(all)s streams could not be read. The first, %(stream)s: %(reason)s",
            n_ill,
        ) % {"ill": n_ill, "all": n_streams, "stream": first, "reason": first.last_error}
    if n_ill and n_ill == n_streams:
        _fail(run, error, now)
        return
    state = ImportRun.State.DONE
    if _mine(run).update(state=state, finished_at=now, lease_until=None, next_try_at=None, error=error, at_stream=""):
        Source.objects.filter(pk=run.source_id).update(last_good_at=now, last_error=error)


def _fail(run: ImportRun, sentence: str, now: datetime) -> None:
    if _mine(run).update(state=ImportRun.State.FAILED, finished_at=now, lease_until=None, error=sentence, at_stream=""):
        Source.objects.filter(pk=run.source_id).update(last_error=sentence)


def _hand_on(run: ImportRun, *, next_try_at: datetime | None, error: str = "") -> None:
    """Give the run back: to the next worker at once, or to the reconciler when its time has come."""
    waiting = {"state": ImportRun.State.WAITING, "lease_until": None, "next_try_at": next_try_at, "error": error}
    if _mine(run).update(**waiting) and next_try_at is None:
        enqueue(TASK, run.pk)


def _mine(run: ImportRun):  # type: ignore[no-untyped-def]
    """The row, as long as nobody else has claimed it: each claim raises `attempt`."""
    return ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING, attempt=run.attempt)
