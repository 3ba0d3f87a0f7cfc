"""The compact file of towns and how it gets into the database; the file is made by `build_gazetteer`."""

import lzma
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

FILE = Path(__file__).parent / "data" / "towns.tsv.xz"


class Town(NamedTuple):
    """One line of the file; every value is text, coordinates in degrees, `search` as in `Place.search`."""

    geoname_id: str
    name: str
    slug: str
    country_code: str
    area_code: str
    area_name: str
    latitude: str
    longitude: str
    time_zone: str
    population: str
    search: str


_COLUMNS = Town._fields


class Loaded(NamedTuple):
    """What a load did."""

    total: int
    new: int
    updated: int


def read_towns(path: Path = FILE) -> Iterator[Town]:
    """The towns of the file. Raises ValueError, naming the line, when a line is broken."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != len(Town._fields):
                raise ValueError(f"{path.name}, line {number}: {len(fields)} fields instead of {len(Town._fields)}")
            yield Town(*fields)


def write_towns(towns: list[Town], path: Path = FILE) -> int:
    """Write the file; returns its size in bytes."""
    text = "".join("\t".join(town) + "\n" for town in towns)
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    return path.stat().st_size


def load_places(*, path: Path = FILE, progress: Callable[[int], None] = lambda rows: None) -> Loaded:
    """Bring the table in line with the file in one transaction; rows that are already right stay untouched.

    Towns that left the file stay in the table, since groups may stand on them. `progress` hears the rows read so far.
    """
    columns = ", ".join(_COLUMNS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE town (LIKE {_table()})")
        total = 0
        with cursor.copy(f"COPY town ({columns}) FROM STDIN") as copy:
            for total, town in enumerate(read_towns(path), start=1):
                copy.write_row(town)
                if total % 2000 == 0:
                    progress(total)
        progress(total)
        cursor.execute(
            _UPSERT.format(
                table=_table(), columns=columns, changes=_changes(), old=_values("place"), new=_values("excluded")
            )
        )
        new, updated = cursor.fetchone()
        cursor.execute("DROP TABLE town")
        if new or updated:
            # Until the index's waiting list is empty and rows are counted, the planner reads the whole table.
            cursor.execute("SELECT gin_clean_pending_list('place_search_trgm')")
            cursor.execute(f"ANALYZE {_table()}")
    return Loaded(total, new, updated)


_UPSERT = """
WITH written AS (
    INSERT INTO {table} AS place ({columns}) SELECT {columns} FROM town
    ON CONFLICT (geoname_id) DO UPDATE SET {changes} WHERE ({old}) IS DISTINCT FROM ({new})
    RETURNING (xmax = 0) AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""


def _table() -> str:
    from portal.places.models import Place

    return connection.ops.quote_name(Place._meta.db_table)


def _changes() -> str:
    return ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])


def _values(prefix: str) -> str:
    return ", ".join(f"{prefix}.{column}" for column in _COLUMNS[1:])
