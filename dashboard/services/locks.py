"""One import per stream at a time: a lock of the database session, freed when the process that holds it dies."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_STREAM = 7_301_004  # first half of the key; the second is the stream's id


@contextmanager
def stream_lock(stream_id: int) -> Iterator[bool]:
    """Whether the stream is ours for as long as the block runs; never waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_STREAM, stream_id % 2**31])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_STREAM, stream_id % 2**31])
