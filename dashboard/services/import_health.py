"""How the imports are: for everybody what is fresh and what may be missing; for the team each source and stream."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext as _

from dashboard import importers, words
from dashboard.import_words import LATE_AFTER, Health, health_of, left_of_time, what_to_do
from dashboard.models import FILE_STREAM, DeadLetter, ImportRun, Source, SourceQuota, Stream
from dashboard.services.quota import quota_left
from dashboard.services.sources import token_variable

#: Streams of one source that the page lists, the ill first; all of them are in the admin.
STREAMS_SHOWN = 12
#: For so long a finished run stays among the live ones, to be seen.
JUST_NOW = timedelta(minutes=5)
OPEN = (ImportRun.State.WAITING, ImportRun.State.RUNNING)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source for everybody."""

    name: str
    label: str
    series: int
    last_good_at: datetime | None
    health: Health


@dataclass(frozen=True, slots=True)
class StreamHealth:
    """A stream for the team."""

    key: int
    name: str
    badge: str
    word: str
    last_good_at: datetime | None
    n_items: int
    error: str
    note: str
    advice: str
    n_letters: int


@dataclass(frozen=True, slots=True)
class TeamSource:
    """A source for the team, with its streams."""

    key: int
    public: SourceHealth
    is_enabled: bool
    is_demo: bool
    error: str
    advice: str
    run: ImportRun | None
    next_at: datetime | None
    n_streams: int
    n_ill: int
    n_off: int
    n_items: int
    n_letters: int
    quotas: list[SourceQuota]
    streams: list[StreamHealth] = field(default_factory=list)

    @property
    def n_more(self) -> int:
        return self.n_streams - len(self.streams)


@dataclass(frozen=True, slots=True)
class LiveRun:
    """A run that is open, or has just ended."""

    run: ImportRun
    label: str
    series: int
    n_done: int
    n_streams: int
    per_second: int
    left: str

    @property
    def is_moving(self) -> bool:
        return self.run.state == ImportRun.State.RUNNING


def public_sources(now: datetime) -> list[SourceHealth]:
    """Every source that is imported, in the fixed order of services."""
    rows = _sources().filter(Q(is_enabled=True) | Q(is_demo=True))
    return [one for _source, one in _with_health(rows, now)]


def team_sources(now: datetime) -> list[TeamSource]:
    """All sources, those that are switched off too, with their streams; the number of queries is fixed."""
    rows = _with_health(_sources().prefetch_related("quotas"), now)
    latest: dict[int, int | None] = {source.pk: getattr(source, "latest_run") for source, _one in rows}  # noqa: B009
    last_runs = ImportRun.objects.in_bulk(list(filter(None, latest.values())))
    letters = dict(DeadLetter.objects.values_list("stream__channel__source").annotate(n=Count("pk")).order_by())
    streams = _streams([source.pk for source, _one in rows], now)
    return [
        _team_source(source, one, last_runs.get(latest[source.pk] or 0), letters.get(source.pk, 0), streams, now)
        for source, one in rows
    ]


def live_runs(now: datetime, *, source: int | None = None) -> list[LiveRun]:
    """Runs that are open or have just ended, one for each source."""
    rows = ImportRun.objects.filter(Q(state__in=OPEN) | Q(finished_at__gte=now - JUST_NOW))
    rows = rows.filter(source=source) if source is not None else rows
    newest = {run.source_id: run for run in rows.select_related("source").order_by("pk")}
    done = {
        pk: (n_done, n_all)
        for pk, n_done, n_all in Stream.objects.filter(channel__source__in=newest, is_enabled=True)
        .values_list("channel__source")
        .annotate(done=Count("pk", filter=Q(last_good_at__gte=_started(newest.values()))), n=Count("pk"))
        .order_by()
    }
    found = [_live(run, *done.get(run.source_id, (0, 0)), now) for run in newest.values()]
    return sorted(found, key=lambda one: (one.series, one.run.pk))


def _started(rows: Iterable[ImportRun]) -> Case:
    """When the run of a stream's source began."""
    begun = [When(channel__source=run.source_id, then=Value(run.started_at)) for run in rows if run.started_at]
    return Case(*begun, default=Value(None)) if begun else Case(default=Value(None))


def _live(run: ImportRun, n_done: int, n_streams: int, now: datetime) -> LiveRun:
    seconds = max(((run.finished_at or now) - run.started_at).total_seconds(), 1.0) if run.started_at else 0.0
    return LiveRun(
        run=run,
        label=words.service_label(run.source.service),
        series=_series(run.source.service),
        n_done=min(n_done, n_streams),
        n_streams=n_streams,
        per_second=round(run.n_items / seconds) if seconds else 0,
        left=left_of_time(n_done=n_done, n_all=n_streams, seconds=seconds),
    )


