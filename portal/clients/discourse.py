"""A Discourse forum's public lists: posts newest first, categories, one topic; and how it says "slow down"."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from portal.clients.errors import BadPayload
from portal.clients.gate import FORUM, FORUM_WITH_KEY, Quota
from portal.clients.http import HttpClient, Limits, Surroundings, clean_token
from portal.clients.waiting import as_seconds, capped, retry_after

WINDOW = 50
PAGE = 20
PROXY_SECONDS = 10.0


class DiscourseLimits:
    """429 with `extras.wait_seconds` from Discourse itself, or a bare one from the proxy before it."""

    def wait(self, status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> float | None:
        if status != 429:
            return None
        asked = [seconds for seconds in (_wait_seconds(body), retry_after(headers, now)) if seconds is not None]
        return max(asked) if asked else PROXY_SECONDS

    def pause(self, headers: Mapping[str, str], now: datetime) -> float | None:
        return None

    def quota(self, headers: Mapping[str, str], now: datetime) -> Quota | None:
        return None


def _wait_seconds(body: bytes) -> float | None:
    try:
        extras = json.loads(body)["extras"]
        seconds = as_seconds(extras["wait_seconds"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    return None if seconds is None else capped(seconds)


class DiscourseClient:
    """One forum. Without a key it sees what every visitor sees; with one, what the key's user sees."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str = "",
        username: str = "system",
        user_agent: str,
        allowed_private_hosts: tuple[str, ...] = (),
        limits: Limits | None = None,
        surroundings: Surroundings | None = None,
    ) -> None:
        token = clean_token(token)
        headers = {"Api-Key": token, "Api-Username": username} if token else {}
        self.has_key = bool(token)
        self.http = HttpClient(
            base_url,
            user_agent=user_agent,
            headers=headers,
            has_secret=bool(token),
            allowed_private_hosts=allowed_private_hosts,
            policy=DiscourseLimits(),
            paces=FORUM_WITH_KEY if token else FORUM,
            limits=limits,
            surroundings=surroundings,
        )

    def close(self) -> None:
        self.http.close()

    def posts(self, before: int | None = None) -> list[Any]:
        """Up to 50 posts with an id below `before`, newest first; the newest of all without it.

        Older versions answer the window of ids (before - 50, before], so a page may be short or empty in mid-history.
        """
        data = self._object("posts.json", {} if before is None else {"before": str(before)})
        return self._list(data, "latest_posts")

    def categories(self) -> list[Any]:
        """All categories the visitor may see, those inside others too."""
        data = self._object("categories.json", {"include_subcategories": "true"})
        found = self._list(data.get("category_list"), "categories")
        for category in list(found):
            inner = category.get("subcategory_list") if isinstance(category, dict) else None
            found += inner if isinstance(inner, list) else []
        return found

    def category(self, category_id: int) -> dict[str, Any]:
        """One category by id, for those that the list leaves out."""
        found = self._object(f"c/{category_id}/show.json", {}).get("category")
        return found if isinstance(found, dict) else {}

    def create_category(self, *, name: str, parent_id: int, color: str, text_color: str = "FFFFFF") -> dict[str, Any]:
        """Make a category inside another; needs a key. Sent once: when the answer is lost it may have been made.

        PermanentError with status 422 when the name is taken, AuthError without the right to do it.
        """
        asked = {"name": name, "color": color, "text_color": text_color, "parent_category_id": parent_id}
        data = self.http.post("categories.json", asked, is_repeatable=False).data
        found = data.get("category") if isinstance(data, dict) else None
        if not isinstance(found, dict):
            raise BadPayload("The forum's answer holds no category.", retry_at=self.http.later())
        return found

    def latest(self, page: int) -> tuple[list[Any], bool]:
        """A page of topics, most recently active first except for pinned ones, and whether there are more."""
        params = {"order": "activity", "page": str(page), "per_page": "100"}
        listed = self._object("latest.json", params).get("topic_list")
        return self._list(listed, "topics"), bool(isinstance(listed, dict) and listed.get("more_topics_url"))

    def topic(self, topic_id: int, *, near: int | None = None) -> dict[str, Any]:
        """One topic with its first posts, or those around post number `near`, and the ids of all of them."""
        return self._object(f"t/{topic_id}.json" if near is None else f"t/{topic_id}/{near}.json", {})

    def topic_posts(self, topic_id: int, post_ids: Sequence[int]) -> list[Any]:
        """Posts of a topic by their ids, twenty at most, as its page asks for those after the first ones."""
        wanted = urlencode([("post_ids[]", number) for number in post_ids[:PAGE]])
        stream = self._object(f"t/{topic_id}/posts.json?{wanted}", {}).get("post_stream")
        return self._list(stream, "posts")

    def _object(self, path: str, params: Mapping[str, str]) -> dict[str, Any]:
        data = self.http.get(path, params).data
        if not isinstance(data, dict):
            raise BadPayload("The forum sent something else where an object belongs.", retry_at=self.http.later())
        return data

    def _list(self, data: Any, key: str) -> list[Any]:
        found = data.get(key) if isinstance(data, dict) else None
        if not isinstance(found, list):
            raise BadPayload(f"The forum's answer has no list “{key}”.", retry_at=self.http.later())
        return list(found)
