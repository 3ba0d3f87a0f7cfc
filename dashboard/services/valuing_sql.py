# ruff: noqa: S608 - put together from the constants below; values are parameters
"""SQL that values each contribution once, for all summaries: the temporary table `valued`.

Activity goes by the UTC day of `occurred_at`, credit by that of `credited_at` (where there is none, nothing was left to
decide, and it is `occurred_at`); each is worth what the version in force on its own day says. Bots and deleted rows are
not in it. Rows of authors whom the source no longer names have `is_person` false.
"""

# The weights flattened: for each kind and state that occurs, and each version, the row of that state or else of "".
_RATES = """
WITH versions AS (
    SELECT id, from_on, coalesce(lead(from_on) OVER (ORDER BY from_on), 'infinity') AS until_on
    FROM dashboard_weightversion WHERE from_on IS NOT NULL
), met AS (
    SELECT DISTINCT kind, state FROM contributed
)
SELECT met.kind, met.state, v.from_on, v.until_on, w.recognition, w.credit, w.counts, w.monthly_cap
FROM met CROSS JOIN versions v
CROSS JOIN LATERAL (
    SELECT * FROM dashboard_weight w
    WHERE w.version_id = v.id AND w.kind = met.kind AND w.state IN (met.state, '')
    ORDER BY w.state DESC LIMIT 1
) w
"""
RATES = f"CREATE TEMPORARY TABLE rates ON COMMIT DROP AS {_RATES}"

# One row per contribution that can matter: it happened, or was credited, since `horizon`, the first day of a month.
_CONTRIBUTED = """
SELECT c.id, c.external_id, c.source_id, c.channel_id, c.kind, c.thread, i.member_id,
       i.uid NOT LIKE %(deleted)s AS is_person, c.occurred_at, coalesce(c.credited_at, c.occurred_at) AS credit_at,
       (c.occurred_at AT TIME ZONE 'UTC')::date AS day,
       (coalesce(c.credited_at, c.occurred_at) AT TIME ZONE 'UTC')::date AS credit_day,
       CASE WHEN root.member_id IS DISTINCT FROM i.member_id OR i.uid LIKE %(deleted)s THEN c.state
            WHEN c.kind = ANY(%(review_kinds)s) THEN %(self)s
            WHEN c.state = %(accepted)s THEN %(self_accepted)s
            ELSE c.state END AS state,
       (c.kind = %(answer)s OR c.state = %(accepted)s) AND root.member_id IS DISTINCT FROM i.member_id AS is_answer
FROM dashboard_contribution c
JOIN members_identity i ON i.id = c.identity_id
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
LEFT JOIN LATERAL (
    SELECT ri.member_id FROM dashboard_contribution r JOIN members_identity ri ON ri.id = r.identity_id
    WHERE r.source_id = c.source_id AND r.thread = c.thread AND r.thread <> '' AND r.kind = ANY(%(root_kinds)s)
    ORDER BY r.occurred_at, r.external_id LIMIT 1
) root ON c.thread <> '' AND (c.kind = ANY(%(rooted_kinds)s) OR c.state = %(accepted)s)
WHERE c.deleted_at IS NULL AND c.occurred_at < %(tomorrow)s
  AND (%(members)s::bigint[] IS NULL OR i.member_id = ANY(%(members)s))
"""
CONTRIBUTED = f"""
CREATE TEMPORARY TABLE contributed ON COMMIT DROP AS
{_CONTRIBUTED} AND (c.occurred_at >= %(horizon)s OR c.credited_at >= %(horizon)s)
"""
# All of what the members in `quiet` did before that.
LONG_AGO = f"""
INSERT INTO contributed
{_CONTRIBUTED} AND c.occurred_at < %(horizon)s AND (c.credited_at IS NULL OR c.credited_at < %(horizon)s)
  AND c.identity_id IN (SELECT i.id FROM members_identity i JOIN quiet USING (member_id))
"""

