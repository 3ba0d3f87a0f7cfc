"""Imports a tag of a Stack Exchange site: questions, answers and comments, all of it every time.

Comments move no date, and deleted posts vanish without a trace: the whole tag is read again, what is unchanged is
skipped by its hash, and what is missing is deleted. A tag of six hundred questions takes some thirty calls.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning, epochs, stackexchange_items
from dashboard.importers.records import ChannelRecord, Complete, Cursor, Page, Record, Rejected, SourceConfig
from dashboard.importers.stackexchange_items import title_of
from dashboard.importers.stackexchange_round import CURSOR_VERSION, Round, Step
from portal.clients.errors import BadPayload, ClientError
from portal.clients.stackexchange import ANSWERS, Listing, StackExchangeClient
from portal.clients.surroundings import Surroundings

POSTS: Final = "posts"
_BELOW: Final = (kinds.ANSWER, kinds.COMMENT)


class StackExchangeImporter:
    """One channel, the tag, with the stream of all its posts."""

    def __init__(self, config: SourceConfig, client: StackExchangeClient | None = None) -> None:
        self._site = config.options.get("site", "").strip().lower()
        self._tag = config.options.get("tag", "").strip().lower()
        self._client = client or StackExchangeClient(
            config.base_url,
            site=self._site,
            key=config.token,
            user_agent=config.user_agent,
            allowed_private_hosts=config.allowed_private_hosts,
            surroundings=Surroundings(gate=config.gate),
        )

    def close(self) -> None:
        self._client.close()

    def channels(self) -> Iterator[ChannelRecord]:
        url = stackexchange_items.tag_url(self._site, self._tag)
        yield ChannelRecord(key=f"tag:{self._tag}"[:120], name=self._tag, kind="tag", url=url, streams=(POSTS,))

    def pages(
        self, channel_key: str, channel_name: str, stream: str, cursor: Cursor, *, now: datetime
    ) -> Iterator[Page]:
        """One reading of the tag, or the rest of an interrupted one."""
        self._client.remember(cursor.get("manners"))
        progress = Round.from_cursor(cursor)
        while True:
            requests = self._client.http.requests
            if progress.steps:
                page = self._below(progress, now)
            elif progress.is_group_full:
                page = _whole_threads(progress)
            elif progress.is_listed:
                yield self._finished(progress, page=Page((), (), {}, True))
                return
            else:
                page = self._questions(progress, now)
            yield self._finished(progress, page, self._client.http.requests - requests)

    def probe(self) -> list[str]:
        """Sentences on whether the source can be imported as it is set up; for the one who sets it up."""
        try:
            found = self._client.questions(self._tag, size=1)
        except ClientError as error:
            return [error.sentence]
        sentences = []
        if not found.items:
            sentences.append(f"No question on {self._site} has the tag “{self._tag}”: is it written as on the site?")
        if self._client.quota is not None:
            left, most = self._client.quota
            sentences.append(f"{left} of {most} calls are left today; a tag of 600 questions takes about 30.")
        if not self._client.has_key:
            sentences.append(
                "No key is set: 300 calls a day are shared with everybody at this server's address. Register an "
                "application at stackapps.com and set its key as this source's token: that allows 10,000."
            )
        return sentences

    def _finished(self, progress: Round, page: Page, requests: int = 0) -> Page:
        after: Cursor = {"version": CURSOR_VERSION, "manners": self._client.kept()}
        if not page.is_last:
            after["round"] = progress.as_cursor()
        orphaned = tuple(record.external_id for record in page.records if record.account is None)
        return replace(page, cursor=after, requests=requests, orphaned=orphaned)

    def _questions(self, progress: Round, now: datetime) -> Page:
        """The next list of questions: by time, so that nothing slips through when others come or go meanwhile."""
        listed = self._client.questions(self._tag, until=progress.until, page=progress.page)
        times = [when for item in listed.items if (when := _created(item)) is not None]
        if listed.has_more and (not times or (progress.until is not None and max(times) > progress.until)):
            raise self._circle()
        records, rejected = self._normalised(kinds.QUESTION, listed.items, progress, now)
        fresh = _answer_counts(listed.items, progress)
        if listed.has_more and progress.page > 1 and not fresh and not rejected:
            raise self._circle()
        complete = _whole_span(progress, times, is_end=not listed.has_more)
        progress.list_on(times, is_end=not listed.has_more)
        progress.counts |= fresh
        progress.open_group()
        return Page(records, rejected, {}, False, complete=complete)

    def _below(self, progress: Round, now: datetime) -> Page:
        """A page of answers or comments of the group."""
        step = progress.steps[0]
        listed = self._client.below(step.method, step.ids, page=step.page)
        kind = kinds.ANSWER if step.method == ANSWERS else kinds.COMMENT
        records, rejected = self._normalised(kind, listed.items, progress, now)
        came = [*(one.external_id for one in records), *(one.external_id for one in rejected)]
        if listed.has_more and set(came) <= set(progress.seen):
            raise self._circle()
        progress.seen = list(dict.fromkeys([*progress.seen, *came]))
        if kind == kinds.ANSWER:
            progress.answers |= _answers(listed.items, progress)
        _advance(progress, step, listed)
        return Page(records, rejected, {}, False)

    def _normalised(
        self, kind: str, items: list[Any], progress: Round, now: datetime
    ) -> tuple[tuple[Record, ...], tuple[Rejected, ...]]:
        threads = progress.by_post()
        found = [stackexchange_items.normalise(kind, item, site=self._site, threads=threads, now=now) for item in items]
        records: dict[str, Record] = {one.external_id: one for one in found if isinstance(one, Record)}
        rejected: dict[str, Rejected] = {one.external_id: one for one in found if isinstance(one, Rejected)}
        return tuple(records.values()), tuple(rejected.values())

    def _circle(self) -> BadPayload:
        return BadPayload(
            "Stack Exchange sends the same page again instead of the next one: reading was stopped.",
            retry_at=self._client.http.later(),
        )


def _advance(progress: Round, step: Step, listed: Listing) -> None:
    if listed.has_more:
        step.page += 1
        return
    progress.steps.pop(0)
    if step.method == ANSWERS:
        progress.close_answers()


def _whole_span(progress: Round, times: list[int], *, is_end: bool) -> tuple[Complete, ...]:
    """The time in which this list shows every question: what is stored there and was not listed is gone.

    Nothing is known of a list out of order, nor of a tag that shows nothing at all: that is a mistake more often than
    the truth. The second that a page ends in may go on in the next one.
    """
    if times != sorted(times, reverse=True) or (progress.until is None and not times):
        return ()
    since = cleaning.EARLIEST if is_end or not times else _at(times[-1] + 1)
    before = None if progress.until is None else _at(progress.until + (progress.page == 1))
    if before is not None and since >= before:
        return ()
    return (Complete((kinds.QUESTION,), since, before, takes_thread=True),)


def _whole_threads(progress: Round) -> Page:
    """All below the questions of the group has come: whatever else is stored there is gone."""
    complete = tuple(
        Complete(_BELOW, cleaning.EARLIEST, thread=stackexchange_items.thread_key(number))
        for number in progress.threads
    )
    present = tuple(progress.seen)
    progress.close_group()
    return Page((), (), {}, False, complete=complete, present=present)


def _created(item: Any) -> int | None:
    found = epochs.moment(item.get("creation_date")) if isinstance(item, dict) else None
    return None if found is None else int(found.timestamp())


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _answer_counts(items: list[Any], progress: Round) -> dict[int, int]:
    """How many answers each question has that the group does not hold yet; they are in it from now on."""
    fresh: dict[int, int] = {}
    for item in items:
        number = cleaning.whole_number(item.get("question_id")) if isinstance(item, dict) else None
        if number is not None and number > 0 and number not in progress.threads:
            told = cleaning.whole_number(item.get("answer_count"))
            fresh[number] = 1 if told is None else max(told, 0)
            progress.threads[number] = title_of(item)
    return fresh


def _answers(items: list[Any], progress: Round) -> dict[int, int]:
    found: dict[int, int] = {}
    for item in items:
        answer, question = (
            cleaning.whole_number(item.get(name)) if isinstance(item, dict) else None
            for name in ("answer_id", "question_id")
        )
        if answer is not None and question in progress.threads:
            found[answer] = question or 0
    return found
