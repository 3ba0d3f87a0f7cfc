"""Lists as files: CSV that no spreadsheet takes for formulas, and JSON."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

#: Signs that begin a formula, their full-width twins too; ";" parts cells in some countries' spreadsheets.
_FORMULA = re.compile(r"[\s;]*[=+\-@＝＋－＠]|[\t\r\n]")


class _Echo:
    """A file that gives back what is written to it, so that rows are sent as they are made."""

    def write(self, value: str) -> str:
        return value


def safe_cell(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value


def csv_response(filename: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> StreamingHttpResponse:
    """A download with a header line; cells are made safe here."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_NONNUMERIC)

    def lines() -> Iterator[str]:
        yield writer.writerow([str(name) for name in header])
        for row in rows:
            yield writer.writerow([safe_cell(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def file_response(
    form: str, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """A list as "csv" or "json"; columns are (key in JSON, head in CSV), a row has a cell for each."""
    if form == "csv":
        return csv_response(f"{name}.csv", [head for _key, head in columns], rows)
    keys = [key for key, _head in columns]

    def parts() -> Iterator[str]:
        yield "["
        for number, row in enumerate(rows):
            yield (",\n" if number else "\n") + json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False)
        yield "\n]\n"

    response = StreamingHttpResponse(parts(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.json"'
    return response
