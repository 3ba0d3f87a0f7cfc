"""The channels of a source and their streams, as the importer finds them."""

from collections.abc import Iterable

from django.db import transaction

from dashboard.importers.records import ChannelRecord
from dashboard.models import Channel, Source, Stream


@transaction.atomic
def remember_channels(*, source: Source, found: Iterable[ChannelRecord]) -> None:
    """Make or update every channel found, and the streams it has; what is no longer found is left as it is."""
    records = {record.key: record for record in found}
    Channel.objects.bulk_create(
        (
            Channel(
                source=source,
                key=record.key,
                name=record.name[:200],
                kind=record.kind[:20],
                url=record.url if len(record.url) <= 500 else "",
                is_archived=record.is_archived,
            )
            for record in records.values()
        ),
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["name", "kind", "url", "is_archived"],
    )
    ids = dict(source.channels.values_list("key", "pk"))
    Stream.objects.bulk_create(
        (Stream(channel_id=ids[record.key], name=name) for record in records.values() for name in record.streams),
        ignore_conflicts=True,
    )
