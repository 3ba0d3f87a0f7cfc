# ruff: noqa: S608 - put together from the constants below; values are parameters
"""SQL of the levels: facts of each member and organisation for the windows that are judged, and the same rules as in
`dashboard.levels` as CASE expressions (a test holds them equal over invented people).

`age` is how many days before today a window ends; each covers the rule's days.
"""

# Members with something before the rule's days and nothing in them: all their past is valued, for their best level.
QUIET = """
CREATE TEMPORARY TABLE quiet ON COMMIT DROP AS
SELECT i.member_id
FROM members_identity i
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
WHERE i.uid NOT LIKE %(deleted)s AND (%(members)s::bigint[] IS NULL OR i.member_id = ANY(%(members)s)) AND EXISTS (
    SELECT FROM dashboard_contribution c
    WHERE c.identity_id = i.id AND c.deleted_at IS NULL AND c.occurred_at < %(rule_start)s)
EXCEPT SELECT member_id FROM member_days WHERE day >= %(rule_start_on)s
"""

TABLES = """
CREATE TEMPORARY TABLE level_facts (
    member_id bigint, age integer, points bigint, weeks integer, active_days integer, counted bigint, level smallint
) ON COMMIT DROP;
CREATE TEMPORARY TABLE organisation_facts (
    organisation_id bigint, age integer, people integer, contributors integer, months integer, credit bigint,
    level smallint
) ON COMMIT DROP
"""

_COUNTED = "(is_counted OR NOT %(is_chat_once)s)"
_POINTS = """CASE WHEN %(measure)s = 'credit'
    THEN coalesce(sum(credit) FILTER (WHERE credit_day BETWEEN %(from_on)s AND %(end_on)s), 0)
    ELSE count(*) FILTER (WHERE is_work AND day BETWEEN %(from_on)s AND %(end_on)s) END"""
_LEVEL = """CASE WHEN points >= %(core_points)s AND weeks >= %(core_weeks)s THEN 4
     WHEN points >= %(contributor_points)s THEN 3
     WHEN %(participant_days)s > 0 AND active_days >= %(participant_days)s
       OR counted >= %(participant_contributions)s THEN 2
     WHEN counted > 0 OR active_days > 0 OR points > 0 THEN 1 ELSE 0 END"""
_ORGANISATION_LEVEL = """CASE WHEN contributors >= %(organisation_people)s AND months >= %(organisation_months)s THEN 3
     WHEN credit > 0 THEN 2 WHEN people > 0 THEN 1 ELSE 0 END"""

MEMBER_FACTS = f"""
INSERT INTO level_facts
SELECT *, {_LEVEL} FROM (
    SELECT member_id, %(age)s::integer, v.points, coalesce(d.weeks, 0) AS weeks,
           coalesce(d.active_days, 0) AS active_days, v.counted
    FROM (
        SELECT member_id, {_POINTS} AS points,
               count(*) FILTER (WHERE {_COUNTED} AND day BETWEEN %(from_on)s AND %(end_on)s) AS counted
        FROM valued
        WHERE is_person AND (day BETWEEN %(from_on)s AND %(end_on)s
                             OR credit > 0 AND credit_day BETWEEN %(from_on)s AND %(end_on)s)
        GROUP BY 1
    ) v
    LEFT JOIN (
        SELECT member_id, count(*) AS active_days,
               bit_count(bit_or(1::bigint << ((%(end_on)s - day) / 7))::bit(64)) AS weeks
        FROM member_days WHERE day BETWEEN %(from_on)s AND %(end_on)s GROUP BY 1
    ) d USING (member_id)
) facts
"""

# The earlier windows of those who are quiet, one after the other without a gap: age is a multiple of the rule's days.
QUIET_FACTS = f"""
CREATE TEMPORARY TABLE quiet_best ON COMMIT DROP AS
SELECT member_id, max({_LEVEL}) AS level FROM (
    SELECT member_id, age, sum(points) AS points, sum(weeks) AS weeks, sum(active_days) AS active_days,
           sum(counted) AS counted
    FROM (
        SELECT member_id, (%(today)s - day) / %(days)s AS age,
               CASE WHEN %(measure)s = 'credit' THEN 0 ELSE count(*) FILTER (WHERE is_work) END AS points,
               count(DISTINCT ((%(today)s - day) %% %(days)s) / 7) AS weeks, count(DISTINCT day) AS active_days,
               count(*) FILTER (WHERE {_COUNTED}) AS counted
        FROM valued JOIN quiet USING (member_id) WHERE is_person GROUP BY 1, 2
        UNION ALL
        SELECT member_id, (%(today)s - credit_day) / %(days)s, sum(credit), 0, 0, 0
        FROM valued JOIN quiet USING (member_id)
        WHERE is_person AND credit > 0 AND credit_day <= %(today)s AND %(measure)s = 'credit' GROUP BY 1, 2
    ) parts
    WHERE age > 0 GROUP BY 1, 2
) facts
GROUP BY 1
"""

