"""Migrations: one line for each app, nothing missing, and every one of ours can be undone and done again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.thoroughness import IS_THOROUGH

#: A plain run undoes so many migrations of these apps, which others hardly stand on; `make thorough` undoes all.
STEPS, ON_TOP = 2, ("partners", "dashboard", "meetups")
OURS = ("pages", "partners", "dashboard", "meetups", "conduct", "members", "places", "mail", "jobs")


@pytest.mark.django_db
def test_migrations_know_every_model() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_migrations_are_one_line_for_each_app() -> None:
    loader = MigrationLoader(None)
    for label in {key[0] for key in loader.graph.nodes if key[0] in OURS}:
        assert len(loader.graph.leaf_nodes(label)) == 1, label
        own = [
            (key, parent)
            for key in loader.graph.nodes
            if key[0] == label
            for parent in loader.graph.node_map[key].parents
            if parent.key[0] == label
        ]
        parents = [parent.key for _key, parent in own]
        assert len(parents) == len(set(parents)), f"{label} forks"


@pytest.fixture
def scratch(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The connection leads to a copy of the migrated database, on the same server, for a while."""
    name = connection.settings_dict["NAME"]
    copy = f"{name}_scratch"
    with django_db_blocker.unblock():
        _lead_to(name)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{copy}"')
            cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        _lead_to(copy)
        try:
            yield
        finally:
            _lead_to(name)
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{copy}"')


def _lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def _earlier(leaves: list[tuple[str, str]]) -> list[tuple[str, str | None]]:
    """Where to go back to: nothing at all in a thorough run, the last few of the apps on top in a plain one."""
    if IS_THOROUGH:
        return [(label, None) for label, _name in leaves]
    names = {label: sorted(name for app, name in MigrationLoader(None).graph.nodes if app == label) for label in ON_TOP}
    return [(label, names[label][-1 - STEPS]) for label in ON_TOP]


def test_migrations_of_ours_go_back_and_forward_again(scratch: None) -> None:
    leaves = [key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] in OURS]
    there = _columns()
    MigrationExecutor(connection).migrate(_earlier(leaves))
    left = {name for name in connection.introspection.table_names() if name.split("_")[0] in OURS}
    assert left == set() if IS_THOROUGH else _columns() != there
    MigrationExecutor(connection).migrate(MigrationLoader(None).graph.leaf_nodes())
    assert _columns() == there


def _columns() -> set[tuple[str, ...]]:
    """Every column of every table, every constraint, index and trigger by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
            WHERE table_schema = 'public'
            UNION ALL SELECT conrelid::regclass::text, conname, contype::text, '' FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
            UNION ALL SELECT tablename, indexname, 'index', '' FROM pg_indexes WHERE schemaname = 'public'
            UNION ALL SELECT tgrelid::regclass::text, tgname, 'trigger', '' FROM pg_trigger WHERE NOT tgisinternal
            """
        )
        return {tuple(row) for row in cursor.fetchall()}
