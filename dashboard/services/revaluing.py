"""What contributions of some months would earn under other weights than those in force; nothing is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from dashboard.services import valuing_sql
from dashboard.services.summary_span import midnight, parameters
from dashboard.weights import EVERY, FIRST_PER_CHANNEL_DAY, FIRST_PER_THREAD, WeightRow

_TABLES = "contributed, rates, valued"
# The rows of one table of weights, in force for ever.
_RATES = """
CREATE TEMPORARY TABLE rates ON COMMIT DROP AS
WITH w AS (
    SELECT * FROM unnest(%(w_kind)s::text[], %(w_state)s::text[], %(w_recognition)s::int[], %(w_credit)s::int[],
                         %(w_counts)s::text[], %(w_cap)s::int[])
           AS w (kind, state, recognition, credit, counts, monthly_cap)
), met AS (
    SELECT DISTINCT kind, state FROM contributed
)
SELECT met.kind, met.state, '-infinity'::date AS from_on, 'infinity'::date AS until_on,
       w.recognition, w.credit, w.counts, w.monthly_cap
FROM met
CROSS JOIN LATERAL (
    SELECT * FROM w WHERE w.kind = met.kind AND w.state IN (met.state, '') ORDER BY w.state DESC LIMIT 1
) w
"""
_WORK = """
SELECT id, credit_organisation_id, member_id, kind, state, credit, credit_day
FROM valued
WHERE is_person AND credit > 0 AND credit_organisation_id = ANY(%(organisations)s)
  AND credit_day >= %(horizon_on)s AND credit_day < %(end_on)s
ORDER BY credit_day DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class ValuedWork:
    """One contribution with what it earned whom."""

    contribution: int
    organisation: int
    member: int
    kind: str
    state: str
    credit: int
    credited_on: date


def work_under(
    *, weights: Iterable[WeightRow] | None, from_on: date, end_on: date, organisations: Iterable[int]
) -> list[ValuedWork]:
    """Credited work of some organisations from a first day of a month until `end_on`, newest first.

    `weights` None values each day by the version in force on it, straight from the raw contributions.
    """
    rows = None if weights is None else list(weights)
    stretch = {"horizon": midnight(from_on), "horizon_on": from_on, "tomorrow": midnight(end_on), "end_on": end_on}
    values = parameters(end_on) | stretch
    if rows is not None:
        values |= _as_arrays(rows)
    values["organisations"] = list(organisations)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLES}")
        cursor.execute(valuing_sql.CONTRIBUTED, values)
        cursor.execute(valuing_sql.RATES if rows is None else _RATES, values)
        cursor.execute("ANALYZE contributed, rates")
        cursor.execute(valuing_sql.VALUED, values)
        cursor.execute(_WORK, values)
        found = [ValuedWork(*row) for row in cursor.fetchall()]
        cursor.execute(f"DROP TABLE {_TABLES}")
    return found


def _as_arrays(rows: list[WeightRow]) -> dict[str, object]:
    by_rule = {
        rule: sorted({row.kind for row in rows if row.counts == rule})
        for rule in (EVERY, FIRST_PER_THREAD, FIRST_PER_CHANNEL_DAY)
    }
    return {
        "w_kind": [row.kind for row in rows],
        "w_state": [row.state for row in rows],
        "w_recognition": [row.recognition for row in rows],
        "w_credit": [row.credit for row in rows],
        "w_counts": [row.counts for row in rows],
        "w_cap": [row.monthly_cap for row in rows],
        "thread_kinds": by_rule[FIRST_PER_THREAD],
        "once_kinds": by_rule[FIRST_PER_CHANNEL_DAY],
    }
