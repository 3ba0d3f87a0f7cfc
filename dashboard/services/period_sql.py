"""SQL of a period's figures, counted from raw contributions once, when a report is frozen."""

# What people (no bots, nobody whom the source no longer names) did in the period, with where they belonged that day.
DEEDS = """
CREATE TEMPORARY TABLE deeds ON COMMIT DROP AS
SELECT c.id, c.source_id, c.thread, c.kind, c.state, c.channel_id, c.occurred_at, i.member_id, s.service,
       a.organisation_id, i.uid NOT LIKE %(deleted)s AS is_person
FROM dashboard_contribution c
JOIN dashboard_source s ON s.id = c.source_id
JOIN members_identity i ON i.id = c.identity_id
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
LEFT JOIN members_affiliation a ON a.member_id = m.id AND a.confirmed_at IS NOT NULL
     AND a.days @> (c.occurred_at AT TIME ZONE 'UTC')::date
WHERE c.deleted_at IS NULL AND c.occurred_at >= %(start)s AND c.occurred_at < %(until)s
"""

TOTALS = """
SELECT count(*), count(DISTINCT member_id) FILTER (WHERE is_person),
       count(DISTINCT organisation_id) FILTER (WHERE is_person) FROM deeds
"""
BY_SERVICE = "SELECT service, count(*) FROM deeds GROUP BY 1 ORDER BY 2 DESC, 1"
BY_KIND = "SELECT kind, count(*) FROM deeds GROUP BY 1 ORDER BY 2 DESC, 1"

# New: nothing at all before the period. The first deed of each comes along.
NEWCOMERS = """
SELECT first.member_id, first.id FROM (
    SELECT DISTINCT ON (member_id) member_id, id, occurred_at FROM deeds WHERE is_person
    ORDER BY member_id, occurred_at, id
) first
WHERE NOT EXISTS (
    SELECT 1 FROM members_identity i JOIN dashboard_contribution c ON c.identity_id = i.id
    WHERE i.member_id = first.member_id AND c.deleted_at IS NULL AND c.occurred_at < %(start)s
)
ORDER BY first.occurred_at, first.id
"""

MOST_ACTIVE = """
SELECT member_id, count(*) FROM deeds WHERE is_person GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""

# Answers, and what a question's thread got from somebody else.
HELP = """
CREATE TEMPORARY TABLE help ON COMMIT DROP AS
SELECT d.member_id, d.organisation_id, d.state, asked_at.organisation_id AS asker_organisation_id
FROM deeds d
JOIN LATERAL (
    SELECT i.member_id FROM dashboard_contribution q JOIN members_identity i ON i.id = q.identity_id
    WHERE q.source_id = d.source_id AND q.thread = d.thread AND q.thread <> '' AND q.kind = ANY(%(root_kinds)s)
      AND q.deleted_at IS NULL
    ORDER BY q.occurred_at LIMIT 1
) asker ON asker.member_id <> d.member_id
LEFT JOIN members_affiliation asked_at ON asked_at.member_id = asker.member_id AND asked_at.confirmed_at IS NOT NULL
     AND asked_at.days @> (d.occurred_at AT TIME ZONE 'UTC')::date
WHERE d.is_person AND d.thread <> '' AND d.kind = ANY(%(answer_kinds)s)
"""
SUPPORTERS = """
SELECT member_id, count(*), count(*) FILTER (WHERE state = %(accepted)s) FROM help
GROUP BY 1 ORDER BY 2 DESC, 3 DESC, 1 LIMIT %(most)s
"""
SUPPORTER_ROLES = """
SELECT r.kind, count(DISTINCT h.member_id) FROM help h
JOIN members_role r ON r.member_id = h.member_id AND r.from_on < %(until_on)s
     AND (r.until_on IS NULL OR r.until_on > %(start_on)s)
GROUP BY 1 ORDER BY 2 DESC, 1
"""
SUPPORTING = """
SELECT organisation_id, count(*) FROM help WHERE organisation_id IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
SUPPORTED = """
SELECT asker_organisation_id, count(*) FROM help WHERE asker_organisation_id IS NOT NULL
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %(most)s
"""
ACTIVE_ORGANISATIONS = """
SELECT organisation_id, count(DISTINCT member_id), count(*) FROM deeds
WHERE is_person AND organisation_id IS NOT NULL GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT %(most)s
"""
