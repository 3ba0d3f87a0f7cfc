"""Importing a file into a source: its pages, each in one transaction, with a dead letter for what cannot be read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dashboard.importers import files, slack_export
from dashboard.importers.files import FILE_CHANNEL, FilePage, UnreadableFile
from dashboard.importers.records import ChannelRecord, Record, Rejected
from dashboard.models import FILE_STREAM, Channel, Contribution, DeadLetter, Source, Stream
from dashboard.services.store import store

SHOWN_PROBLEMS = 10


@dataclass(slots=True)
class FileResult:
    """What became of a file, so far; `problems` are the first sentences on what could not be read."""

    n_new: int = 0
    n_updated: int = 0
    n_skipped: int = 0
    n_rejected: int = 0
    problems: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    at: str = ""


def import_file(
    *, source: Source, path: Path, now: datetime, progress: Callable[[FileResult], None] | None = None
) -> FileResult:
    """Import a CSV or JSON lines file of records, or the zip of a Slack export. The same file again changes nothing.

    Raises ValidationError with a sentence when the file as a whole cannot be read; pages before that stay.
    """
    if source.is_demo:
        raise ValidationError(_("“%(name)s” is a source of the demo community."), params={"name": source.name})
    result = FileResult()
    try:
        for page in _pages(source, path, now, result):
            _store(source, page, now, result)
            if progress is not None:
                progress(result)
    except UnreadableFile as problem:
        raise ValidationError(str(problem)) from problem
    except OSError as error:
        told = {"path": path.name, "why": error.strerror or type(error).__name__}
        raise ValidationError(_("“%(path)s” cannot be read: %(why)s."), params=told) from error
    return result


def _pages(source: Source, path: Path, now: datetime, result: FileResult) -> Iterator[FilePage]:
    if path.suffix.lower() != ".zip":
        yield from files.read(path, now=now)
        return
    if source.service != "slack":
        raise UnreadableFile(_("A zip is a Slack export: import it into a source of the service slack."))
    sites = {
        key: url.partition("/archives/")[0] for key, url in source.channels.exclude(url="").values_list("key", "url")
    }
    with slack_export.open_export(path) as zipped:
        export = slack_export.SlackExport(zipped, str(source.options.get("channels", "")))
        if export.missing:
            result.problems += (_("The export holds no channel %s.") % ", ".join(export.missing),)
        yield from export.pages(sites, now=now)


@transaction.atomic
def _store(source: Source, page: FilePage, now: datetime, result: FileResult) -> None:
    if page.records:
        is_home = not page.channels or any(not record.channel_key for record in page.records)
        home = _channels(source, [*page.channels, *([page.home] if is_home else [])])
        kept = _still_there(source, page.records)
        found = store(source=source, channel=home, records=kept, now=now, is_backfill=True)
        result.n_new += found.n_new
        result.n_updated += found.n_updated
        result.n_skipped += found.n_skipped + len(page.records) - len(kept)
    if page.rejected:
        _keep_dead_letters(_channels(source, [FILE_CHANNEL]), page.rejected, now)
    result.n_rejected += len(page.rejected)
    room = SHOWN_PROBLEMS - len(result.problems)
    result.problems += tuple(letter.reason for letter in page.rejected[: max(room, 0)])
    result.done, result.total, result.at = page.done, page.total, page.at


def _channels(source: Source, found: list[ChannelRecord]) -> Channel:
    """Make the channels that are not there yet, and leave those that are; returns the last of them."""
    Channel.objects.bulk_create(
        (
            Channel(source=source, key=one.key, name=one.name, kind=one.kind, is_archived=one.is_archived)
            for one in found
        ),
        ignore_conflicts=True,
    )
    return source.channels.get(key=found[-1].key)


def _still_there(source: Source, records: tuple[Record, ...]) -> list[Record]:
    """A file is older than what the service said since: what was deleted there stays deleted."""
    ids = [record.external_id for record in records]
    gone = Contribution.objects.filter(source=source, external_id__in=ids, deleted_at__isnull=False)
    known = set(gone.values_list("external_id", flat=True))
    return [record for record in records if record.external_id not in known]


def _keep_dead_letters(channel: Channel, rejected: tuple[Rejected, ...], now: datetime) -> None:
    stream, _made = Stream.objects.get_or_create(channel=channel, name=FILE_STREAM, defaults={"is_enabled": False})
    letters = {
        (one.external_id[:200], one.reason[:300]): DeadLetter(
            stream=stream,
            external_id=one.external_id[:200],
            reason=one.reason[:300],
            payload=one.payload.replace("\x00", ""),
            seen_at=now,
        )
        for one in rejected
    }
    DeadLetter.objects.bulk_create(
        letters.values(),
        update_conflicts=True,
        unique_fields=["stream", "external_id", "reason"],
        update_fields=["payload", "seen_at"],
    )
