"""What the forum knows of a thread: asked through its API, told as plain values for the rules."""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from meetups.checking.interest import Thread
from meetups.checking.threads import (
    Poster,
    ancestry,
    is_below,
    posters_of,
    root_path_of,
)
from portal.clients.discourse import PAGE, DiscourseClient
from portal.clients.errors import AuthError, ClientError, ForbiddenAddress, PermanentError
from portal.clients.http import Limits

#: Pages of posts read after the first; more people than that need not be counted.
MOST_PAGES = 10
LIMITS = Limits(total_seconds=15.0, read_seconds=10.0, connect_seconds=5.0)
LATER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the thread, or a sentence why not (`lost`: it is not there; `trouble`: nobody knows)."""

    thread: Thread | None = None
    lost: str = ""
    trouble: str = ""
    retry_at: datetime | None = None


def forum_url() -> str:
    """The base address of the community's forum, or ""."""
    return str(settings.COMMUNITY.links.get("forum") or "").rstrip("/")


def forum_site() -> str:
    """How identities name the forum."""
    return urlsplit(forum_url()).netloc.rpartition("@")[2].lower()


def read_thread(topic_id: int, *, now: datetime) -> Answer:
    """Ask the forum for a topic, its people and its category. Never raises for what the forum does."""
    client = DiscourseClient(
        forum_url(),
        user_agent=settings.USER_AGENT,
        allowed_private_hosts=tuple(settings.ALLOWED_PRIVATE_HOSTS),
        limits=LIMITS,
    )
    with closing(client):
        try:
            topic = client.topic(topic_id)
        except ClientError as error:
            return _lost(client, error, now) if _is_refusal(error) else _passing(error, now)
        if not _is_topic(topic):
            return Answer(trouble=_("The forum could not be asked just now."), retry_at=now + LATER)
        thread, trouble = _thread_of(topic), Answer()
        if thread.is_deleted:
            return Answer(thread)
        try:
            thread = _with_posters(client, topic_id, topic, thread)
            thread = _with_category(client, topic, thread)
        except ClientError as error:
            trouble = _passing(error, now)
        return replace(trouble, thread=thread)


def _is_topic(topic: dict[str, Any]) -> bool:
    """A forum that is being repaired may answer 200 with an object that says nothing of the thread."""
    stream = topic.get("post_stream")
    return bool(topic.get("deleted_at")) or (isinstance(stream, dict) and isinstance(stream.get("posts"), list))


def _is_refusal(error: ClientError) -> bool:
    return isinstance(error, PermanentError) and error.status in {403, 404, 410}


def _lost(client: DiscourseClient, error: ClientError, now: datetime) -> Answer:
    """A thread is lost only at a forum that answers otherwise: a proxy that shuts us out says 403 and 404 to all."""
    try:
        client.categories()
    except ClientError as broken:
        return _passing(broken, now)
    if isinstance(error, AuthError):
        return Answer(lost=_("The thread is not public: only who signs in at the forum can read it."))
    return Answer(lost=_("The forum does not have this thread, or no longer."))


def _passing(error: ClientError, now: datetime) -> Answer:
    if isinstance(error, ForbiddenAddress):
        return Answer(trouble=_("The forum pointed to another address, and the link was not followed."))
    if isinstance(error, PermanentError):
        return Answer(trouble=_("The forum refused the question (status %(status)s).") % {"status": error.status})
    retry_at = max(error.retry_at or now, now + LATER)
    return Answer(trouble=_("The forum could not be asked just now."), retry_at=retry_at)


def _thread_of(topic: dict[str, Any]) -> Thread:
    title = topic.get("title")
    return Thread(
        title=title if isinstance(title, str) else "",
        is_regular=topic.get("archetype", "regular") == "regular",
        is_visible=topic.get("visible") is not False,
        is_deleted=bool(topic.get("deleted_at")),
        is_closed=bool(topic.get("closed")),
        is_archived=bool(topic.get("archived")),
    )


def _with_posters(client: DiscourseClient, topic_id: int, topic: dict[str, Any], thread: Thread) -> Thread:
    """Who wrote: the first posts came with the topic, the others are asked for by their ids, page by page."""
    stream = topic.get("post_stream")
    stream = stream if isinstance(stream, dict) else {}
    posts = _list(stream.get("posts"))
    ids = [number for number in _list(stream.get("stream")) if type(number) is int and number > 0]
    known = {post.get("id") for post in posts if isinstance(post, dict)}
    missing = [number for number in ids if number not in known]
    pages = [missing[start : start + PAGE] for start in range(0, len(missing), PAGE)][:MOST_PAGES]
    for page in pages:
        posts += client.topic_posts(topic_id, page)
    read = len(posts) if not missing else len(ids) - len(missing) + sum(map(len, pages))
    posters: list[Poster] = posters_of(posts)
    return replace(thread, posters=posters, posts=max(len(ids), read), posts_read=read)


def _with_category(client: DiscourseClient, topic: dict[str, Any], thread: Thread) -> Thread:
    """The thread's category by name, and whether it lies in the tree of the International one."""
    link = str(settings.COMMUNITY.links.get("international_forum") or "")
    slugs, number = root_path_of(link) if link else ([], None)
    categories = client.categories()
    category_id = topic.get("category_id")
    chain = ancestry(category_id, categories)
    if not chain and isinstance(category_id, int):
        chain = ancestry(category_id, [*categories, _category(client, category_id)])
    name = chain[0].get("name") if chain else ""
    is_known = bool(slugs or number is not None)
    return replace(
        thread,
        category=name if isinstance(name, str) else "",
        is_international=is_below(chain, slugs, number) if is_known else None,
    )


def _category(client: DiscourseClient, category_id: int) -> dict[str, Any]:
    """A category that the list leaves out; empty when the forum does not show it."""
    try:
        return client.category(category_id)
    except PermanentError:
        return {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, list) else []
