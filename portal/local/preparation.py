"""`python -m portal.local.preparation`: static files and migrations, in one Django boot beside the starting servers."""

import hashlib
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from portal.local.programs import EMPTY

DATABASE_PATIENCE_SECONDS = 40.0


def main() -> int:
    """Prepares; 0, or EMPTY when the database holds no member."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    # Compressing them takes as long as migrating, and there are two processors nearly everywhere.
    wait_for_static = _beside(collect_static)
    _wait_for_database()
    count = _migrate()
    wait_for_static()
    print(f"Database: {count} migrations applied." if count else "Database: up to date.", flush=True)
    return EMPTY if _is_empty() else 0


def collect_static() -> bool:
    """Collects the static files unless none has changed since the last time; whether it did."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return False
    mark, now = Path(settings.STATIC_ROOT) / ".collected", static_fingerprint()
    if mark.exists() and mark.read_text(encoding="utf-8") == now:
        return False
    mark.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(now, encoding="utf-8")
    return True


def static_fingerprint() -> str:
    """A sum over names, sizes and times of all files that would be collected."""
    from django.contrib.staticfiles.finders import get_finders

    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            known = os.stat(storage.path(path))
            found.update(f"{path} {known.st_size} {known.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _beside(work: Callable[[], object]) -> Callable[[], None]:
    """Starts the work in a fork of this process; what it returns waits for its end and exits when it failed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001  a fork must never return into its parent's work
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def wait() -> None:
        _, status = os.waitpid(child, 0)
        if code := os.waitstatus_to_exitcode(status):
            sys.exit(abs(code))

    return wait


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
