"""Records from a file: CSV with a header, or one JSON object a line. What the columns are is told in docs/files.md."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from dashboard import kinds
from dashboard.importers import cleaning
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, ChannelRecord, Record, Rejected

FILE_CHANNEL: Final = ChannelRecord("file", "Files", "file")
LINES_IN_PAGE: Final = 1_000
LINE_LIMIT: Final = 1024 * 1024
REQUIRED: Final = ("external_id", "kind", "occurred_at")
COLUMNS: Final = (
    *REQUIRED, "uid", "username", "name", "is_bot", "channel", "channel_name", "state", "thread", "title", "url",
    "credited_at", "source_updated_at", "likes", "email", "email_verified", "employer", "location", "language",
)  # fmt: skip
_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0", ""})


class UnreadableFile(ValueError):
    """A file that cannot be imported as a whole; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class FilePage:
    """Some of a file: what it holds, the channels its records name, and how much of it is done.

    `home` is the channel of records that name none.
    """

    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    channels: tuple[ChannelRecord, ...]
    done: int
    total: int
    at: str = ""
    home: ChannelRecord = FILE_CHANNEL


def read(path: Path, *, now: datetime) -> Iterator[FilePage]:
    """The pages of a CSV or JSON lines file, told apart by its ending; raises UnreadableFile."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".jsonl", ".ndjson", ".json"):
        raise UnreadableFile(f"“{path.name}” ends in neither .csv nor .jsonl: what is it?")
    with path.open("rb") as file:
        total = path.stat().st_size
        rows = _csv_rows(file) if ending == ".csv" else _json_rows(file)
        page: list[tuple[int, Any]] = []
        for row in rows:
            page.append(row)
            if len(page) >= LINES_IN_PAGE:
                yield _page(page, file.tell(), total, path.name, now)
                page = []
        yield _page(page, total, total, path.name, now)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(LINE_LIMIT):
        number += 1
        if len(line) == LINE_LIMIT:
            raise UnreadableFile(f"Line {number} is longer than 1 MB: this is no file of records.")
        yield number, line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line


def _json_rows(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    for number, line in _lines(file):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except RecursionError:
            yield number, BadItem("it is nested too deeply")
        except ValueError as error:
            yield number, BadItem(f"it is no JSON ({str(error)[:100]})")


def _csv_rows(file: BinaryIO) -> Iterator[tuple[int, Any]]:
    lines = (line.decode("utf-8", "surrogateescape") for _, line in _lines(file))
    reader = csv.reader(lines, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if missing := [name for name in REQUIRED if name not in header]:
            raise UnreadableFile(
                f"The first line has no column “{missing[0]}”: it must name the columns, of which these are known: "
                f"{', '.join(COLUMNS)}."
            )
        if unknown := [name for name in header if name not in COLUMNS]:
            raise UnreadableFile(f"There is no column “{unknown[0][:60]}”: known are {', '.join(COLUMNS)}.")
        for row in reader:
            if not any(row):
                continue
            short = len(row) != len(header)
            told = f"it has {len(row)} fields where the first line has {len(header)}"
            yield reader.line_num, BadItem(told) if short else dict(zip(header, row, strict=True))
    except csv.Error as error:
        raise UnreadableFile(f"Line {reader.line_num} is broken ({error}): reading stopped there.") from error


def _page(rows: list[tuple[int, Any]], done: int, total: int, name: str, now: datetime) -> FilePage:
    records: list[Record] = []
    rejected: list[Rejected] = []
    channels: dict[str, ChannelRecord] = {}
    for number, row in rows:
        try:
            if isinstance(row, BadItem):
                raise row
            record = normalise(row, now=now)
        except BadItem as problem:
            payload = "" if isinstance(row, BadItem) else cleaning.as_json(row)
            rejected.append(Rejected(f"{name}:{number}", cleaning.text(f"Line {number}: {problem}."), payload))
            continue
        records.append(record)
        if record.channel_key and record.channel_key not in channels:
            shown = cleaning.text(row.get("channel_name"), cleaning.NAME_LIMIT) or record.channel_key
            channels[record.channel_key] = ChannelRecord(record.channel_key, shown, "file")
    return FilePage(tuple(records), tuple(rejected), tuple(channels.values()), done, total, name)


def normalise(row: Any, *, now: datetime) -> Record:
    """The record of a row of text or JSON values; raises BadItem, which names the field."""
    if not isinstance(row, Mapping):
        raise BadItem("it is no object")
    if unknown := [str(name) for name in row if name not in COLUMNS]:
        raise BadItem(f"there is no field “{unknown[0][:60]}”")
    kind = row.get("kind")
    if kind not in kinds.KINDS:
        raise BadItem(f"“kind” is none of {', '.join(kinds.KINDS)}")
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(row, "occurred_at"), now)
    return Record(
        external_id=_text(row, "external_id", 120, is_required=True),
        kind=str(kind),
        occurred_at=occurred_at,
        account=_account(row),
        state=_word(row, "state"),
        thread=_text(row, "thread", 160),
        title=cleaning.text(row.get("title")),
        url=_address(row),
        credited_at=_moment(row, "credited_at", now),
        source_updated_at=_moment(row, "source_updated_at", now),
        likes=_likes(row),
        channel_key=_text(row, "channel", 120),
        is_clamped=is_clamped,
    )


def _account(row: Mapping[str, Any]) -> Account | None:
    """None for an author who is not known: then there is no name either."""
    uid = _text(row, "uid", 120)
    if not uid:
        return None
    username, name = (cleaning.text(row.get(field), cleaning.NAME_LIMIT) for field in ("username", "name"))
    employer, location = (cleaning.text(row.get(field), cleaning.NAME_LIMIT) for field in ("employer", "location"))
    return Account(
        uid,
        username,
        name,
        _is_true(row, "is_bot"),
        email=cleaning.mail_address(row.get("email")),
        is_email_verified=_is_true(row, "email_verified"),
        employer=employer,
        location=location,
        language=_text(row, "language", 12),
    )


def _text(row: Mapping[str, Any], field: str, limit: int, *, is_required: bool = False) -> str:
    """An id: nothing of it may be cut or cleaned away, or it would be another one."""
    value = row.get(field)
    value = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if value is None or value == "":
        if is_required:
            raise BadItem(f"“{field}” is missing")
        return ""
    if not isinstance(value, str) or len(value) > limit or cleaning.text(value, limit) != value:
        raise BadItem(f"“{field}” is no text of at most {limit} plain characters")
    return value


def _word(row: Mapping[str, Any], field: str) -> str:
    value = _text(row, field, 20)
    if not re.fullmatch(r"[a-z_]*", value):
        raise BadItem(f"“{field}” is no word of small letters")
    return value


def _address(row: Mapping[str, Any]) -> str:
    value = row.get("url")
    if value and not cleaning.web_address(value):
        raise BadItem("“url” is no web address")
    return cleaning.web_address(value)


def _moment(row: Mapping[str, Any], field: str, now: datetime) -> datetime | None:
    if row.get(field) in (None, ""):
        return None
    return cleaning.clamped(cleaning.required_moment(row, field), now)[0]


def _likes(row: Mapping[str, Any]) -> int:
    number = 0 if row.get("likes") in (None, "") else cleaning.whole_number(row["likes"])
    if number is None or not 0 <= number < 2**31:
        raise BadItem("“likes” is no number of likes")
    return number


def _is_true(row: Mapping[str, Any], field: str) -> bool:
    value = row.get(field)
    word = value.strip().lower() if isinstance(value, str) else value
    if word is None or isinstance(word, bool):
        return bool(word)
    if word in (0, 1) and not isinstance(word, float):
        return bool(word)
    if not isinstance(word, str) or word not in _TRUE | _FALSE:
        raise BadItem(f"“{field}” is neither true nor false")
    return word in _TRUE