# "First" and "the first five" are decided by time, then by the source's own id: never by the order of an import. Only
# the kinds that a rule speaks of are numbered.
_VALUED = """
WITH capped AS (
    SELECT id, row_number() OVER (
        PARTITION BY member_id, kind, state, date_trunc('month', credit_at AT TIME ZONE 'UTC')
        ORDER BY credit_at, source_id, external_id) AS nth_of_month
    FROM contributed WHERE (kind, state) IN (SELECT kind, state FROM rates WHERE monthly_cap IS NOT NULL)
), once AS (
    SELECT id, row_number() OVER (
        PARTITION BY member_id, channel_id, day ORDER BY occurred_at, source_id, external_id) AS nth_of_day
    FROM contributed WHERE kind = ANY(%(once_kinds)s)
), talked AS (
    SELECT id, row_number() OVER (PARTITION BY member_id, channel_id, day ORDER BY id) AS nth_of_day
    FROM contributed WHERE kind = ANY(%(chat_kinds)s)
), repeated AS (
    SELECT c.id FROM contributed c
    WHERE c.kind = ANY(%(thread_kinds)s) AND c.thread <> '' AND EXISTS (
        SELECT FROM dashboard_contribution e JOIN members_identity ei ON ei.id = e.identity_id
        WHERE e.source_id = c.source_id AND e.thread = c.thread AND e.thread <> ''
          AND ei.member_id = c.member_id AND e.kind = ANY(%(thread_kinds)s) AND e.deleted_at IS NULL
          AND (e.occurred_at, e.external_id) < (c.occurred_at, c.external_id))
)
SELECT c.id, c.source_id, c.channel_id, c.member_id, c.is_person, c.kind, c.state, c.day, c.credit_day, c.occurred_at,
       c.is_answer, c.is_answer AND c.state = %(accepted)s AS is_accepted,
       c.kind = %(change)s OR c.state IN (%(accepted)s, %(self_accepted)s) AS is_work,
       coalesce(talked.nth_of_day = 1, true) AS is_counted,
       CASE WHEN {recognised} THEN r.recognition ELSE 0 END AS recognition,
       CASE WHEN {credited} THEN k.credit ELSE 0 END AS credit,
       a.organisation_id, ka.organisation_id AS credit_organisation_id
FROM contributed c
LEFT JOIN capped ON capped.id = c.id
LEFT JOIN once ON once.id = c.id
LEFT JOIN talked ON talked.id = c.id
LEFT JOIN repeated ON repeated.id = c.id
LEFT JOIN rates r ON r.kind = c.kind AND r.state = c.state AND r.from_on <= c.day AND c.day < r.until_on
LEFT JOIN rates k ON k.kind = c.kind AND k.state = c.state AND k.from_on <= c.credit_day AND c.credit_day < k.until_on
LEFT JOIN members_affiliation a
  ON a.member_id = c.member_id AND a.confirmed_at IS NOT NULL AND a.days @> c.day AND c.is_person
LEFT JOIN members_affiliation ka
  ON ka.member_id = c.member_id AND ka.confirmed_at IS NOT NULL AND ka.days @> c.credit_day AND c.is_person
"""
_COUNTS = """({rate}.kind IS NOT NULL
    AND CASE {rate}.counts WHEN 'thread' THEN repeated.id IS NULL
                           WHEN 'channel_day' THEN once.nth_of_day = 1 ELSE true END
    AND ({rate}.monthly_cap IS NULL OR capped.nth_of_month <= {rate}.monthly_cap))"""
_VALUED = _VALUED.format(recognised=_COUNTS.format(rate="r"), credited=_COUNTS.format(rate="k"))
VALUED = f"CREATE TEMPORARY TABLE valued ON COMMIT DROP AS {_VALUED}"

# The same of a few members since `horizon`, as the beginning of one statement that writes nothing.
VALUED_OF_MEMBERS = f"""
WITH contributed AS MATERIALIZED (
    {_CONTRIBUTED} AND (c.occurred_at >= %(horizon)s OR c.credited_at >= %(horizon)s)
), rates AS MATERIALIZED ({_RATES}), valued AS MATERIALIZED ({_VALUED})
"""
