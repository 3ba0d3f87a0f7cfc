# ruff: noqa: S608 - put together from names of tables and columns of our own models
"""Rewriting of a summary only what has changed in it: most rows are the same after most imports.

While a rebuild runs, an empty temporary table of its name shadows each summary: PostgreSQL finds that first. The
statements fill and read those; at the end the stored tables are made equal to them.
"""

from collections.abc import Sequence
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


#: Those of which some members' rows can be rewritten by themselves.
OF_MEMBERS: Final[tuple[type[Model], ...]] = (MemberLevel, MemberWindow, MonthCredit, CreditedWork)


def begin(cursor: CursorWrapper) -> None:
    """Shadow the summaries until `store`, or until the transaction ends."""
    for model in SUMMARIES:
        table = model._meta.db_table
        cursor.execute(
            f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS SELECT {_columns(model)} FROM {table} WITH NO DATA"
        )


def store(cursor: CursorWrapper, *, members: Sequence[int] | None = None) -> None:
    """Make the stored summaries equal to the fresh ones, and take the shadows away; of some members, their rows."""
    cursor.execute("SELECT current_schema()")
    schema = cursor.fetchone()[0]
    for model in SUMMARIES:
        table = model._meta.db_table
        if members is None or model in OF_MEMBERS:
            cursor.execute(f"ANALYZE {table}")
            _store(cursor, model, f'"{schema}".{table}', members)
        cursor.execute(f"DROP TABLE {table}")


def _store(cursor: CursorWrapper, model: type[Model], stored: str, members: Sequence[int] | None) -> None:
    table, columns, keys = model._meta.db_table, _columns(model), SUMMARIES[model]
    same = " AND ".join(f"fresh.{key} = stored.{key}" for key in keys)
    if len(columns.split()) > len(keys):
        same += f" AND ({_columns(model, 'fresh.')}) IS NOT DISTINCT FROM ({_columns(model, 'stored.')})"
    theirs = "true" if members is None else "stored.member_id = ANY(%(members)s)"
    values = {"members": list(members or ())}
    cursor.execute(
        f"DELETE FROM {stored} stored WHERE {theirs} AND NOT EXISTS (SELECT FROM {table} fresh WHERE {same})", values
    )
    cursor.execute(
        f"INSERT INTO {stored} ({columns}) SELECT {columns} FROM {table} fresh "
        f"WHERE NOT EXISTS (SELECT FROM {stored} stored WHERE {theirs} AND {same})",
        values,
    )


def _columns(model: type[Model], prefix: str = "") -> str:
    """All but a key of its own that only numbers the rows."""
    fields = [field for field in model._meta.concrete_fields if field.name != "id"]
    return ", ".join(f"{prefix}{field.column}" for field in fields)
