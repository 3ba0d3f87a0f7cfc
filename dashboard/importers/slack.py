"""Imports a Slack workspace: the messages and threads of the listed channels, and what people are called."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dashboard.importers import slack_items
from dashboard.importers.records import ChannelRecord, Cursor, Page, SourceConfig
from dashboard.importers.slack_history import ChannelReader
from dashboard.importers.slack_items import Place, Room
from portal.clients.errors import AuthError, BadPayload, PermanentError
from portal.clients.slack import NARROW_PAGE, SlackClient, Workspace
from portal.clients.slack_errors import LOOK_AGAIN, NARROW, SCOPES, SlackError, lacking_scopes
from portal.clients.surroundings import Surroundings

WORKSPACE_KEY = "workspace"
MESSAGES = "messages"
PEOPLE = "people"
LISTED = "listed"
#: With more pages of people than that, names are followed once a day and not in every import.
FEW_PAGES = 5
EVERY_CHANNEL = "all"
#: Channels that a probe looks into, so that it stays within the calls of a minute.
MOST_ASKED = 15


@dataclass(frozen=True, slots=True)
class Choice:
    """The channels a source asks for: `missing` are names that no public channel has."""

    places: tuple[Place, ...]
    missing: tuple[str, ...]


def choose(option: str, places: list[Place]) -> Choice:
    """By name or id, with or without #; "all" is every public channel, nothing those the app was invited to."""
    wanted = [part.strip().removeprefix("#") for part in option.split(",") if part.strip().removeprefix("#")]
    if not wanted:
        return Choice(tuple(one for one in places if one.is_member), ())
    if wanted == [EVERY_CHANNEL] and all(one.name != EVERY_CHANNEL for one in places):
        return Choice(tuple(places), ())
    by_name = {name: one for one in places for name in (one.name.lower(), one.key.lower())}
    found = {one.key: one for name in wanted if (one := by_name.get(name.lower()))}
    return Choice(tuple(found.values()), tuple(name for name in wanted if name.lower() not in by_name))


#: The value of the option `addresses` that asks for them.
MATCH = "match"


class SlackImporter:
    """A channel for each Slack channel with the stream of its messages; "workspace" holds what belongs to none."""

    def __init__(self, config: SourceConfig, client: SlackClient | None = None) -> None:
        self._option = config.options.get("channels", "")
        self._with_address = config.options.get("addresses", "") == MATCH
        self._client = client or SlackClient(
            config.base_url,
            token=config.token,
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
            surroundings=Surroundings(gate=config.gate),
        )

    def close(self) -> None:
        self._client.close()

    @cached_property
    def _workspace(self) -> Workspace:
        """Links and a name: an extra that an import does without when Slack has no answer to give."""
        try:
            return self._client.workspace()
        except AuthError:
            raise
        except PermanentError:
            return Workspace("", "", "", frozenset())

    @cached_property
    def _site(self) -> str:
        url = self._workspace.url.rstrip("/")
        return url if url.startswith("https://") and len(url) <= 200 else ""

    @cached_property
    def _choice(self) -> Choice:
        places = [one for one in map(slack_items.place, self._client.channels()) if one is not None]
        return choose(self._option, places)

    def channels(self) -> Iterator[ChannelRecord]:
        for place in self._choice.places:
            url = f"{self._site}/archives/{place.key}" if self._site else ""
            yield ChannelRecord(place.key, f"#{place.name}", "channel", url, place.is_archived, streams=(MESSAGES,))
        name = self._workspace.name or "Slack"
        yield ChannelRecord(WORKSPACE_KEY, name, "workspace", self._site, streams=(LISTED, PEOPLE))

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """A channel's messages, the names of people, or a look at whether every listed channel is there."""
        if stream == LISTED:
            return self._listed()
        if stream == PEOPLE:
            return self._people(cursor, now)
        return ChannelReader(self._client, Room(channel_key, self._site), now).read(cursor)

    def probe(self) -> list[str]:
        """Sentences on what stands in the way and what to do about it; the last says how much can be read."""
        workspace = self._client.workspace()
        problems = []
        if workspace.scopes and (lacking := [scope for scope in SCOPES if scope not in workspace.scopes]):
            problems.append(lacking_scopes(lacking, workspace.scopes))
        choice = self._choice
        if sentence := missing_channels(choice):
            problems.append(sentence)
        closed, is_narrow = self._closed_channels(choice)
        if closed:
            names = ", ".join(f"#{place.name}" for place in closed)
            problems.append(f"Invite the app to {names}: type /invite @name-of-the-app in each.")
        if is_narrow:
            problems.append(NARROW)
        n_open = len(choice.places) - len(closed)
        return [*problems, f"{workspace.name or 'Slack'}: {n_open} of {len(choice.places)} channels can be read."]

    def _closed_channels(self, choice: Choice) -> tuple[list[Place], bool]:
        """Channels that the app cannot read without being invited, and whether it gets narrow pages."""
        closed: list[Place] = []
        is_narrow = False
        asked = [one for one in choice.places if not one.is_member][:MOST_ASKED] or list(choice.places[:1])
        for place in asked:
            try:
                page = self._client.history(place.key)
            except SlackError as error:
                if error.code not in ("not_in_channel", "channel_not_found"):
                    raise
                closed.append(place)
            else:
                is_narrow = is_narrow or (len(page.items) == NARROW_PAGE and not page.is_last)
        return closed, is_narrow

    def _listed(self) -> Iterator[Page]:
        if sentences := missing_channels(self._choice):
            raise BadPayload(sentences, retry_at=self._client.http.later() + LOOK_AGAIN)
        yield Page((), (), {}, is_last=True)

    def _people(self, cursor: Cursor, now: datetime) -> Iterator[Page]:
        """Names change without a trace in the messages, so everybody is read; those unknown here are left out."""
        at, n_pages = str(cursor.get("at", "")), int(cursor.get("pages", 0))
        is_large = not at and n_pages > FEW_PAGES
        if is_large and cursor.get("read_on") == now.date().isoformat():
            yield Page((), (), cursor, is_last=True)
            return
        n_pages = n_pages if at else 0
        while True:
            requests = self._client.http.requests
            page = self._client.people(at)
            if page.next_cursor and page.next_cursor == at:
                raise self._client.circle()
            at, n_pages = page.next_cursor, n_pages + 1
            found = (slack_items.person(item, with_address=self._with_address) for item in page.items)
            accounts = tuple(one for one in found if one is not None)
            after: Cursor = {"at": at, "pages": n_pages, "read_on": now.date().isoformat()}
            requests = self._client.http.requests - requests
            yield Page((), (), after, not at, requests, accounts=accounts)
            if not at:
                return


def missing_channels(choice: Choice) -> str:
    """A sentence for the listed channels that are not there, "" when all are."""
    if not choice.missing:
        return (
            "" if choice.places else "The app is in no channel yet: invite it to the channels that are to be imported."
        )
    names = ", ".join(f"“{name}”" for name in choice.missing)
    return (
        f"The workspace has no public channel {names}: correct the option “channels” of this source, or make the "
        "channel public."
    )
