"""The demo's sources as they look after a year of imports: streams, runs, one that is ill, and what nobody understood."""

from datetime import datetime, timedelta

from dashboard.importers import PORTAL
from dashboard.models import Channel, DeadLetter, ImportRun, Source, Stream
from dashboard.services import runs

ILL_SERVICE = "reddit"
ILL_FOR = timedelta(days=2)
_REFUSED = "The service refused us (403). Its token may have been revoked."


def read_own(*, now: datetime) -> int:
    """Import the portal's own events and applications for real; returns how many rows that made."""
    source = Source.objects.get(service=PORTAL, is_demo=True)
    run = runs.run_import(ImportRun.objects.create(source=source, created_at=now), now=now, budget=None)
    return run.n_new


def note_runs(now: datetime) -> None:
    """Each invented source looks as after its last import: one failed."""
    for number, source in enumerate(Source.objects.filter(is_demo=True).exclude(service=PORTAL).order_by("name")):
        is_ill = source.service == ILL_SERVICE
        at = now - timedelta(minutes=7 + 3 * number)
        source.last_good_at = at - ILL_FOR if is_ill else at
        source.last_error = _REFUSED if is_ill else ""
        source.save(update_fields=["last_good_at", "last_error"])
        ImportRun.objects.create(
            source=source,
            state=ImportRun.State.FAILED if is_ill else ImportRun.State.DONE,
            created_at=at,
            started_at=at,
            finished_at=at + timedelta(seconds=20 + 9 * number),
            n_new=0 if is_ill else 40 + 11 * number,
            n_skipped=0 if is_ill else 200 + 31 * number,
            error=source.last_error,
        )
