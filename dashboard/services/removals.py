"""Marking as deleted what the source no longer has; a row that comes back is shown again."""

from collections import defaultdict
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from dashboard.importers.records import Complete, Page
from dashboard.models import Channel, Contribution, Source
from dashboard.services.identities import DELETED_PREFIX, nobody_of
from dashboard.services.staleness import mark_stale
from portal.members.models import Identity, Member


def remove_missing(*, channel: Channel, page: Page, now: datetime) -> int:
    """Mark the rows that a page says are gone, and drop their text; returns how many. In the page's transaction.

    What came with the page but could not be understood is there all the same.
    """
    if not page.complete:
        return 0
    live = Contribution.objects.filter(source=channel.source_id, deleted_at=None)
    came = [record.external_id for record in page.records] + [letter.external_id for letter in page.rejected]
    missing = live.filter(channel=channel).exclude(external_id__in=[*came, *page.present])
    n_removed = 0
    if roots := [part for part in page.complete if part.takes_thread]:
        threads = set(missing.filter(_inside(roots)).exclude(thread="").values_list("thread", flat=True))
        n_removed += _remove(live.filter(thread__in=threads), now) if threads else 0
    return n_removed + _remove(missing.filter(_inside(page.complete)), now)


def remove_by_id(*, source: Source, external_ids: list[str], now: datetime) -> int:
    """Mark these rows as deleted, and drop their text; returns how many there were."""
    return _remove(Contribution.objects.filter(source=source, external_id__in=external_ids, deleted_at=None), now)


def _inside(parts: tuple[Complete, ...] | list[Complete]) -> Q:
    """Rows in any of the parts; parts that differ in their thread only are one condition."""
    threads: dict[tuple[tuple[str, ...], datetime, datetime | None], set[str]] = defaultdict(set)
    for part in parts:
        threads[part.kinds, part.since, part.until].add(part.thread)
    found = Q()
    for (kinds, since, until), names in threads.items():
        one = Q(kind__in=kinds, occurred_at__gte=since)
        one &= Q(occurred_at__lt=until) if until else Q()
        one &= Q() if "" in names else Q(thread__in=names)
        found |= one
    return found


def _remove(rows: QuerySet[Contribution], now: datetime) -> int:
    n_removed = rows.update(deleted_at=now, title="")
    if n_removed:
        mark_stale(now)
    return n_removed


def remove_channels(*, channels: list[int], now: datetime) -> int:
    """Mark all rows of channels that the source shows no longer; returns how many."""
    return _remove(Contribution.objects.filter(channel__in=channels, deleted_at=None), now) if channels else 0


def remove_gone(*, source: Source, page: Page, now: datetime) -> int:
    """Mark the rows the source says it has no longer; text, link and author go with them. Returns how many."""
    rows = Contribution.objects.filter(source=source, external_id__in=page.gone)
    n_removed = _remove(rows.filter(deleted_at=None), now) if page.gone else 0
    if n_removed:
        with connection.cursor() as cursor:
            nobody = nobody_of(cursor, source=source, now=now)
        rows.update(url="")
        _release(rows, nobody)
    return n_removed


def release_orphans(*, source: Source, page: Page, now: datetime) -> None:
    """Rows that the source names no author of any more belong to nobody; so does all of an account that is gone."""
    ids = {*page.orphaned, *page.closed}
    rows = Contribution.objects.filter(source=source).exclude(identity__uid__startswith=DELETED_PREFIX)
    named = dict(rows.filter(external_id__in=ids).values_list("external_id", "identity")) if ids else {}
    if not named:
        return
    with connection.cursor() as cursor:
        nobody = nobody_of(cursor, source=source, now=now)
    accounts = {named[key] for key in page.closed if key in named}
    _release(rows.filter(Q(external_id__in=named) | Q(identity__in=accounts)), nobody)
    mark_stale(now)


def _release(rows: QuerySet[Contribution], nobody: int) -> None:
    """Give rows to nobody, and drop the accounts that are left without any row and that nobody has claimed."""
    found = dict(rows.exclude(identity=nobody).values_list("pk", "identity"))
    accounts = set(found.values())
    Contribution.objects.filter(pk__in=found).update(identity=nobody)
    empty = Identity.objects.filter(pk__in=accounts, contributions=None, member__user=None)
    members = set(empty.values_list("member", flat=True))
    empty.delete()
    left = Member.objects.filter(pk__in=members, identities=None, user=None, merged_into=None, erased_at=None)
    left.update(handle="", name="", visibility=Member.Visibility.HIDDEN)
