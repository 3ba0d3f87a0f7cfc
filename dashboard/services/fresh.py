# ruff: noqa: S608 - put together from names of tables and columns of our own models
"""Rewriting of a summary only what has changed in it: most rows are the same after most imports.

While a rebuild runs, an empty temporary table of its name shadows each summary: PostgreSQL finds that first. The
statements fill and read those; at the end the stored tables are made equal to them.
"""

from typing import Final

from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from dashboard.models import (
    CreditedWork,
    DayCount,
    MemberLevel,
    MemberWindow,
    MonthCredit,
    OpenQuestion,
    OrganisationStanding,
    OrganisationWindow,
    WindowTotals,
)

#: Each summary with columns, never null, that tell nearly all of its rows apart.
SUMMARIES: Final[dict[type[Model], tuple[str, ...]]] = {
    DayCount: ("day", "channel_id", "kind"),
    MemberLevel: ("member_id",),
    MemberWindow: ("days", "member_id"),
    OrganisationStanding: ("organisation_id",),
    OrganisationWindow: ("days", "organisation_id"),
    MonthCredit: ("month", "member_id", "kind", "state", "credit_each"),
    CreditedWork: ("contribution_id",),
    OpenQuestion: ("contribution_id",),
    WindowTotals: ("days",),
}


def begin(cursor: CursorWrapper) -> None:
    """Shadow the summaries until `store`, or until the transaction ends."""
    for model in SUMMARIES:
        table = model._meta.db_table
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT {_columns(model)} FROM {table} WITH NO DATA"
        )


def store(cursor: CursorWrapper) -> None:
    """Make the stored summaries equal to the fresh ones, and take the shadows away."""
    cursor.execute("SELECT current_schema()")
    schema = cursor.fetchone()[0]
    for model, keys in SUMMARIES.items():
        table, columns = model._meta.db_table, _columns(model)
        stored = f'"{schema}".{table}'
        same = " AND ".join(f"fresh.{key} = stored.{key}" for key in keys) + (
            f" AND ({_columns(model, 'fresh.')}) IS NOT DISTINCT FROM ({_columns(model, 'stored.')})"
            if len(columns.split()) > len(keys)
            else ""
        )
        cursor.execute(f"ANALYZE {table}")
        cursor.execute(f"DELETE FROM {stored} stored WHERE NOT EXISTS (SELECT FROM {table} fresh WHERE {same})")
        cursor.execute(
            f"INSERT INTO {stored} ({columns}) SELECT {columns} FROM {table} fresh "
            f"WHERE NOT EXISTS (SELECT FROM {stored} stored WHERE {same})"
        )
        cursor.execute(f"DROP TABLE {table}")


def _columns(model: type[Model], prefix: str = "") -> str:
    """All but a key of its own that only numbers the rows."""
    fields = [field for field in model._meta.concrete_fields if field.name != "id"]
    return ", ".join(f"{prefix}{field.column}" for field in fields)
