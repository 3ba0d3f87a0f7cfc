"""Imports what people did on the portal itself: meetups organised, groups applied for, applications reviewed,
and the work that was added by hand.

Everything is read each time, newest first, and what did not change is skipped by its hash: there is no watermark that
an edit, a merge of two members or an event that is no longer held could slip past."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from dashboard import kinds
from dashboard.grants import GRANTED_KINDS
from dashboard.importers.portal_facts import DecidedApplication, GrantedWork, HeldEvent, Person
from dashboard.importers.records import Account, ChannelRecord, Complete, Cursor, Page, Record, SourceConfig

CHANNEL_KEY: Final = "meetups"
EVENTS: Final = "events"
APPLICATIONS: Final = "applications"
#: Where work that was added by hand stands, apart from what the portal saw itself.
HAND_KEY: Final = "by-hand"
GRANTS: Final = "grants"
MOST: Final = 500  # events or applications in one page
BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
#: What others may not be told: it counts, without a word of what it was.
STATE_PRIVATE: Final = kinds.STATE_PRIVATE
#: Kinds of events whose work counts for more, by the words the weights know.
LARGE: Final = ("camp", "conference")


class PortalImporter:
    """Two channels: what took place here, and what was added by hand. It makes no request: the facts are handed in."""

    def __init__(self, config: SourceConfig) -> None:
        self._url = config.base_url.rstrip("/")
        self._facts = config.facts

    def close(self) -> None:
        """Nothing is open."""

    def channels(self) -> Iterator[ChannelRecord]:
        yield ChannelRecord(CHANNEL_KEY, "Meetups", "portal", f"{self._url}/meetups/", streams=(EVENTS, APPLICATIONS))
        yield hand_channel(self._url)

    def probe(self) -> list[str]:
        """Nothing can stand in the way: it is this site's own database."""
        return ["The portal reads its own events and applications: no address, no token, no quota."]

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """All of a stream, from where an interrupted reading stopped; the last page leaves a cursor to begin anew."""
        if stream == GRANTS:
            yield self._grants(now)
            return
        if stream == APPLICATIONS:
            yield self._applications(now)
            return
        before = _moment(cursor.get("before"))
        is_last = False
        while not is_last:
            page, before = self._events(before, now)
            is_last = page.is_last
            yield page

    def _events(self, before: datetime | None, now: datetime) -> tuple[Page, datetime]:
        """What is stored of a page's span of time and is not in the page is no longer so."""
        found = self._facts.held(now=now, before=before, most=MOST)
        is_last = len(found) < MOST
        since = BEGINNING if is_last else found[-1].ends_at
        records = tuple(record for event in found for record in normalise_event(event))
        cursor: Cursor = {"read_at": now.isoformat()} if is_last else {"before": since.isoformat()}
        return Page(records, (), cursor, is_last, complete=(Complete((kinds.ORGANISED,), since, before),)), since

    def _applications(self, now: datetime) -> Page:
        """All of them at once: a community decides hundreds a year, not thousands."""
        records = tuple(record for one in self._facts.decided(now=now) for record in normalise_application(one))
        complete = (Complete((kinds.APPLIED, kinds.REVIEWED), BEGINNING),)
        return Page(records, (), {"read_at": now.isoformat()}, True, complete=complete)

    def _grants(self, now: datetime) -> Page:
        """All of them at once: what was taken back since is in it no more."""
        records = tuple(map(normalise_grant, self._facts.granted()))
        complete = (Complete(GRANTED_KINDS, BEGINNING),)
        return Page(records, (), {"read_at": now.isoformat()}, True, complete=complete)


def hand_channel(url: str) -> ChannelRecord:
    """The channel of work added by hand, on the portal with this address."""
    return ChannelRecord(HAND_KEY, "Added by hand", "portal", f"{url}/dashboard/how-credit-works/", streams=(GRANTS,))


def grant_id(key: int) -> str:
    """The id of a grant's contribution within the portal's source."""
    return f"grant:{key}"


def normalise_grant(work: GrantedWork) -> Record:
    """Activity on the day it was done, credit on the day it was confirmed."""
    return Record(
        external_id=grant_id(work.key),
        kind=work.kind,
        state=work.state,
        occurred_at=work.done_at,
        account=account_of(work.person),
        title=work.title,
        url=work.url,
        credited_at=work.confirmed_at,
    )


def normalise_event(event: HeldEvent) -> Iterator[Record]:
    """One record for each who organised it. The key holds when it ended, since the time of a stored row never moves:
    an event whose time is put right later is another row, and the old one goes."""
    state = event.kind if event.kind in LARGE else kinds.STATE_NONE
    for person in _each(event.team):
        yield Record(
            external_id=f"{kinds.ORGANISED}:{event.uid}:{person.key}:{int(event.ends_at.timestamp())}",
            kind=kinds.ORGANISED,
            occurred_at=event.ends_at,
            account=account_of(person),
            state=state,
            thread=f"event:{event.uid}",
            title=event.title,
            url=event.path,
            credited_at=event.ends_at,
        )


def normalise_application(application: DecidedApplication) -> Iterator[Record]:
    """One record for each who applied, on the day it was sent in, and for each who reviewed it, when they last did."""
    told = {one.person.key: one.is_told for one in application.applicants}
    for person in _each([one.person for one in application.applicants]):
        state = kinds.STATE_NONE if told[person.key] else STATE_PRIVATE
        yield _of_application(application, kinds.APPLIED, person, at=application.submitted_at, state=state)
    last = {one.person.key: one.at for one in sorted(application.reviews, key=lambda review: review.at)}
    for person in _each([one.person for one in application.reviews]):
        yield _of_application(application, kinds.REVIEWED, person, at=last[person.key], state=kinds.STATE_NONE)


def _of_application(application: DecidedApplication, kind: str, person: Person, *, at: datetime, state: str) -> Record:
    """Without a title nobody can tell which application it was; who reviewed which is never told."""
    is_told = state != STATE_PRIVATE and kind == kinds.APPLIED
    return Record(
        external_id=f"{kind}:{application.public_id}:{person.key}",
        kind=kind,
        occurred_at=at,
        account=account_of(person),
        state=state,
        thread=f"application:{application.public_id}",
        title=application.title if is_told else "",
        url=application.path if is_told else "",
        credited_at=application.decided_at,
    )


def account_of(person: Person) -> Account | None:
    """A member's own key is their immutable id here; who was erased is nobody."""
    return None if person.is_gone else Account(uid=str(person.key))


def _each(people: Any) -> Iterator[Person]:
    """Everybody once: two seats of one person, once merged, are one."""
    return iter({person.key: person for person in people}.values())


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None
