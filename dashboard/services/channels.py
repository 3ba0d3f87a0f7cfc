"""The channels of a source and their streams, as the importer finds them."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from dashboard.importers.records import ChannelRecord
from dashboard.models import Channel, Source, Stream
from dashboard.services.removals import remove_channels


@transaction.atomic
def remember_channels(*, source: Source, found: Iterable[ChannelRecord], now: datetime) -> None:
    """Make or update every channel found, and the streams it has; what is not spoken of is left as it is.

    A channel that is gone is read no more. One that is back is read again from the beginning where its rows had been
    deleted, which brings them back.
    """
    records = {record.key: record for record in found}
    lost = dict(source.channels.exclude(gone_at=None).values_list("key", "pk"))
    Channel.objects.bulk_create(
        (_channel(source, record, now) for record in records.values()),
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["name", "kind", "url", "is_archived", "gone_at"],
    )
    ids = dict(source.channels.values_list("key", "pk"))
    back = [pk for key, pk in lost.items() if key in records and not records[key].is_gone]
    Stream.objects.filter(channel__in=back).update(cursor={}, is_enabled=True, last_error="", next_try_at=None)
    remove_channels(channels=[ids[key] for key, one in records.items() if one.is_erased], now=now)
    Stream.objects.filter(channel__in=[ids[key] for key, one in records.items() if one.is_gone]).update(last_error="")
    Stream.objects.bulk_create(
        (Stream(channel_id=ids[record.key], name=name) for record in records.values() for name in record.streams),
        ignore_conflicts=True,
    )


def _channel(source: Source, record: ChannelRecord, now: datetime) -> Channel:
    return Channel(
        source=source,
        key=record.key,
        name=record.name[:200],
        kind=record.kind[:20],
        url=record.url if len(record.url) <= 500 else "",
        is_archived=record.is_archived,
        gone_at=now if record.is_gone else None,
    )
