"""Which answers were accepted: a look through the topics active in the last 90 days, at the end of every import.

Accepting an answer changes neither the order of topics nor the list of newest posts, so nothing else would show it.
A solved topic is read when it is first seen so, again once a day (the acceptance may have moved), and when it is no
longer solved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from dashboard.importers import cleaning
from portal.clients.discourse import DiscourseClient
from portal.clients.errors import PermanentError

LOOK_BACK = timedelta(days=90)
MOST_PAGES = 200
TOPICS_IN_PAGE = 10
UNKNOWN = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """The number of a topic's accepted post (UNKNOWN where the topic does not tell), and the day that was read."""

    number: int
    read_on: str


Solved = dict[int, Solution]


def from_cursor(value: Any) -> Solved:
    """The solved topics by id as a cursor keeps them: {"7": [4, "2026-03-01"]}."""
    found: Solved = {}
    for key, pair in value.items() if isinstance(value, Mapping) else []:
        topic = cleaning.whole_number(key)
        number = cleaning.whole_number(pair[0]) if isinstance(pair, list) and len(pair) == 2 else None
        if topic is not None and number is not None:
            found[topic] = Solution(number, str(pair[1]))
    return found


def as_cursor(solved: Solved) -> dict[str, list[Any]]:
    return {str(key): [solved[key].number, solved[key].read_on] for key in sorted(solved)}


def applied(item: Any, solved: Solved) -> Any:
    """A post with what its topic says about it, where the post itself says nothing."""
    topic = solved.get(cleaning.whole_number(item.get("topic_id")) or 0) if isinstance(item, Mapping) else None
    if topic is None:
        return item
    is_accepted = topic.number != UNKNOWN and cleaning.whole_number(item.get("post_number")) == topic.number
    return {"accepted_answer": is_accepted, **item}


def sweep(client: DiscourseClient, known: Solved, *, today: str) -> Iterator[tuple[list[Any], Solved]]:
    """Posts of topics whose solution is new or may have changed, a few topics at a time, with all known after them.

    A newly solved topic is read at once, and so is one that is solved no longer; the others once a day, since an
    acceptance that moves to another post shows in no list. The last item has no posts and only the topics that are
    still within reach.
    """
    found: Solved = {}
    topics = _solved_topics(client)
    while batch := list(islice(topics, TOPICS_IN_PAGE)):
        fresh = {number: known[number] for number in batch if number in known and known[number].read_on == today}
        posts, read = _read_all(client, [number for number in batch if number not in fresh], known, today)
        found |= fresh | read
        if posts:
            yield posts, known | found
    gone = iter([number for number in known if number not in found])
    while batch := list(islice(gone, TOPICS_IN_PAGE)):
        posts, _ = _read_all(client, batch, known, today)
        if posts:
            yield posts, {number: one for number, one in known.items() if number not in batch} | found
    yield [], found


def _read_all(client: DiscourseClient, numbers: list[int], known: Solved, today: str) -> tuple[list[Any], Solved]:
    posts: list[Any] = []
    solved: Solved = {}
    for number in numbers:
        before = known[number].number if number in known else UNKNOWN
        accepted, of_topic = _read(client, number, before)
        solved[number] = Solution(accepted, today)
        posts += [applied(post, solved) for post in of_topic]
    return posts, solved


def _solved_topics(client: DiscourseClient) -> Iterator[int]:
    """Ids of the solved topics among those active within 90 days of the forum's last activity.

    Pinned topics come out of order, so the end is a page without any such topic. A forum that says nothing of
    solutions (no such plugin, no such list) has none.
    """
    seen: set[int] = set()
    limit: datetime | None = None
    for page in range(MOST_PAGES):
        topics, has_more = _topics(client, page)
        fresh = {number: topic for topic in topics if (number := _id(topic)) and number not in seen}
        if not fresh or not any("has_accepted_answer" in topic for topic in topics):
            return
        yield from (number for number, topic in fresh.items() if topic.get("has_accepted_answer") is True)
        seen |= set(fresh)
        times = [when for when in map(_active_at, topics) if when is not None]
        limit = limit or max(times, default=cleaning.EARLIEST) - LOOK_BACK
        if not has_more or all(when < limit for when in times):
            return


def _topics(client: DiscourseClient, page: int) -> tuple[list[Mapping[str, Any]], bool]:
    try:
        topics, has_more = client.latest(page)
    except PermanentError as error:
        if error.status != 404:
            raise
        return [], False
    return [topic for topic in topics if isinstance(topic, Mapping)], has_more


def _id(topic: Mapping[str, Any]) -> int:
    return cleaning.whole_number(topic.get("id")) or 0


def _active_at(topic: Mapping[str, Any]) -> datetime | None:
    return cleaning.moment(topic.get("bumped_at")) or cleaning.moment(topic.get("created_at"))


def _read(client: DiscourseClient, topic_id: int, before: int) -> tuple[int, list[Any]]:
    """The number of the accepted post, and the posts that matter in the form of posts.json: those around the first,
    the accepted one and the one that was accepted `before`."""
    try:
        topic = client.topic(topic_id)
        posts = _posts(topic)
        number = _accepted_number(topic, posts)
        for wanted in {number, before} - {UNKNOWN}:
            if all(post.get("post_number") != wanted for post in posts):
                posts += _posts(client.topic(topic_id, near=wanted))
    except PermanentError as error:
        if error.status not in (403, 404, 410):
            raise
        return UNKNOWN, []  # deleted or hidden since the list was made
    about = {
        "topic_title": topic.get("title"),
        "topic_slug": topic.get("slug"),
        "category_id": topic.get("category_id"),
        "topic_archetype": topic.get("archetype"),
    }
    return number, [{**about, "topic_id": topic_id, **post} for post in posts]


def _posts(topic: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    stream = topic.get("post_stream")
    posts = stream.get("posts") if isinstance(stream, Mapping) else None
    return [post for post in posts if isinstance(post, Mapping)] if isinstance(posts, list) else []


def _accepted_number(topic: Mapping[str, Any], posts: list[Mapping[str, Any]]) -> int:
    answer = topic.get("accepted_answer")
    told = answer.get("post_number") if isinstance(answer, Mapping) else None
    marked = (post.get("post_number") for post in posts if post.get("accepted_answer") is True)
    return cleaning.whole_number(told) or cleaning.whole_number(next(marked, None)) or UNKNOWN
