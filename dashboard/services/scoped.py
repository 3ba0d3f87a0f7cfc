# ruff: noqa: S608 - put together from the constants below; what the reader asks for is always a parameter
"""Raw contributions of at most one window, as the filters choose them: what no summary can answer."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from dashboard import kinds
from dashboard.levels import Level
from dashboard.scope import INDEPENDENT, Scope
from dashboard.services.identities import DELETED_PREFIX
from dashboard.services.summary_span import midnight

_DAY = "(c.occurred_at AT TIME ZONE 'UTC')::date"
_PEOPLE = """
JOIN members_identity i ON i.id = c.identity_id
JOIN members_member m ON m.id = i.member_id AND m.bot_state <> 'bot'
"""
_AFFILIATION = """
LEFT JOIN members_affiliation a ON a.member_id = i.member_id AND a.confirmed_at IS NOT NULL
  AND i.uid NOT LIKE %(deleted)s AND a.days @> {day}
"""
_WINDOW = "JOIN dashboard_memberwindow w ON w.days = %(days)s AND w.member_id = i.member_id"

#: An answer to another person's thread, as the summaries count it.
_IS_ANSWER = """
    (c.kind = %(answer)s OR c.state = %(accepted)s) AND NOT EXISTS (
        SELECT FROM (
            SELECT ri.member_id FROM dashboard_contribution r JOIN members_identity ri ON ri.id = r.identity_id
            WHERE r.source_id = c.source_id AND r.thread = c.thread AND r.thread <> '' AND c.thread <> ''
              AND r.kind = ANY(%(root_kinds)s)
            ORDER BY r.occurred_at, r.external_id LIMIT 1
        ) root WHERE root.member_id = i.member_id)
"""


@dataclass(frozen=True, slots=True)
class Matching:
    """SQL of the rows that match (`c`, `i`, `m` and `a` for affiliation), and of the credit they brought."""

    rows: str
    credited: str
    params: dict[str, Any]

    @property
    def scoped(self) -> str:
        """The rows as a table of a WITH clause."""
        return f"""scoped AS MATERIALIZED (
            SELECT c.id, i.member_id, i.uid NOT LIKE %(deleted)s AS is_person, a.organisation_id, c.channel_id, c.kind,
                   c.occurred_at, {_DAY} AS day {self.rows})"""

    @property
    def answered(self) -> str:
        """The rows that are answers to others."""
        return f"answered AS (SELECT i.member_id, count(*) AS answers {self.rows} AND {_IS_ANSWER} GROUP BY 1)"

    @property
    def credit(self) -> str:
        return f"credited AS MATERIALIZED (SELECT k.member_id, k.organisation_id, k.credit {self.credited})"


def matching(scope: Scope, until_on: date) -> Matching:
    """What of a window the scope chooses; `until_on` is the window's last day."""
    start_on = until_on - timedelta(days=scope.days - 1)
    conditions, people = _conditions(scope), _people_conditions(scope)
    window = _WINDOW if scope.level or scope.is_new else ""
    rows = f"""
        FROM dashboard_contribution c {_PEOPLE} {_AFFILIATION.format(day=_DAY)} {window}
        WHERE c.deleted_at IS NULL AND c.occurred_at >= %(start)s AND c.occurred_at < %(end)s
          {"".join(f" AND {one}" for one in [*conditions, *_of_organisation(scope, "a"), *people])}"""
    credited = f"""
        FROM dashboard_creditedwork k JOIN dashboard_contribution c ON c.id = k.contribution_id {_PEOPLE} {window}
        WHERE k.credited_on BETWEEN %(start_on)s AND %(until_on)s
          {"".join(f" AND {one}" for one in [*conditions, *_of_organisation(scope, "k"), *people])}"""
    return Matching(rows, credited, _params(scope, start_on, until_on))


def _conditions(scope: Scope) -> list[str]:
    found = []
    if scope.sources:
        found.append(
            "c.channel_id IN (SELECT h.id FROM dashboard_channel h JOIN dashboard_source s ON s.id = h.source_id"
            " WHERE s.name = ANY(%(sources)s))"
        )
    if scope.channel:
        found.append("c.channel_id = %(channel)s")
    if scope.kind:
        found.append("c.kind = %(kind)s")
    return found


def _people_conditions(scope: Scope) -> list[str]:
    found = ["i.uid NOT LIKE %(deleted)s"] if scope.chooses_people or scope.organisation else []
    if scope.country:
        found.append("m.place_id IN (SELECT p.geoname_id FROM places_place p WHERE p.country_code = %(country)s)")
    if scope.level:
        found.append("w.level = %(level)s")
    if scope.is_new:
        found.append("w.is_new")
    return found


def _of_organisation(scope: Scope, alias: str) -> list[str]:
    if not scope.organisation:
        return []
    if scope.organisation == INDEPENDENT:
        return [f"{alias}.organisation_id IS NULL"]
    return [f"{alias}.organisation_id = (SELECT o.id FROM members_organisation o WHERE o.slug = %(organisation)s)"]


def _params(scope: Scope, start_on: date, until_on: date) -> dict[str, Any]:
    return {
        "days": scope.days,
        "start_on": start_on,
        "until_on": until_on,
        "start": midnight(start_on),
        "end": midnight(until_on + timedelta(days=1)),
        "deleted": f"{DELETED_PREFIX}%",
        "sources": list(scope.sources),
        "channel": scope.channel,
        "kind": scope.kind,
        "organisation": scope.organisation,
        "country": scope.country,
        "level": Level[scope.level.upper()].value if scope.level else None,
        "answer": kinds.ANSWER,
        "accepted": kinds.STATE_ACCEPTED,
        "root_kinds": sorted(kinds.ROOT_KINDS),
    }


def fetch(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
