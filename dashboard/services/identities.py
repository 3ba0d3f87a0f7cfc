"""Identities of the accounts in a page of records: every new one gets its own member at once, in two statements."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from django.db.backends.utils import CursorWrapper

from dashboard import importers
from dashboard.models import Source
from dashboard.services.sources import site_of
from portal.members.models import Identity, Member

#: An author whom the source no longer names. One identity for each source; its member is nobody and named nowhere.
DELETED_PREFIX = "deleted:"
_LOCK = 7_301_002

# Two imports may meet the same new account at once: the lock (per service and site) lets one of them make it.
_NEW = """
WITH fresh AS MATERIALIZED (
    SELECT account.*, left(replace(gen_random_uuid()::text, '-', ''), 20) AS public_id,
           account.uid LIKE %(deleted)s AS is_deleted
    FROM (
        SELECT DISTINCT ON (uid) uid, username, name, is_bot, account_url, email, is_email_verified, employer, location,
               language
        FROM incoming ORDER BY uid, occurred_at DESC, ordinal DESC
    ) account
    WHERE NOT EXISTS (
        SELECT FROM members_identity i WHERE i.service = %(service)s AND i.site = %(site)s AND i.uid = account.uid
    ) AND (NOT %(is_ours)s OR account.uid LIKE %(deleted)s)
), made AS (
    INSERT INTO members_member (name, handle, public_id, about, languages, skills, visibility, bot_state, is_demo,
                                erased_at, created_at)
    SELECT '', left(username, 80), public_id, '', '{}', '{}', CASE WHEN is_deleted THEN 'hidden' ELSE 'handle' END,
           CASE WHEN is_bot THEN 'bot' ELSE 'unknown' END, %(is_demo)s, CASE WHEN is_deleted THEN %(now)s END, %(now)s
    FROM fresh ORDER BY uid
    RETURNING id, public_id
)
INSERT INTO members_identity (service, site, uid, username, name, url, is_bot_hint, member_id, created_at, email,
                              is_email_verified, employer, location, language)
SELECT %(service)s, %(site)s, uid, username, name, account_url, is_bot, made.id, %(now)s, email, is_email_verified,
       employer, location, language
FROM fresh JOIN made USING (public_id)
"""

# On the portal itself nobody is new: an account there is a member, and its native id the member's key. What names a
# member who is gone by now is left out.
_OURS = """
INSERT INTO members_identity (service, site, uid, username, name, url, is_bot_hint, member_id, created_at, verified_at)
SELECT %(service)s, %(site)s, m.id::text, m.handle, '', '', false, m.id, %(now)s,
       CASE WHEN m.user_id IS NOT NULL THEN %(now)s END
FROM members_member m WHERE m.id::text IN (SELECT uid FROM incoming)
ON CONFLICT (service, site, uid) DO NOTHING
"""

# Names change at the source and are followed here; what a person set themselves, or had erased, is left alone.
_RENAMED = """
WITH account AS (
    SELECT DISTINCT ON (uid) uid, username, name, is_bot, account_url, email, is_email_verified, employer, location,
           language
    FROM incoming WHERE username <> '' ORDER BY uid, occurred_at DESC, ordinal DESC
), news AS (
    SELECT i.id, account.username, coalesce(nullif(account.name, ''), i.name) AS name,
           coalesce(nullif(account.account_url, ''), i.url) AS url, account.is_bot AS is_bot_hint,
           coalesce(nullif(account.email, ''), i.email) AS email,
           CASE WHEN account.email = '' THEN i.is_email_verified
                ELSE account.is_email_verified END AS is_email_verified,
           coalesce(nullif(account.employer, ''), i.employer) AS employer,
           coalesce(nullif(account.location, ''), i.location) AS location,
           coalesce(nullif(account.language, ''), i.language) AS language
    FROM account JOIN members_identity i ON i.service = %(service)s AND i.site = %(site)s AND i.uid = account.uid
    JOIN members_member m ON m.id = i.member_id AND m.erased_at IS NULL
), renamed AS (
    UPDATE members_identity i
    SET username = news.username, name = news.name, url = news.url, is_bot_hint = news.is_bot_hint,
        email = news.email, is_email_verified = news.is_email_verified, employer = news.employer,
        location = news.location, language = news.language
    FROM news, members_identity old
    WHERE i.id = news.id AND old.id = i.id
      AND (i.username, i.name, i.url, i.is_bot_hint, i.email, i.is_email_verified, i.employer, i.location, i.language)
          IS DISTINCT FROM (news.username, news.name, news.url, news.is_bot_hint, news.email, news.is_email_verified,
                            news.employer, news.location, news.language)
    RETURNING i.id, i.member_id, old.username AS was, old.name AS old_name, old.email AS old_email, i.username, i.name,
              i.email, i.is_bot_hint
), kept AS (
    INSERT INTO members_formername (identity_id, username, name, email, until_at)
    SELECT id, was, old_name, old_email, %(now)s FROM renamed
    WHERE (was, old_name, old_email) <> (username, name, email) AND (was, old_name, old_email) <> ('', '', '')
)
UPDATE members_member m
SET handle = CASE WHEN m.user_id IS NULL AND m.handle = left(renamed.was, 80) AND NOT 'handle' = ANY (m.by_hand)
                       AND (m.handle = '' OR NOT EXISTS (
                           SELECT FROM members_identity o
                           WHERE o.member_id = m.id AND o.id <> renamed.id AND left(o.username, 80) = m.handle))
                  THEN left(renamed.username, 80) ELSE m.handle END,
    bot_state = CASE WHEN renamed.is_bot_hint AND m.bot_state = 'unknown' AND NOT 'bot_state' = ANY (m.by_hand)
                     THEN 'bot' ELSE m.bot_state END
FROM renamed WHERE m.id = renamed.member_id
"""


def deleted_uid(source: Source) -> str:
    """The native id that stands for every author the source no longer names."""
    return f"{DELETED_PREFIX}{source.pk}"


def nobody_of(cursor: CursorWrapper, *, source: Source, now: datetime) -> int:
    """Key of the identity that stands for every author the source no longer names; made when it is missing."""
    place = _locked(cursor, source)
    uid = deleted_uid(source)
    there = Identity.objects.filter(**place, uid=uid).first()
    if there is None:
        member = Member.objects.create(
            public_id=token_hex(10), visibility=Member.Visibility.HIDDEN, erased_at=now, is_demo=source.is_demo
        )
        there = Identity.objects.create(**place, uid=uid, member=member)
    return there.pk


def ensure_identities(cursor: CursorWrapper, *, source: Source, now: datetime) -> None:
    """Make or update the identity of every account in the temporary table `incoming` (see `store`)."""
    place = _locked(cursor, source)
    known: dict[str, Any] = {"now": now, "is_demo": source.is_demo, "deleted": f"{DELETED_PREFIX}%"}
    is_ours = source.service == importers.PORTAL
    if is_ours:
        cursor.execute(_OURS, {**place, **known})
    cursor.execute(_NEW, {**place, **known, "is_ours": is_ours})
    cursor.execute(_RENAMED, {**place, "now": now})


def follow_renames(cursor: CursorWrapper, *, source: Source, now: datetime) -> None:
    """Update the identities that are there from the temporary table `incoming`."""
    cursor.execute(_RENAMED, {**_locked(cursor, source), "now": now})


def _locked(cursor: CursorWrapper, source: Source) -> dict[str, str]:
    place = {"service": source.service, "site": site_of(source)}
    cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, f"{place['service']} {place['site']}"])
    return place
