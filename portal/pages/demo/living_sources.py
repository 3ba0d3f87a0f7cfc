"""The demo's sources as after a year of imports: streams, runs, one that is ill, and what nobody understood."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count

from dashboard import kinds
from dashboard.importers import PORTAL
from dashboard.models import Channel, Contribution, DeadLetter, ImportRun, Source, SourceQuota, Stream
from dashboard.services import runs

ILL_SERVICE: Final = "reddit"
ILL_FOR: Final = timedelta(days=2)
_REFUSED: Final = "The service refused us (403). Its token may have been revoked."
_NOTE: Final = "Reddit shows the last 1,000 submissions only: older ones are not counted."

#: service -> stream -> the kinds it brings
_STREAMS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "github": {
        "issues": (kinds.ISSUE,),
        "pulls": (kinds.CHANGE, kinds.REVIEW),
        "issue_comments": (kinds.COMMENT,),
        "review_comments": (kinds.REVIEW_COMMENT,),
    },
    "slack": {"messages": (kinds.MESSAGE, kinds.REPLY)},
    "discourse": {"posts": (kinds.TOPIC, kinds.QUESTION, kinds.POST, kinds.ANSWER)},
    "reddit": {"submissions": (kinds.SUBMISSION,), "comments": (kinds.COMMENT,)},
    "stackexchange": {"posts": (kinds.QUESTION, kinds.ANSWER, kinds.COMMENT)},
}
#: service, reason, the item as it came
_LETTERS: Final = (
    (
        "github",
        "“created_at” is missing or no time",
        {"id": 71_004, "title": "Import stops at row 4096", "user": None},
    ),
    ("github", "“id” is missing or no positive whole number", {"id": "<b>12</b>", "title": "</pre><script>1</script>"}),
    ("slack", "“ts” is missing or no time stamp", {"type": "message", "text": "", "ts": "soon"}),
)
#: service, name of the allowance, calls left, of how many, minutes until it begins anew
_QUOTAS: Final = (
    ("github", "core", 4_312, 5_000, 38),
    ("github", "graphql", 4_871, 5_000, 51),
    ("stackexchange", "calls", 9_640, 10_000, 600),
)


def read_own(*, now: datetime) -> int:
    """Import the portal's own events and applications for real; returns how many rows that made."""
    source = Source.objects.get(service=PORTAL, is_demo=True)
    runs.logger.disabled = True  # the line of this run would stand among those of the load
    try:
        run = runs.run_import(ImportRun.objects.create(source=source, created_at=now), now=now, budget=None)
    finally:
        runs.logger.disabled = False
    return run.n_new


def note_runs(now: datetime) -> None:
    """Each invented source looks as after its last import: one failed."""
    for number, source in enumerate(Source.objects.filter(is_demo=True).exclude(service=PORTAL).order_by("name")):
        is_ill = source.service == ILL_SERVICE
        at = now - timedelta(minutes=7 + 3 * number)
        source.last_good_at = at - ILL_FOR if is_ill else at
        source.last_error = _REFUSED if is_ill else ""
        source.save(update_fields=["last_good_at", "last_error"])
        n_new = 0 if is_ill else 40 + 11 * number
        ImportRun.objects.create(
            source=source,
            state=ImportRun.State.FAILED if is_ill else ImportRun.State.DONE,
            created_at=at,
            started_at=at,
            finished_at=at + timedelta(seconds=20 + 9 * number),
            n_new=n_new,
            n_skipped=0 if is_ill else 200 + 31 * number,
            n_requests=1 if is_ill else 9 + 4 * number,
            error=source.last_error,
        )
        Stream.objects.bulk_create(_streams(source))
    _note_letters(now)
    SourceQuota.objects.bulk_create(
        SourceQuota(
            source=source, name=name, left=left, most=most, resets_at=now + timedelta(minutes=minutes), seen_at=now
        )
        for service, name, left, most, minutes in _QUOTAS
        for source in Source.objects.filter(service=service, is_demo=True)
    )


def _streams(source: Source) -> Iterator[Stream]:
    counted = {
        (channel, kind): n
        for channel, kind, n in Contribution.objects.filter(source=source)
        .values_list("channel", "kind")
        .annotate(n=Count("pk"))
        .order_by()
    }
    for channel in source.channels.order_by("pk"):
        for name, brings in _STREAMS[source.service].items():
            yield Stream(
                channel=channel,
                name=name,
                is_backfilled=True,
                last_good_at=source.last_good_at,
                cursor={"note": _NOTE} if name == "submissions" else {},
                n_items=sum(counted.get((channel.pk, kind), 0) for kind in brings),
            )


def _note_letters(now: datetime) -> None:
    """Items that no record could be made of, each in the first stream of its source."""
    for number, (service, reason, item) in enumerate(_LETTERS):
        channel = Channel.objects.filter(source__service=service, source__is_demo=True).order_by("pk")[0]
        DeadLetter.objects.create(
            stream=channel.streams.order_by("pk")[0],
            external_id=f"{service}:{number + 1}",
            reason=reason,
            payload=json.dumps(item),
            seen_at=now - timedelta(days=number + 1),
        )
