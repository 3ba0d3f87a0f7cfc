"""One worker per run, one import per stream: locks of the database session, freed when their holder dies."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection

# First halves of the keys; the second is the row's id.
_RUN = 7_301_006
_STREAM = 7_301_004


def run_lock(run_id: int) -> AbstractContextManager[bool]:
    """Whether nobody else who is alive works on the run; it is ours for as long as the block runs."""
    return _lock(_RUN, run_id)


def stream_lock(stream_id: int) -> AbstractContextManager[bool]:
    """Whether the stream is ours for as long as the block runs."""
    return _lock(_STREAM, stream_id)


@contextmanager
def _lock(what: int, row_id: int) -> Iterator[bool]:
    """Never waits."""
    key = [what, row_id % 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
