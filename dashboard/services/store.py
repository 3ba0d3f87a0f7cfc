"""Storing a page of records: COPY into a temporary table, then one guarded upsert; unchanged rows are not touched."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from dashboard import kinds
from dashboard.importers.records import Account, Record
from dashboard.models import Channel, Source
from dashboard.services.identities import DELETED_PREFIX, deleted_uid, ensure_identities, follow_renames
from dashboard.services.sources import site_of
from dashboard.services.staleness import mark_stale

# Emptied too, for a second page in one transaction.
_TABLE = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    ordinal integer, external_id text, kind text, state text, thread text, title text, url text, likes integer,
    occurred_at timestamptz, credited_at timestamptz, source_updated_at timestamptz, content_hash bytea,
    channel_key text, uid text, username text, name text, is_bot boolean, account_url text, email text,
    is_email_verified boolean, employer text, location text, language text
) ON COMMIT DELETE ROWS;
TRUNCATE incoming
"""
_COPY = "COPY incoming FROM STDIN"
_COPY_ACCOUNTS = """
COPY incoming (ordinal, occurred_at, uid, username, name, is_bot, account_url, email, is_email_verified, employer,
               location, language) FROM STDIN
"""

# Unchanged rows are left out before the conflict, which would lock and so rewrite each of them.
# A row counts as accepted from the day that was first seen: an answer that turns accepted later is dated now, one that
# an import of old history finds accepted is dated when it was written, and a date once set stays. Of somebody who was
# erased only the count comes in.
_UPSERT = """
INSERT INTO dashboard_contribution AS stored (
    source_id, external_id, channel_id, identity_id, kind, state, thread, title, url, likes, occurred_at, credited_at,
    source_updated_at, content_hash)
SELECT %(source)s, i.external_id, coalesce(channel.id, %(channel)s), identity.id, i.kind, i.state, i.thread,
       CASE WHEN gone.id IS NULL THEN i.title ELSE '' END, CASE WHEN gone.id IS NULL THEN i.url ELSE '' END, i.likes,
       i.occurred_at,
       CASE WHEN i.credited_at IS NOT NULL OR i.state <> %(accepted)s THEN i.credited_at
            WHEN old.state = %(accepted)s AND old.credited_at IS NOT NULL THEN old.credited_at
            WHEN old.id IS NULL AND %(is_backfill)s THEN i.occurred_at
            ELSE greatest(%(now)s, i.occurred_at) END,
       i.source_updated_at, i.content_hash
FROM (
    SELECT DISTINCT ON (external_id) * FROM incoming
    ORDER BY external_id, source_updated_at DESC NULLS LAST, ordinal DESC
) i
JOIN members_identity identity
  ON identity.service = %(service)s AND identity.site = %(site)s AND identity.uid = i.uid
LEFT JOIN members_member gone
  ON gone.id = identity.member_id AND gone.erased_at IS NOT NULL AND identity.uid NOT LIKE %(deleted)s
LEFT JOIN dashboard_channel channel
  ON i.channel_key <> '' AND channel.source_id = %(source)s AND channel.key = i.channel_key
LEFT JOIN dashboard_contribution old ON old.source_id = %(source)s AND old.external_id = i.external_id
WHERE old.id IS NULL OR old.content_hash IS DISTINCT FROM i.content_hash OR old.deleted_at IS NOT NULL
ORDER BY i.external_id
ON CONFLICT (source_id, external_id) DO UPDATE SET
    channel_id = excluded.channel_id, state = excluded.state, thread = excluded.thread, title = excluded.title,
    url = excluded.url, likes = excluded.likes, credited_at = excluded.credited_at,
    source_updated_at = coalesce(excluded.source_updated_at, stored.source_updated_at),
    content_hash = excluded.content_hash, deleted_at = NULL,
    identity_id = CASE WHEN stored.deleted_at IS NULL THEN stored.identity_id ELSE excluded.identity_id END
WHERE (stored.content_hash IS DISTINCT FROM excluded.content_hash OR stored.deleted_at IS NOT NULL)
  AND (stored.source_updated_at IS NULL OR excluded.source_updated_at IS NULL
       OR excluded.source_updated_at >= stored.source_updated_at)
RETURNING xmax = 0
"""


