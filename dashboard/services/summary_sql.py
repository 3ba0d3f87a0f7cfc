"""SQL that fills the summaries from `valued` (see `valuing_sql`) and from the days on which people were active."""

from dashboard.services.level_sql import RETURNED

# Distinct days of each person in the last two years, with the day before it on which they did something.
MEMBER_DAYS = """
CREATE TEMPORARY TABLE member_days ON COMMIT DROP AS
WITH days AS (
    SELECT i.member_id, (c.occurred_at AT TIME ZONE 'UTC')::date AS day, count(*) AS n
    FROM dashboard_contribution c
    JOIN members_identity i ON i.id = c.identity_id AND i.uid NOT LIKE %(deleted)s
    JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
    WHERE c.deleted_at IS NULL AND c.occurred_at >= %(two_years)s AND c.occurred_at < %(tomorrow)s
      AND (%(members)s::bigint[] IS NULL OR i.member_id = ANY(%(members)s))
    GROUP BY 1, 2
), earlier AS (
    SELECT p.member_id, (max(last.occurred_at) AT TIME ZONE 'UTC')::date AS day
    FROM (SELECT DISTINCT member_id FROM days) p
    JOIN members_identity i ON i.member_id = p.member_id
    CROSS JOIN LATERAL (
        SELECT c.occurred_at FROM dashboard_contribution c
        WHERE c.identity_id = i.id AND c.deleted_at IS NULL AND c.occurred_at < %(two_years)s
        ORDER BY c.occurred_at DESC LIMIT 1
    ) last
    GROUP BY 1
)
SELECT d.member_id, d.day, d.n, a.organisation_id,
       coalesce(lag(d.day) OVER (PARTITION BY d.member_id ORDER BY d.day), earlier.day) AS day_before
FROM days d
LEFT JOIN earlier USING (member_id)
LEFT JOIN members_affiliation a ON a.member_id = d.member_id AND a.confirmed_at IS NOT NULL AND a.days @> d.day
"""

# What is the same in every window: first and last contribution ever, the last 13 weeks, where the person belongs today.
PEOPLE = """
CREATE TEMPORARY TABLE people ON COMMIT DROP AS
WITH active AS (
    SELECT member_id, array_agg(week ORDER BY week) AS numbers, array_agg(n ORDER BY week) AS counts
    FROM (SELECT member_id, (%(today)s - day) / 7 AS week, count(*) AS n
          FROM valued WHERE is_person AND %(today)s - day < 91 GROUP BY 1, 2) weekly
    GROUP BY 1
)
SELECT p.member_id, first.id AS first_id, first.occurred_at AS first_at, last.occurred_at AS last_at, a.organisation_id,
       (SELECT jsonb_agg(coalesce(active.counts[array_position(active.numbers, w)], 0) ORDER BY w DESC)
        FROM generate_series(0, 12) w) AS weeks
FROM (SELECT DISTINCT member_id FROM valued WHERE is_person) p
LEFT JOIN active USING (member_id)
LEFT JOIN members_affiliation a ON a.member_id = p.member_id AND a.confirmed_at IS NOT NULL AND a.days @> %(today)s
CROSS JOIN LATERAL (
    SELECT f.id, f.occurred_at FROM members_identity i CROSS JOIN LATERAL (
        SELECT c.id, c.occurred_at, c.external_id FROM dashboard_contribution c
        WHERE c.identity_id = i.id AND c.deleted_at IS NULL ORDER BY c.occurred_at, c.external_id LIMIT 1
    ) f WHERE i.member_id = p.member_id ORDER BY f.occurred_at, f.external_id LIMIT 1
) first
CROSS JOIN LATERAL (
    SELECT max(f.occurred_at) AS occurred_at FROM members_identity i CROSS JOIN LATERAL (
        SELECT c.occurred_at FROM dashboard_contribution c
        WHERE c.identity_id = i.id AND c.deleted_at IS NULL AND c.occurred_at < %(tomorrow)s
        ORDER BY c.occurred_at DESC LIMIT 1
    ) f WHERE i.member_id = p.member_id
) last
"""

