"""The frozen shapes an importer hands to the store: accounts, records, refused items, pages and channels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from dashboard.importers.portal_facts import PortalFacts
from portal.clients.gate import Gate, OpenGate

PAYLOAD_LIMIT = 10_000
TITLE_LIMIT = 300

Cursor = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Who did it, as the service knows them. `uid` is the service's immutable id; names change and are reused.

    `is_email_verified` says that the service itself made sure that the address is theirs. What stands from `email` on
    is for finding out who is who; no page shows it.
    """

    uid: str
    username: str = ""
    name: str = ""
    is_bot: bool = False
    url: str = ""
    email: str = ""
    is_email_verified: bool = False
    employer: str = ""
    location: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing a person did.

    `external_id` is unique within a source ("issue:123", "post:12"). `thread` is the same text for every row of one
    conversation; the row of the thread whose kind is in `kinds.ROOT_KINDS` opened it. `account` None is a deleted or
    unknown author. `channel_key` names the channel the row belongs to when that is not the stream's own.
    `credited_at` None on an accepted answer means that the source gives no date: the store dates it "first seen so".
    `is_clamped` marks a time that lay in the future and was set to the time of the import. `starting_labels` say that
    it is open for somebody new to begin with. All times are aware, UTC.
    """

    external_id: str
    kind: str
    occurred_at: datetime
    account: Account | None
    state: str = ""
    thread: str = ""
    title: str = ""
    url: str = ""
    credited_at: datetime | None = None
    source_updated_at: datetime | None = None
    likes: int = 0
    channel_key: str = ""
    is_clamped: bool = False
    starting_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that could not be understood. `payload` is its JSON, cut to PAYLOAD_LIMIT characters."""

    external_id: str
    reason: str
    payload: str


@dataclass(frozen=True, slots=True)
class Complete:
    """A part of the stream's channel that a page holds whole: what is stored of it and not in the page is deleted.

    The rows of these kinds, in this thread ("" is every thread), from `since` and before `until` (None is open).
    `takes_thread`: where a missing row opened a thread, the whole thread is gone with it.
    """

    kinds: tuple[str, ...]
    since: datetime
    until: datetime | None = None
    thread: str = ""
    takes_thread: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What one transaction stores: the items and the cursor that stands after them. `requests` made to get it.

    `complete` says of which parts the page holds everything, together with the rows in `present`, which came with the
    pages before it; `gone` are rows that the source says it has no longer; `orphaned` are rows that it names no author
    of any more, and `closed` those of which it is known that the author's whole account is gone. `accounts` are people
    whose names are to be followed where they have done something already.
    """

    records: tuple[Record, ...]
    rejected: tuple[Rejected, ...]
    cursor: Cursor
    is_last: bool
    requests: int = 0
    complete: tuple[Complete, ...] = ()
    accounts: tuple[Account, ...] = ()
    present: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A place at the source. `key` is the service's stable id, `streams` the resumable units to import there.

    `is_gone`: it was there once and is read no more. With `is_erased` the source shows nothing of it any more, so what
    is stored of it is deleted too; without, it lives on elsewhere, and what people did here stays theirs.
    """

    key: str
    name: str
    kind: str
    url: str = ""
    is_archived: bool = False
    is_mirror: bool = False
    streams: tuple[str, ...] = ()
    is_gone: bool = False
    is_erased: bool = False


class Stored:
    """What is stored of a source already. This one knows of nothing; the services hand in one that looks it up."""

    def newest(
        self, channel_key: str, *, since: datetime, before: tuple[datetime, str] | None, most: int
    ) -> list[tuple[datetime, str]]:
        """Time and external id of up to `most` rows of a channel, newest first, below the place `before`."""
        return []

    def comment_counts(self, threads: list[str]) -> Mapping[str, int]:
        """How many comments are stored of each of these threads; those without any are left out."""
        return {}

    def channels(self) -> Mapping[str, str]:
        """Names of the channels that are not gone, by key."""
        return {}

    def threads(
        self, channel_key: str, kinds: tuple[str, ...], *, since: datetime, until: datetime | None = None
    ) -> Mapping[str, str]:
        """External ids and threads of the rows of these kinds from `since` and before `until`."""
        return {}


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """Everything an importer needs to know; it reads no settings, environment or database itself."""

    service: str
    name: str
    base_url: str
    options: Mapping[str, str] = field(default_factory=dict)
    token: str = field(default="", repr=False)
    allowed_private_hosts: tuple[str, ...] = ()
    user_agent: str = ""
    stored: Stored = field(default_factory=Stored, repr=False)
    facts: PortalFacts = field(default_factory=PortalFacts, repr=False)
    gate: Gate = field(default_factory=OpenGate, repr=False)


class Importer(Protocol):
    """One per source. Errors are `portal.clients.errors.ClientError`; a page that was yielded is complete.

    Pages may be stored in groups; an importer with `needs_each_page = True` finds each one stored when it goes on.
    """

    def channels(self) -> Iterable[ChannelRecord]:
        """All channels of the source as they are now."""
        ...

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """Pages from where `cursor` stands ({} at first) to what is newest; ends after the page with `is_last`."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...