@dataclass(frozen=True, slots=True)
class StoreResult:
    """Rows made, rows changed, and records that changed nothing."""

    n_new: int = 0
    n_updated: int = 0
    n_skipped: int = 0


def store(
    *, source: Source, channel: Channel, records: Iterable[Record], now: datetime, is_backfill: bool = False
) -> StoreResult:
    """Store records with their people; in one transaction with whatever the caller does around it.

    The newest version of an item wins, whatever order they come in; kind, author and time of a stored row never change
    (but the author of a deleted one may have been forgotten: a row that comes back brings its author again).
    `is_backfill` says that this is the first reading of old history: accepted answers are dated when they were written.
    """
    total = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(_COPY) as copy:
            for row in _rows(records, deleted_uid(source)):
                copy.write_row(row)
                total += 1
        if not total:
            return StoreResult()
        ensure_identities(cursor, source=source, now=now)
        cursor.execute(
            _UPSERT,
            {
                "source": source.pk,
                "channel": channel.pk,
                "service": source.service,
                "site": site_of(source),
                "accepted": kinds.STATE_ACCEPTED,
                "is_backfill": is_backfill,
                "deleted": f"{DELETED_PREFIX}%",
                "now": now,
            },
        )
        touched = [is_new for (is_new,) in cursor.fetchall()]
        if touched:
            mark_stale(now)
    n_new = sum(touched)
    return StoreResult(n_new, len(touched) - n_new, total - len(touched))


def follow_names(*, source: Source, accounts: Iterable[Account], now: datetime) -> None:
    """Follow the names of people at the source, where they have done something already; nobody new is made."""
    known = [account for account in accounts if account.username]
    if not known:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TABLE)
        with cursor.copy(_COPY_ACCOUNTS) as copy:
            for ordinal, account in enumerate(known):
                copy.write_row((ordinal, now, *_account(account)))
        follow_renames(cursor, source=source, now=now)


def _account(account: Account) -> tuple[Any, ...]:
    names = (_clean(account.uid, 120), _clean(account.username, 120), _clean(account.name, 200))
    email = "" if len(account.email) > 254 else _clean(account.email, 254)
    profile = (_clean(account.employer, 200), _clean(account.location, 200), _clean(account.language, 12))
    return (*names, account.is_bot, _link(account.url), email, account.is_email_verified and bool(email), *profile)


def _rows(records: Iterable[Record], nobody: str) -> Iterator[tuple[Any, ...]]:
    for ordinal, record in enumerate(records):
        account = record.account
        uid = _clean(account.uid, 120) if account else ""
        if account is None or not uid or uid.startswith(DELETED_PREFIX):
            who: tuple[Any, ...] = (nobody, "", "", False, "", "", False, "", "", "")
        else:
            who = _account(account)
        yield (
            ordinal,
            _clean(record.external_id, 120),
            record.kind[:20],
            record.state[:20],
            _clean(record.thread, 160),
            _clean(record.title, 300),
            _link(record.url),
            record.likes,
            record.occurred_at,
            record.credited_at,
            record.source_updated_at,
            content_hash(record),
            record.channel_key,
            *who,
        )


def content_hash(record: Record) -> bytes:
    """16 bytes over everything of a record that may change at the source."""
    parts = (
        record.state,
        record.thread,
        record.title,
        record.url,
        record.likes,
        record.channel_key,
        record.credited_at and record.credited_at.isoformat(),
        record.source_updated_at and record.source_updated_at.isoformat(),
    )
    return hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=16).digest()


def _clean(text: str, limit: int) -> str:
    """What PostgreSQL can hold: no NUL, no lone surrogates, no more than `limit` characters."""
    if text.isascii() and "\x00" not in text:  # nearly all of it, and four times as fast
        return text[:limit]
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()[:limit]


def _link(address: str) -> str:
    """A link that was cut would lead elsewhere: too long ones are left out."""
    cleaned = _clean(address, 501)
    return cleaned if len(cleaned) <= 500 else ""