DAY_COUNT = """
INSERT INTO dashboard_daycount (day, channel_id, kind, n)
SELECT (c.occurred_at AT TIME ZONE 'UTC')::date, c.channel_id, c.kind, count(*)
FROM dashboard_contribution c
JOIN members_identity i ON i.id = c.identity_id
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
WHERE c.deleted_at IS NULL AND c.occurred_at >= %(two_years)s AND c.occurred_at < %(tomorrow)s
GROUP BY 1, 2, 3
"""

MEMBER_WINDOW = """
INSERT INTO dashboard_memberwindow (days, member_id, n, counted, recognition, credit, active_days, channels, answers,
                                    accepted, weeks, first_at, last_at, is_new, is_returning, is_rising, is_fading,
                                    level, level_before, first_id, organisation_id)
SELECT %(days)s, p.member_id, coalesce(act.n, 0), coalesce(act.counted, 0), coalesce(act.recognition, 0),
       coalesce(cred.credit, 0), coalesce(act.active_days, 0), coalesce(act.channels, 0), coalesce(act.answers, 0),
       coalesce(act.accepted, 0), p.weeks, p.first_at, p.last_at, p.first_at >= %(start)s,
       coalesce(back.is_returning, false), l.is_rising, l.is_fading, l.level,
       CASE WHEN p.first_at < %(start)s THEN coalesce(b.level, 0) END, p.first_id, p.organisation_id
FROM (
    SELECT * FROM (
        SELECT member_id, sum(n) AS n, sum(counted) AS counted, sum(recognition) AS recognition, count(*) AS channels,
               sum(answers) AS answers, sum(accepted) AS accepted
        FROM (
            SELECT member_id, channel_id, count(*) AS n, count(*) FILTER (WHERE is_counted) AS counted,
                   sum(recognition) AS recognition, count(*) FILTER (WHERE is_answer) AS answers,
                   count(*) FILTER (WHERE is_accepted) AS accepted
            FROM valued WHERE is_person AND day BETWEEN %(start_on)s AND %(today)s GROUP BY 1, 2
        ) by_channel GROUP BY 1
    ) done
    JOIN (SELECT member_id, count(*) AS active_days FROM member_days WHERE day BETWEEN %(start_on)s AND %(today)s
          GROUP BY 1) days USING (member_id)
) act
FULL JOIN (
    SELECT member_id, sum(credit) AS credit
    FROM valued WHERE is_person AND credit > 0 AND credit_day BETWEEN %(start_on)s AND %(today)s GROUP BY 1
) cred USING (member_id)
JOIN people p USING (member_id)
JOIN dashboard_memberlevel l ON l.member_id = p.member_id
LEFT JOIN level_facts b ON b.member_id = p.member_id AND b.age = %(days)s
LEFT JOIN ({returned}) back ON back.member_id = p.member_id
""".replace("{returned}", RETURNED)

ORGANISATION_WINDOW = """
INSERT INTO dashboard_organisationwindow (days, organisation_id, n, counted, recognition, credit, people, contributors,
                                          active_days, level, level_before)
SELECT %(days)s, organisation_id, coalesce(n, 0), coalesce(counted, 0), coalesce(recognition, 0),
       coalesce(cred.credit, 0), coalesce(act.people, 0), coalesce(cred.contributors, 0), coalesce(active_days, 0),
       coalesce(f.level, 0), coalesce(b.level, 0)
FROM (
    SELECT organisation_id, count(*) AS n, count(*) FILTER (WHERE is_counted) AS counted,
           sum(recognition) AS recognition, count(DISTINCT member_id) AS people,
           count(DISTINCT day) AS active_days
    FROM valued
    WHERE organisation_id IS NOT NULL AND day BETWEEN %(start_on)s AND %(today)s GROUP BY 1
) act
FULL JOIN (
    SELECT credit_organisation_id AS organisation_id, sum(credit) AS credit, count(DISTINCT member_id) AS contributors
    FROM valued
    WHERE credit_organisation_id IS NOT NULL AND credit > 0 AND credit_day BETWEEN %(start_on)s AND %(today)s GROUP BY 1
) cred USING (organisation_id)
LEFT JOIN (SELECT organisation_id, level FROM organisation_facts WHERE age = 0) f USING (organisation_id)
LEFT JOIN (SELECT organisation_id, level FROM organisation_facts WHERE age = %(days)s) b USING (organisation_id)
"""

