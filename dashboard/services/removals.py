"""Marking as deleted what the source no longer has; a row that comes back is shown again."""

from datetime import datetime

from django.db.models import Q

from dashboard.importers.records import Page
from dashboard.models import Channel, Contribution
from dashboard.services.staleness import mark_stale


def remove_missing(*, channel: Channel, page: Page, now: datetime) -> int:
    """Mark the rows that a page says are gone, and drop their text; returns how many. In the page's transaction.

    What came with the page but could not be understood is there all the same.
    """
    if not page.complete:
        return 0
    parts = Q()
    for part in page.complete:
        one = Q(kind__in=part.kinds, occurred_at__gte=part.since)
        one &= Q(occurred_at__lt=part.until) if part.until else Q()
        one &= Q(thread=part.thread) if part.thread else Q()
        parts |= one
    present = [record.external_id for record in page.records] + [letter.external_id for letter in page.rejected]
    rows = Contribution.objects.filter(parts, source=channel.source_id, channel=channel, deleted_at=None)
    n_removed = rows.exclude(external_id__in=present).update(deleted_at=now, title="")
    if n_removed:
        mark_stale(now)
    return n_removed
