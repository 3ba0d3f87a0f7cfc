"""Migrations: one line for each app, nothing missing, and every one of ours can be undone and done again."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

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
    """The connection leads to an empty database of its own on the same server for a while."""
    name = connection.settings_dict["NAME"]
    empty = f"{name}_scratch"
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{empty}"')
            cursor.execute(f'CREATE DATABASE "{empty}" TEMPLATE template0')
        _lead_to(empty)
        try:
            yield
        finally:
            _lead_to(name)
            with connection.cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{empty}"')


def _lead_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def test_migrations_of_ours_go_back_to_nothing_and_forward_again(scratch: None) -> None:
    leaves = [key for key in MigrationLoader(None).graph.leaf_nodes() if key[0] in OURS]
    MigrationExecutor(connection).migrate(leaves)
    tables = set(connection.introspection.table_names())
    assert {"members_user", "dashboard_contribution"} <= tables
    MigrationExecutor(connection).migrate([(label, None) for label, _name in leaves])
    assert {name for name in connection.introspection.table_names() if name.split("_")[0] in OURS} == set()
    MigrationExecutor(connection).migrate(leaves)
    assert set(connection.introspection.table_names()) == tables
