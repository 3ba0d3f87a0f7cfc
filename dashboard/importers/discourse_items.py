"""What Discourse's objects mean: pure functions from any JSON to a record, a dead letter or nothing."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dashboard import kinds
from dashboard.importers import cleaning
from dashboard.importers.cleaning import BadItem
from dashboard.importers.records import Account, ChannelRecord, Record, Rejected

FORUM_KEY: Final = "forum"
POSTS: Final = "posts"
_LIKE: Final = 2
_WRITTEN_TYPES: Final = frozenset({1, 2})  # ordinary posts and moderators' notes; 3 is "closed this", 4 a whisper


@dataclass(frozen=True, slots=True)
class Category:
    """A category as far as posts need it."""

    id: int
    name: str
    slug: str
    parent_id: int | None
    is_restricted: bool


@dataclass(frozen=True, slots=True)
class Forum:
    """What is known of a forum when its posts are read: pure data, so that `normalise` stays pure.

    `is_open` is a reading without a key: everything seen then is public, also in a category that is not listed.
    """

    url: str
    categories: Mapping[int, Category]
    support_ids: frozenset[int]
    is_open: bool = True

    def shows(self, category_id: int | None) -> bool:
        """Whether posts of this category may be imported: the portal is public, so the category must be."""
        if category_id is None:
            return self.is_open
        category = self.categories.get(category_id)
        return self.is_open if category is None else not category.is_restricted


def categories(items: Iterable[Any]) -> dict[int, Category]:
    """The categories of an answer by id, without what is none."""
    found = (_category(item) for item in items if isinstance(item, Mapping))
    return {category.id: category for category in found if category is not None}


def _category(item: Mapping[str, Any]) -> Category | None:
    number = cleaning.whole_number(item.get("id"))
    if number is None:
        return None
    slug = _slug(item.get("slug"))
    return Category(
        id=number,
        name=cleaning.text(item.get("name"), cleaning.NAME_LIMIT) or slug or str(number),
        slug=slug,
        parent_id=cleaning.whole_number(item.get("parent_category_id")),
        is_restricted=item.get("read_restricted") is True,
    )


def support_ids(found: Mapping[int, Category], option: str) -> frozenset[int]:
    """Ids of the support categories and of those inside them: the listed slugs or ids, else "support" in the slug."""
    listed = {part.strip().lower() for part in option.split(",") if part.strip()}

    def is_named(category: Category) -> bool:
        if listed:
            return str(category.id) in listed or category.slug.lower() in listed
        return "support" in category.slug.lower()

    chosen = {category.id for category in found.values() if is_named(category)}
    inside = {category.id for category in found.values() if category.parent_id in chosen}
    return frozenset(chosen | inside)


def category_channel(category: Category, forum_url: str) -> ChannelRecord:
    """A category as a channel: its posts come with the forum's own stream."""
    url = f"{forum_url}/c/{category.slug or '-'}/{category.id}"
    return ChannelRecord(key=str(category.id), name=category.name, kind="category", url=url)


def normalise(item: Any, *, forum: Forum, now: datetime) -> Record | Rejected | None:
    """One post. None for deleted, hidden and private ones and for the forum's own notes.

    All posts of a topic share the thread "topic:<id>"; the first of them (post number 1) is its topic or question, so
    the asker of an answer is the author of the row of that kind in the thread.
    """
    try:
        if not isinstance(item, Mapping):
            raise BadItem("the post is no object")
        if not _is_shown(item) or not forum.shows(cleaning.whole_number(item.get("category_id"))):
            return None
        return _record(item, forum, now)
    except BadItem as problem:
        return cleaning.rejected("post", item, str(problem))


def _is_shown(item: Mapping[str, Any]) -> bool:
    is_gone = bool(item.get("user_deleted") or item.get("hidden") or item.get("deleted_at"))
    is_private = item.get("archetype") == "private_message" or item.get("topic_archetype") == "private_message"
    kind = cleaning.whole_number(item.get("post_type"))
    return not is_gone and not is_private and (kind is None or kind in _WRITTEN_TYPES)


def _record(item: Mapping[str, Any], forum: Forum, now: datetime) -> Record:
    own_id, topic_id = cleaning.required_id(item), cleaning.required_id(item, "topic_id")
    post_number = cleaning.required_id(item, "post_number")
    occurred_at, is_clamped = cleaning.clamped(cleaning.required_moment(item, "created_at"), now)
    category_id = cleaning.whole_number(item.get("category_id"))
    is_accepted = item.get("accepted_answer") is True and post_number > 1
    return Record(
        external_id=f"post:{own_id}",
        kind=_kind(post_number, category_id in forum.support_ids),
        occurred_at=occurred_at,
        account=account_of(item, forum.url),
        state=kinds.STATE_ACCEPTED if is_accepted else kinds.STATE_NONE,
        thread=f"topic:{topic_id}",
        title=cleaning.text(item.get("topic_title")),
        url=f"{forum.url}/t/{_slug(item.get('topic_slug')) or '-'}/{topic_id}/{post_number}",
        source_updated_at=cleaning.past_moment(item.get("updated_at"), now),
        likes=_likes(item.get("actions_summary")),
        channel_key=str(category_id) if category_id in forum.categories else "",
        is_clamped=is_clamped,
    )


def _kind(post_number: int, is_support: bool) -> str:
    """By the category alone: a kind never changes, and an acceptance that came later would have to change it."""
    if post_number == 1:
        return kinds.QUESTION if is_support else kinds.TOPIC
    return kinds.ANSWER if is_support else kinds.POST


def account_of(item: Mapping[str, Any], forum_url: str) -> Account | None:
    """The author; None for a deleted one. Ids below zero are the forum itself (-1) and its bots (-2)."""
    if "user_id" not in item:
        raise BadItem("“user_id” is missing")
    if item["user_id"] is None:
        return None
    number = cleaning.whole_number(item["user_id"])
    if number is None:
        raise BadItem("“user_id” is no whole number")
    username = cleaning.text(item.get("username"), cleaning.NAME_LIMIT)
    return Account(
        uid=str(number),
        username=username,
        name=cleaning.text(item.get("name"), cleaning.NAME_LIMIT),
        is_bot=number < 0 or item.get("is_system") is True or item.get("is_bot") is True,
        url=f"{forum_url}/u/{username}" if re.fullmatch(r"[\w.-]+", username) else "",
    )


def _likes(summary: Any) -> int:
    actions = [one for one in summary if isinstance(one, Mapping)] if isinstance(summary, list) else []
    counts = [cleaning.whole_number(one.get("count")) for one in actions if one.get("id") == _LIKE]
    return min(max([0, *(count for count in counts if count is not None)]), 2**31 - 1)


def _slug(value: Any) -> str:
    return value[:200] if isinstance(value, str) and re.fullmatch(r"[\w%-]+", value) else ""
