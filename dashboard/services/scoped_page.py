"""All parts of the filtered page from one reading of one window of raw rows."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dashboard.scope import Scope
from dashboard.services.scoped import fetch, matching

_PARTS: Final = {
    "numbers": """
        SELECT jsonb_build_array((SELECT count(*) FROM scoped), count(*), count(*) FILTER (WHERE is_new),
               count(*) FILTER (WHERE is_returning), (SELECT count(DISTINCT organisation_id) FROM scoped))
        FROM present""",
    "levels": "SELECT jsonb_object_agg(level, n) FROM (SELECT level, count(*) AS n FROM present GROUP BY 1) x",
    "days": """
        SELECT jsonb_agg(jsonb_build_array(day, name, n) ORDER BY day, name)
        FROM (SELECT x.day, {part} AS name, count(*) AS n FROM scoped x
              JOIN dashboard_channel h ON h.id = x.channel_id JOIN dashboard_source s ON s.id = h.source_id
              GROUP BY 1, 2) x""",
    "heat": """
        SELECT jsonb_agg(jsonb_build_array(day, hour, n))
        FROM (SELECT extract(isodow FROM occurred_at AT TIME ZONE 'UTC')::integer - 1 AS day,
                     extract(hour FROM occurred_at AT TIME ZONE 'UTC')::integer AS hour, count(*) AS n
              FROM scoped GROUP BY 1, 2) x""",
    "places": "SELECT jsonb_agg(jsonb_build_array(channel_id, n))"
    " FROM (SELECT channel_id, count(*) AS n FROM scoped GROUP BY 1) x",
    "newcomers": "SELECT jsonb_agg(member_id) FROM present WHERE is_new",
    "questions": "SELECT jsonb_agg(q.contribution_id)"
    " FROM dashboard_openquestion q JOIN scoped x ON x.id = q.contribution_id",
    "organisations": """
        SELECT jsonb_agg(jsonb_build_array(organisation_id, coalesce(people, 0), coalesce(n, 0),
                                           coalesce(contributors, 0), coalesce(credit, 0)))
        FROM (SELECT organisation_id, count(DISTINCT member_id) AS people, count(*) AS n
              FROM scoped WHERE organisation_id IS NOT NULL GROUP BY 1) act
        FULL JOIN (SELECT organisation_id, count(DISTINCT member_id) AS contributors, sum(credit) AS credit
                   FROM credited WHERE organisation_id IS NOT NULL GROUP BY 1) cred USING (organisation_id)""",
}
_PRESENT: Final = """present AS MATERIALIZED (
    SELECT member_id, w.is_new, w.is_returning, w.level
    FROM (SELECT DISTINCT member_id FROM scoped WHERE is_person) x
    JOIN dashboard_memberwindow w USING (member_id) WHERE w.days = %(days)s)"""
_COLUMNS: Final = {"service": "s.service", "kind": "x.kind"}


@dataclass(frozen=True, slots=True)
class ScopedPage:
    """What the filters choose, as plain values: keys of rows and numbers."""

    numbers: list[int]
    levels: dict[int, int]
    days: list[tuple[date, str, int]]
    heat: list[list[int]]
    places: dict[int, int]
    newcomers: list[int]
    questions: list[int]
    organisations: dict[int, tuple[int, int, int, int]]


def scoped_page(scope: Scope, until_on: date, part: str) -> ScopedPage:
    """Everything but the list of people; `part` is what the days are stacked by."""
    match = matching(scope, until_on)
    parts = ", ".join(f"'{name}', ({sql.replace('{part}', _COLUMNS[part])})" for name, sql in _PARTS.items())
    sql = f"WITH {match.scoped}, {_PRESENT}, {match.credit} SELECT jsonb_build_object({parts})::text"
    found: dict[str, Any] = json.loads(fetch(sql, match.params)[0][0])
    heat = [[0] * 24 for _day in range(7)]
    for day, hour, n in found["heat"] or []:
        heat[day][hour] = n
    return ScopedPage(
        numbers=found["numbers"],
        levels={int(level): n for level, n in (found["levels"] or {}).items()},
        days=[(date.fromisoformat(day), name, n) for day, name, n in found["days"] or []],
        heat=heat,
        places=dict(found["places"] or []),
        newcomers=found["newcomers"] or [],
        questions=found["questions"] or [],
        organisations={row[0]: tuple(row[1:]) for row in found["organisations"] or []},
    )
