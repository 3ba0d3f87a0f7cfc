"""Which answers were accepted: a look through the topics active in the last 90 days, at the end of every import.

Accepting an answer changes neither the order of topics nor the list of newest posts, so nothing else would show it.
Each solved topic is read once.
"""

from collections.abc import Iterator, Mapping
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

# Solved topics by id, with the number of the accepted post; UNKNOWN where the topic does not tell.
Solved = dict[int, int]


def from_cursor(value: Any) -> Solved:
    """The solved topics as a cursor keeps them: JSON has text keys only."""
    pairs = value.items() if isinstance(value, Mapping) else []
    numbers = ((cleaning.whole_number(key), cleaning.whole_number(number)) for key, number in pairs)
    return {key: number for key, number in numbers if key is not None and number is not None}


def as_cursor(solved: Solved) -> dict[str, int]:
    return {str(key): solved[key] for key in sorted(solved)}


def applied(item: Any, solved: Solved) -> Any:
    """A post with what its topic says about it, where the post itself says nothing."""
    number = solved.get(cleaning.whole_number(item.get("topic_id")) or 0) if isinstance(item, Mapping) else None
    if number is None:
        return item
    is_accepted = number != UNKNOWN and cleaning.whole_number(item.get("post_number")) == number
    return {"topic_accepted_answer": True, "accepted_answer": is_accepted, **item}


def sweep(client: DiscourseClient, known: Solved) -> Iterator[tuple[list[Any], Solved]]:
    """Posts of newly solved topics, a few topics at a time, with all that is known after them.

    The last item has no posts and only the topics that are still within reach.
    """
    found: Solved = {}
    topics = _solved_topics(client)
    while batch := list(islice(topics, TOPICS_IN_PAGE)):
        found |= {number: known[number] for number in batch if number in known}
        posts: list[Any] = []
        for number in (one for one in batch if one not in known):
            found[number], of_topic = _read(client, number)
            posts += of_topic
        if posts:
            yield posts, known | found
    yield [], found


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


def _read(client: DiscourseClient, topic_id: int) -> tuple[int, list[Any]]:
    """The number of the accepted post, and the posts that matter in the form of posts.json: the first and that one."""
    try:
        topic = client.topic(topic_id)
        posts = _posts(topic)
        number = _accepted_number(topic, posts)
        if number != UNKNOWN and all(post.get("post_number") != number for post in posts):
            posts += _posts(client.topic(topic_id, near=number))
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
    solved = {topic_id: number}
    return number, [applied({**about, "topic_id": topic_id, **post}, solved) for post in posts]


def _posts(topic: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    stream = topic.get("post_stream")
    posts = stream.get("posts") if isinstance(stream, Mapping) else None
    return [post for post in posts if isinstance(post, Mapping)] if isinstance(posts, list) else []


def _accepted_number(topic: Mapping[str, Any], posts: list[Mapping[str, Any]]) -> int:
    answer = topic.get("accepted_answer")
    told = answer.get("post_number") if isinstance(answer, Mapping) else None
    marked = (post.get("post_number") for post in posts if post.get("accepted_answer") is True)
    return cleaning.whole_number(told) or cleaning.whole_number(next(marked, None)) or UNKNOWN
