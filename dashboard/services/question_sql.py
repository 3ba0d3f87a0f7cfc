"""SQL of the first answers: each row that opens a thread, and how long until another person said something there.

Authors whom the source no longer names answer nothing (nobody knows whether they are another person), bots neither.
"""

ASKED = """
CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
SELECT c.id, c.kind, c.occurred_at, (c.occurred_at AT TIME ZONE 'UTC')::date AS day,
       extract(epoch FROM answer.occurred_at - c.occurred_at) AS seconds
FROM dashboard_contribution c
JOIN members_identity i ON i.id = c.identity_id
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
LEFT JOIN LATERAL (
    SELECT r.occurred_at
    FROM dashboard_contribution r
    JOIN members_identity ri ON ri.id = r.identity_id AND ri.uid NOT LIKE %(deleted)s
    JOIN members_member rm ON rm.id = ri.member_id AND rm.bot_state <> 'bot'
    WHERE r.source_id = c.source_id AND r.thread = c.thread AND r.thread <> '' AND r.deleted_at IS NULL
      AND ri.member_id <> i.member_id AND r.occurred_at >= c.occurred_at AND r.occurred_at < %(tomorrow)s
    ORDER BY r.occurred_at LIMIT 1
) answer ON c.thread <> ''
WHERE c.kind = ANY(%(root_kinds)s) AND c.deleted_at IS NULL
  AND c.occurred_at >= %(two_years)s AND c.occurred_at < %(tomorrow)s
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