MONTH_CREDIT = """
INSERT INTO dashboard_monthcredit (month, member_id, organisation_id, kind, state, credit_each, n, recognition, credit)
SELECT date_trunc('month', credit_day)::date, member_id, credit_organisation_id, kind, state, credit, count(*),
       sum(recognition), sum(credit)
FROM valued
WHERE is_person AND credit_day BETWEEN %(months_on)s AND %(today)s
GROUP BY 1, 2, 3, 4, 5, 6
"""

CREDITED_WORK = """
INSERT INTO dashboard_creditedwork (contribution_id, month, organisation_id, member_id, state, credit, credited_on)
SELECT id, date_trunc('month', credit_day)::date, credit_organisation_id, member_id, state, credit, credit_day
FROM valued
WHERE is_person AND credit > 0 AND credit_day BETWEEN %(months_on)s AND %(today)s
"""

# People of a stretch of days, and of each of its equal parts: new (first ever) and back after 90 days or more.
HEADS = """
SELECT count(*), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_back AND NOT is_new), (
    SELECT count(*) FROM (SELECT DISTINCT organisation_id FROM member_days
                          WHERE organisation_id IS NOT NULL AND day BETWEEN %(start_on)s AND %(end_on)s) o)
FROM (
    SELECT member_id, bool_or(day_before IS NULL) AS is_new, bool_or(day - day_before >= %(away)s) AS is_back
    FROM member_days WHERE day BETWEEN %(start_on)s AND %(end_on)s GROUP BY 1
) d
"""
HEADS_BY_PART = """
SELECT (day - %(start_on)s) / %(step)s AS part, count(DISTINCT member_id), count(DISTINCT organisation_id),
       count(DISTINCT member_id) FILTER (WHERE day_before IS NULL),
       count(DISTINCT member_id) FILTER (WHERE day - day_before >= %(away)s)
FROM member_days WHERE day BETWEEN %(start_on)s AND %(end_on)s GROUP BY 1
"""
RETAINED = """
SELECT count(*) FROM (
    SELECT member_id FROM member_days WHERE day BETWEEN %(before_on)s AND %(before_end_on)s
    INTERSECT SELECT member_id FROM member_days WHERE day BETWEEN %(start_on)s AND %(end_on)s
) both_windows
"""
VOLUNTEERS = """
SELECT (SELECT coalesce(sum(credit), 0) FROM valued
        WHERE is_person AND credit_organisation_id IS NULL AND credit_day BETWEEN %(start_on)s AND %(end_on)s),
       (SELECT coalesce(sum(credit), 0) FROM valued
        WHERE is_person AND credit_day BETWEEN %(start_on)s AND %(end_on)s),
       (SELECT count(DISTINCT member_id) FROM member_days
        WHERE organisation_id IS NULL AND day BETWEEN %(start_on)s AND %(end_on)s)
"""

# Contributions by day of the week (Monday is 0) and hour, both of UTC.
HEAT = """
SELECT extract(isodow FROM occurred_at AT TIME ZONE 'UTC')::integer - 1,
       extract(hour FROM occurred_at AT TIME ZONE 'UTC')::integer, count(*)
FROM valued WHERE day BETWEEN %(start_on)s AND %(end_on)s GROUP BY 1, 2
"""

GROWTH = """
SELECT date_trunc('month', day)::date, count(DISTINCT member_id), count(*) FILTER (WHERE day_before IS NULL)
FROM member_days WHERE day BETWEEN %(growth_on)s AND %(today)s GROUP BY 1
"""
EVERYBODY = "SELECT count(*) FROM people"
