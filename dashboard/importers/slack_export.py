"""A Slack export as its workspace's owners can download it: a zip with a folder for each channel, a file for each day.

Nothing is unpacked to disk: each file is read from the zip up to a limit, and names lead nowhere but to its own folder.
"""

import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dashboard.importers import cleaning, slack_items
from dashboard.importers.files import FilePage, UnreadableFile
from dashboard.importers.records import Account, ChannelRecord, Record, Rejected
from dashboard.importers.slack import choose
from dashboard.importers.slack_items import Place, Room

FILE_LIMIT: Final = 64 * 1024 * 1024
TOTAL_LIMIT: Final = 8 * 1024 * 1024 * 1024
MOST_FILES: Final = 500_000
_DAY: Final = re.compile(r"(?:[^/]+/)??([^/]+)/(\d{4}-\d{2}-\d{2})\.json")


_BROKEN: Final = (
    ValueError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, zlib.error, lzma.LZMAError,
)  # fmt: skip


class _BadFile(ValueError):
    """A file of the zip that is left out; the text says why."""


class SlackExport:
    """An opened export. Channels are the public ones that `option` asks for, all when it is empty."""

    def __init__(self, zipped: zipfile.ZipFile, option: str) -> None:
        self._zip = zipped
        self._left = TOTAL_LIMIT
        infos = zipped.infolist()
        if len(infos) > MOST_FILES:
            raise UnreadableFile("The zip holds more files than any export: nothing was imported.")
        if any(info.flag_bits & 1 for info in infos):
            raise UnreadableFile("The zip is locked with a password: unlock it first.")
        self._infos = {info.filename: info for info in infos}
        self._root = self._find_root()
        listed = [place for place in map(slack_items.place, self._list("channels.json")) if place is not None]
        wanted = choose(option.strip() or "all", listed)
        self.missing = wanted.missing
        self._places = {place.name: place for place in wanted.places}
        people = self._list("users.json") if f"{self._root}users.json" in self._infos else []
        accounts = [one for one in map(slack_items.person, people) if one is not None]
        self._accounts: Mapping[str, Account] = {one.uid: one for one in accounts}

    def _find_root(self) -> str:
        """ "" or the one folder that everything lies in, as some tools pack it."""
        found = sorted((name for name in self._infos if re.fullmatch(r"([^/]+/)?channels\.json", name)), key=len)
        if not found:
            raise UnreadableFile("The zip holds no channels.json: is it a Slack export?")
        return found[0].removesuffix("channels.json")

    def _list(self, name: str) -> list[Any]:
        try:
            return self._read(self._infos[f"{self._root}{name}"])
        except _BadFile as problem:
            raise UnreadableFile(f"{name} in the zip cannot be read: {problem}.") from problem

    def _read(self, info: zipfile.ZipInfo) -> list[Any]:
        """The list in a file; what the zip says of sizes is not believed."""
        try:
            with self._zip.open(info) as file:
                body = file.read(FILE_LIMIT + 1)
            self._left -= len(body)
            if self._left < 0:
                raise UnreadableFile("The zip unpacks to more than 8 GB: reading was stopped.")
            if len(body) > FILE_LIMIT:
                raise _BadFile("it is larger than 64 MB")
            found = json.loads(body)
        except RecursionError as error:
            raise _BadFile("it is nested too deeply") from error
        except (UnreadableFile, _BadFile):
            raise
        except _BROKEN as error:
            raise _BadFile(f"it is broken ({cleaning.text(str(error), 100)})") from error
        if not isinstance(found, list):
            raise _BadFile("it holds no list")
        return found

    def pages(self, sites: Mapping[str, str], *, now: datetime) -> Iterator[FilePage]:
        """A page for each day of each channel, newest first. `sites`: web address of the workspace by channel key."""
        days = sorted(self._days(), key=lambda day: (day[0], day[1].filename), reverse=True)
        for number, (_, info, place) in enumerate(days, start=1):
            room = Room(place.key, sites.get(place.key, ""))
            yield self._page(info, place, room, now, number, len(days))

    def _days(self) -> Iterator[tuple[str, zipfile.ZipInfo, Place]]:
        for name, info in self._infos.items():
            match = _DAY.fullmatch(name.removeprefix(self._root)) if name.startswith(self._root) else None
            if match and match[1] in self._places and name == f"{self._root}{match[1]}/{match[2]}.json":
                yield match[2], info, self._places[match[1]]

    def _page(
        self, info: zipfile.ZipInfo, place: Place, room: Room, now: datetime, number: int, total: int
    ) -> FilePage:
        channel = ChannelRecord(place.key, f"#{place.name}", "channel", is_archived=place.is_archived)
        try:
            found = [slack_items.normalise(item, room=room, now=now) for item in self._read(info)]
        except _BadFile as problem:
            letter = Rejected(info.filename[-200:], cleaning.text(f"{info.filename}: {problem}."), "")
            return FilePage((), (letter,), (), number, total, info.filename, channel)
        records = [self._named(one) for one in found if isinstance(one, Record)]
        rejected = [
            replace(one, reason=cleaning.text(f"{info.filename}: {one.reason}"))
            for one in found
            if isinstance(one, Rejected)
        ]
        return FilePage(tuple(records), tuple(rejected), (), number, total, info.filename, channel)

    def _named(self, record: Record) -> Record:
        """The record with its author's name, which only the export's list of people has."""
        account = self._accounts.get(record.account.uid) if record.account else None
        return replace(record, account=account or record.account)


def open_export(path: Path) -> zipfile.ZipFile:
    """The zip; raises UnreadableFile."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise UnreadableFile(f"“{path.name}” is no zip file, or a broken one: download it again.") from error