def _sources() -> QuerySet[Source]:
    latest = ImportRun.objects.filter(source=OuterRef("pk")).order_by("-pk")
    read = ~Q(channels__streams__name=FILE_STREAM)
    return Source.objects.annotate(
        latest_run=Subquery(latest.values("pk")[:1]),
        latest_state=Subquery(latest.values("state")[:1]),
        n_streams=Count("channels__streams", filter=read),
        n_ill=Count("channels__streams", filter=read & ~Q(channels__streams__last_error="")),
        n_off=Count("channels__streams", filter=read & Q(channels__streams__is_enabled=False)),
        n_items=Sum("channels__streams__n_items", default=0),
    )


def _with_health(rows: QuerySet[Source], now: datetime) -> list[tuple[Source, SourceHealth]]:
    found = list(rows)
    labels = [words.service_label(source.service) for source in found]
    pairs = []
    for source, label in zip(found, labels, strict=True):
        told = label if labels.count(label) == 1 else f"{label} ({source.name})"
        pairs.append((source, _public(source, told, now)))
    return sorted(pairs, key=lambda pair: (pair[1].series, pair[1].name))


def _public(source: Source, label: str, now: datetime) -> SourceHealth:
    info = importers.SERVICES.get(source.service)
    patience = LATE_AFTER + (info.every or timedelta() if info else timedelta())
    return SourceHealth(
        name=source.name,
        label=label,
        series=_series(source.service),
        last_good_at=source.last_good_at,
        health=health_of(
            service=source.service,
            last_good_at=source.last_good_at,
            has_error=bool(source.last_error),
            is_partly=source.latest_state == ImportRun.State.DONE,  # type: ignore[attr-defined]
            is_late=source.last_good_at is not None and now - source.last_good_at > patience and not source.is_demo,
            is_on=source.is_enabled or source.is_demo,
        ),
    )


def _series(service: str) -> int:
    return importers.SERVICES[service].series if service in importers.SERVICES else 6


def _team_source(
    source: Source,
    public: SourceHealth,
    run: ImportRun | None,
    n_letters: int,
    streams: dict[int, list[StreamHealth]],
    now: datetime,
) -> TeamSource:
    counted: dict[str, int] = {name: getattr(source, name) for name in ("n_streams", "n_ill", "n_off", "n_items")}
    return TeamSource(
        key=source.pk,
        public=public,
        is_enabled=source.is_enabled,
        is_demo=source.is_demo,
        error=source.last_error,
        advice=what_to_do(
            error=source.last_error,
            is_enabled=source.is_enabled,
            next_try_at=run.next_try_at if run else None,
            is_reddit=source.service == "reddit",
            variable=token_variable(source),
            now=now,
        ),
        run=run,
        next_at=_next_at(source, run),
        n_letters=n_letters,
        quotas=quota_left(source),
        streams=streams.get(source.pk, []),
        **counted,
    )


def _next_at(source: Source, run: ImportRun | None) -> datetime | None:
    """When beat asks for the next run; None while one is open, or where none will come."""
    if not source.is_enabled or (source.is_demo and source.service != importers.PORTAL):
        return None
    if run is None or run.is_open:
        return run.next_try_at if run else None
    info = importers.SERVICES.get(source.service)
    due = run.created_at + settings.IMPORT_EVERY
    if info and info.every and run.state == ImportRun.State.DONE and run.finished_at:
        return max(due, run.finished_at + info.every)
    return due


def _streams(keys: list[int], now: datetime) -> dict[int, list[StreamHealth]]:
    """The first streams of each source: those that failed, then those switched off, then the longest unread."""
    worst = Case(
        When(~Q(last_error=""), then=0), When(is_enabled=False, then=1), default=2, output_field=IntegerField()
    )
    place = Window(
        RowNumber(),
        partition_by=[F("channel__source")],
        order_by=[worst.asc(), F("last_good_at").asc(nulls_first=True), F("pk").asc()],
    )
    letters = DeadLetter.objects.filter(stream=OuterRef("pk")).order_by().values("stream").annotate(n=Count("pk"))
    rows = (
        Stream.objects.filter(channel__source__in=keys)
        .exclude(name=FILE_STREAM)
        .annotate(place=place, n_letters=Coalesce(Subquery(letters.values("n")), 0))
        .filter(place__lte=STREAMS_SHOWN)
        .select_related("channel__source")
        .order_by("place")
    )
    found: dict[int, list[StreamHealth]] = {}
    for row in rows:
        found.setdefault(row.channel.source_id, []).append(_stream(row, now))
    return found


def _stream(row: Stream, now: datetime) -> StreamHealth:
    state = "off" if not row.is_enabled and not row.last_error else "late" if row.last_error else "good"
    state = "new" if state == "good" and row.last_good_at is None else state
    said = {"off": _("off"), "late": _("ill"), "good": _("fine"), "new": _("waiting")}
    return StreamHealth(
        key=row.pk,
        name=str(row),
        badge=state,
        word=said[state],
        last_good_at=row.last_good_at,
        n_items=row.n_items,
        error=row.last_error,
        note=row.note,
        advice=what_to_do(
            error=row.last_error,
            is_enabled=row.is_enabled,
            next_try_at=row.next_try_at,
            is_reddit=row.channel.source.service == "reddit",
            variable=token_variable(row.channel.source),
            now=now,
        ),
        n_letters=row.n_letters,  # type: ignore[attr-defined]
    )
