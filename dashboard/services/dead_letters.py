"""What could not be understood: reading it again, and letting go of what has come well since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from dashboard.models import FILE_STREAM, DeadLetter, Source, Stream
from dashboard.services import runs
from portal.members.models import User


@dataclass(frozen=True, slots=True)
class Reread:
    """What was asked for: streams that begin anew, and what stands in the way of others."""

    n_streams: int
    problems: Sequence[str]


@transaction.atomic
def read_again(*, streams: Iterable[int], asked_by: User | None, now: datetime) -> Reread:
    """Read streams once more from the beginning, with the next run of their sources, which is asked for at once.

    What is stored already is skipped by its hash. The item of a dead letter comes anew: it turns into a record, or
    stays a letter with the reason of today; letters whose item is no longer there go once the stream is through.
    """
    rows = Stream.objects.select_for_update(of=("self",)).filter(pk__in=list(streams)).exclude(name=FILE_STREAM)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    Stream.objects.filter(pk__in=keys).update(
        cursor={}, last_good_at=None, last_error="", next_try_at=None, is_enabled=True, reread_since=now
    )
    problems = []
    for source in Source.objects.filter(channels__streams__in=keys).distinct().order_by("name"):
        try:
            runs.ask_for_run(source=source, asked_by=asked_by)
        except ValidationError as problem:
            problems += problem.messages
    return Reread(len(keys), problems)


def forget_understood(stream: Stream, external_ids: list[str]) -> None:
    """Items that make a record now are no dead letters any more."""
    if external_ids:
        rows = DeadLetter.objects.filter(stream=stream, external_id__in=external_ids)
        rows._raw_delete(rows.db)


def forget_reread(stream: Stream) -> None:
    """At the end of a reading from the beginning: letters that did not come again are history."""
    if stream.reread_since is not None:
        DeadLetter.objects.filter(stream=stream, seen_at__lt=stream.reread_since).delete()
        stream.reread_since = None
