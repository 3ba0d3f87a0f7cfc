"""An importer over plain lists that can fail, stop or be watched at any page."""

from collections.abc import Callable, Iterator
from datetime import datetime

from dashboard.importers.records import ChannelRecord, Cursor, Page, Record


class FakeImporter:
    """`worlds`: channel key -> stream -> pages of records; `before_page(channel, stream, page number)` may raise."""

    needs_each_page = True

    def __init__(
        self,
        worlds: dict[str, dict[str, list[list[Record]]]],
        before_page: Callable[[str, str, int], None] | None = None,
    ) -> None:
        self.worlds = worlds
        self.before_page = before_page or (lambda channel, stream, number: None)
        self.read: list[tuple[str, str, int]] = []
        self.is_closed = False

    def __call__(self, config: object) -> "FakeImporter":
        self.config = config
        return self

    def channels(self) -> Iterator[ChannelRecord]:
        for key, streams in self.worlds.items():
            yield ChannelRecord(key=key, name=f"channel {key}", kind="repository", streams=tuple(streams))

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        pages = self.worlds[channel_key][stream]
        for number in range(cursor.get("next", 0), len(pages)):
            self.before_page(channel_key, stream, number)
            self.read.append((channel_key, stream, number))
            is_last = number == len(pages) - 1
            after = {"next": 0 if is_last else number + 1, "round": cursor.get("round", 0) + is_last}
            yield Page(tuple(pages[number]), (), after, is_last, requests=1)

    def close(self) -> None:
        self.is_closed = True
