"""`python -m portal.local.preparation`: static files, then migrations, in one process beside the starting servers."""

import os
import sys
import time

#: The exit code that says: all is ready, and nobody lives here yet.
EMPTY = 3
DATABASE_PATIENCE_SECONDS = 40.0


def main() -> int:
    """Prepares; 0, or EMPTY when the database holds no member."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    # Needs no database, so it uses the time in which the servers start.
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    _wait_for_database()
    count = _migrate()
    print(f"Database: {count} migrations applied." if count else "Database: up to date.", flush=True)
    return EMPTY if _is_empty() else 0


def _wait_for_database() -> None:
    from django.db import OperationalError, connection

    until = time.monotonic() + DATABASE_PATIENCE_SECONDS
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _migrate() -> int:
    """Applies what is missing; how many that was."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        call_command("migrate", interactive=False, verbosity=0)
    return len(plan)


def _is_empty() -> bool:
    from django.contrib.auth import get_user_model

    from portal.members.models import Member

    return not (Member.objects.exists() or get_user_model()._default_manager.exists())


if __name__ == "__main__":
    sys.exit(main())