ORGANISATION_FACTS = f"""
INSERT INTO organisation_facts
SELECT *, {_ORGANISATION_LEVEL} FROM (
    SELECT organisation_id, %(age)s::integer, coalesce(people, 0) AS people, coalesce(contributors, 0) AS contributors,
           coalesce(months, 0) AS months, coalesce(credit, 0) AS credit
    FROM (
        SELECT organisation_id, count(DISTINCT member_id) AS people
        FROM member_days WHERE organisation_id IS NOT NULL AND day BETWEEN %(from_on)s AND %(end_on)s GROUP BY 1
    ) act
    FULL JOIN (
        SELECT credit_organisation_id AS organisation_id, count(DISTINCT member_id) AS contributors,
               count(DISTINCT (%(end_on)s - credit_day) / %(month_days)s)
                   FILTER (WHERE (%(end_on)s - credit_day) / %(month_days)s < %(organisation_months)s) AS months,
               sum(credit) AS credit
        FROM valued
        WHERE credit_organisation_id IS NOT NULL AND credit > 0 AND credit_day BETWEEN %(from_on)s AND %(end_on)s
        GROUP BY 1
    ) cred USING (organisation_id)
) facts
"""

# Who was here before a stretch of days and came back in it after AWAY_DAYS or more.
RETURNED = """
SELECT member_id, bool_or(day - day_before >= %(away)s) AND NOT bool_or(day_before IS NULL) AS is_returning
FROM member_days WHERE day BETWEEN %(start_on)s AND %(end_on)s GROUP BY 1
"""

MEMBER_LEVEL = f"""
INSERT INTO dashboard_memberlevel (member_id, level, before, best, points, weeks, active_days, counted, counted_before,
                                   is_new, is_returning, first_at, last_at, is_rising, is_fading)
SELECT *, before_n > 0 AND counted >= before_n * %(trend_factor)s AND counted - before_n >= %(trend_least)s,
       counted > 0 AND before_n >= counted * %(trend_factor)s AND before_n - counted >= %(trend_least)s
FROM (
    SELECT p.member_id, coalesce(f.level, 0),
           CASE WHEN p.first_at < %(rule_start)s THEN coalesce(b.level, 0) END,
           CASE WHEN coalesce(f.level, 0) = 0 THEN q.level END,
           coalesce(f.points, 0), coalesce(f.weeks, 0), coalesce(f.active_days, 0), coalesce(f.counted, 0) AS counted,
           coalesce(b.counted, 0) AS before_n, p.first_at >= %(rule_start)s,
           coalesce(r.is_returning, false), p.first_at, p.last_at
    FROM people p
    LEFT JOIN level_facts f ON f.member_id = p.member_id AND f.age = 0
    LEFT JOIN level_facts b ON b.member_id = p.member_id AND b.age = %(days)s
    LEFT JOIN quiet_best q ON q.member_id = p.member_id
    LEFT JOIN ({RETURNED.replace("%(start_on)s", "%(rule_start_on)s").replace("%(end_on)s", "%(today)s")}) r
        ON r.member_id = p.member_id
) judged
"""

ORGANISATION_STANDING = """
INSERT INTO dashboard_organisationstanding (organisation_id, level, before, people, contributors, months, credit)
SELECT o.organisation_id, coalesce(f.level, 0), coalesce(b.level, 0), coalesce(f.people, 0),
       coalesce(f.contributors, 0), coalesce(f.months, 0), coalesce(f.credit, 0)
FROM (SELECT DISTINCT organisation_id FROM members_affiliation WHERE confirmed_at IS NOT NULL) o
LEFT JOIN organisation_facts f ON f.organisation_id = o.organisation_id AND f.age = 0
LEFT JOIN organisation_facts b ON b.organisation_id = o.organisation_id AND b.age = %(days)s
"""

# How many moved from which level to which since the day before a window; "" stands for not here yet.
MOVES = """
SELECT CASE WHEN p.first_at < %(start)s THEN coalesce(b.level, 0) END, coalesce(f.level, 0), count(*)
FROM people p
LEFT JOIN level_facts f ON f.member_id = p.member_id AND f.age = 0
LEFT JOIN level_facts b ON b.member_id = p.member_id AND b.age = %(days)s
GROUP BY 1, 2
"""
