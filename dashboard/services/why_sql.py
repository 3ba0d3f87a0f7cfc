# ruff: noqa: S608 - put together from the constants below; values are parameters
"""SQL of "why": what the people concerned did in one window, each contribution with its worth."""

from dashboard.services.valuing_sql import VALUED_OF_MEMBERS

#: A contribution counts for activity on the day it happened and for credit on the day it was credited: of a window each
#: holds for itself. An organisation gets what was done, or credited, while the person belonged to it.
_CHOSEN = (
    VALUED_OF_MEMBERS
    + """, chosen AS MATERIALIZED (
    SELECT v.*, v.is_active AS is_in, CASE WHEN v.is_active THEN v.recognition ELSE 0 END AS shown,
           CASE WHEN v.is_credited THEN v.credit ELSE 0 END AS earned
    FROM (
        SELECT valued.*, day BETWEEN %(start_on)s AND %(today)s
                         AND (%(organisation)s IS NULL OR organisation_id = %(organisation)s) AS is_active,
               credit > 0 AND credit_day BETWEEN %(start_on)s AND %(today)s
                         AND (%(organisation)s IS NULL OR credit_organisation_id = %(organisation)s) AS is_credited
        FROM valued WHERE is_person
    ) v
    WHERE is_active OR is_credited
)
"""
)
LINES = (
    _CHOSEN
    + """
SELECT kind, state, shown, earned, count(*), count(*) FILTER (WHERE is_active), count(*) FILTER (WHERE is_active AND
       is_counted), count(*) FILTER (WHERE is_active AND is_work)
FROM chosen GROUP BY 1, 2, 3, 4 ORDER BY earned DESC, shown DESC, kind, state
"""
)
DAYS = _CHOSEN + "SELECT day, count(*) FROM chosen WHERE is_active GROUP BY 1"
CREDIT = (
    _CHOSEN
    + """
SELECT member_id, count(*) FILTER (WHERE is_active), sum(earned),
       array_agg(DISTINCT (%(today)s - credit_day) / %(month_days)s) FILTER (WHERE is_credited)
FROM chosen GROUP BY 1 ORDER BY 3 DESC, 2 DESC, 1
"""
)
WORKS = (
    _CHOSEN
    + """
SELECT v.kind, v.state, v.shown, v.earned, v.is_active, c.occurred_at, v.credit_day, c.title, c.url, channel.name,
       v.member_id
FROM chosen v
JOIN dashboard_contribution c ON c.id = v.id
JOIN dashboard_channel channel ON channel.id = v.channel_id
ORDER BY c.occurred_at DESC, v.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
)
