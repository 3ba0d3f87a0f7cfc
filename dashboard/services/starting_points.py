"""Which issues are open for somebody new, as the last import saw them."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard import kinds
from dashboard.importers.records import Record
from dashboard.models import Contribution, Source, StartingPoint


@dataclass(frozen=True, slots=True)
class Shown:
    """A line on a page: where to begin, in which repository, and how its project calls it."""

    title: str
    url: str
    place: str
    labels: tuple[str, ...]


def remember_starting_points(*, source: Source, records: Iterable[Record]) -> None:
    """Keep the starting points among the records, forget those that are none any more. In the page's transaction."""
    wanted = {record.external_id: record.starting_labels for record in records if record.kind == kinds.ISSUE}
    if not wanted:
        return
    labelled = [key for key, labels in wanted.items() if labels]
    there = StartingPoint.objects.filter(contribution__source=source, contribution__external_id__in=wanted)
    there.exclude(contribution__external_id__in=labelled).delete()
    if not labelled:
        return
    rows = Contribution.objects.filter(source=source, external_id__in=labelled).values_list("pk", "external_id")
    StartingPoint.objects.bulk_create(
        (StartingPoint(contribution_id=pk, labels=[label[:100] for label in wanted[key]]) for pk, key in rows),
        update_conflicts=True,
        unique_fields=["contribution"],
        update_fields=["labels"],
    )


def open_starting_points(limit: int = 6) -> list[Shown]:
    """The newest issues for somebody new, of every source; one query."""
    return [
        Shown(
            row.contribution.title,
            row.contribution.url,
            row.contribution.channel.name,
            tuple(dict.fromkeys(row.labels)),
        )
        for row in StartingPoint.objects.open()[:limit]
    ]
