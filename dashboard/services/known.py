"""What is stored of a source already, for importers that have to ask the service about it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from dashboard import kinds
from dashboard.importers.records import Stored
from dashboard.models import Channel, Contribution


@dataclass(frozen=True, slots=True)
class StoredRows(Stored):
    """The rows of one source; see `dashboard.importers.records.Stored`."""

    source_id: int

    def newest(
        self, channel_key: str, *, since: datetime, before: tuple[datetime, str] | None, most: int
    ) -> list[tuple[datetime, str]]:
        rows = Contribution.objects.filter(
            source=self.source_id, channel__key=channel_key, deleted_at=None, occurred_at__gte=since
        )
        if before is not None:
            rows = rows.filter(Q(occurred_at__lt=before[0]) | Q(occurred_at=before[0], external_id__lt=before[1]))
        return list(rows.order_by("-occurred_at", "-external_id").values_list("occurred_at", "external_id")[:most])

    def comment_counts(self, threads: list[str]) -> Mapping[str, int]:
        rows = Contribution.objects.filter(source=self.source_id, thread__in=threads, kind=kinds.COMMENT)
        return dict(rows.filter(deleted_at=None).values_list("thread").annotate(n=Count("pk")).order_by())

    def channels(self) -> Mapping[str, str]:
        return dict(Channel.objects.filter(source=self.source_id, gone_at=None).values_list("key", "name"))

    def threads(
        self, channel_key: str, kinds: tuple[str, ...], *, since: datetime, until: datetime | None = None
    ) -> Mapping[str, str]:
        rows = Contribution.objects.filter(
            source=self.source_id, channel__key=channel_key, kind__in=kinds, deleted_at=None, occurred_at__gte=since
        )
        rows = rows.filter(occurred_at__lt=until) if until else rows
        return dict(rows.values_list("external_id", "thread"))
