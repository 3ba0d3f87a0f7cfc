"""SQL of the first answers: each row that opens a thread, and how long until another person said something there.

Authors whom the source no longer names answer nothing (nobody knows whether they are another person), bots neither.
"""

ASKED = """
CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
WITH said AS MATERIALIZED (
    SELECT c.id, c.source_id, c.thread, c.kind, c.occurred_at, i.member_id, i.uid LIKE %(deleted)s AS is_nobody
    FROM dashboard_contribution c
    JOIN members_identity i ON i.id = c.identity_id
    JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
    WHERE c.deleted_at IS NULL AND c.occurred_at >= %(two_years)s AND c.occurred_at < %(tomorrow)s
      AND (c.thread <> '' OR c.kind = ANY(%(root_kinds)s))
)
SELECT q.id, q.kind, q.occurred_at, (q.occurred_at AT TIME ZONE 'UTC')::date AS day,
       extract(epoch FROM min(a.occurred_at) - q.occurred_at) AS seconds
FROM said q
LEFT JOIN said a ON a.source_id = q.source_id AND a.thread = q.thread AND q.thread <> '' AND NOT a.is_nobody
    AND a.member_id <> q.member_id AND a.occurred_at >= q.occurred_at
WHERE q.kind = ANY(%(root_kinds)s)
GROUP BY q.id, q.kind, q.occurred_at
"""

# The exact median, in seconds, of what was answered; and the questions that nobody answered.
ANSWERS = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds), count(seconds),
       count(*) FILTER (WHERE kind = %(question)s), count(*) FILTER (WHERE kind = %(question)s AND seconds IS NULL)
FROM asked WHERE day BETWEEN %(start_on)s AND %(end_on)s
"""

OPEN_QUESTION = """
INSERT INTO dashboard_openquestion (contribution_id, asked_at)
SELECT id, occurred_at FROM asked WHERE kind = %(question)s AND seconds IS NULL AND day >= %(year_on)s
"""
