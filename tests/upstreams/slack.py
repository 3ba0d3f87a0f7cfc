"""A Slack workspace: channels, messages, threads and people, with its cursors, its limits and its `ok: false`."""

import base64
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from tests.upstreams.server import Reply, Request

Item = dict[str, Any]
SCOPES = "channels:read,channels:history,users:read"


class SlackWorld:
    """What is in the workspace. Objects are plain dicts in the API's form; change them at will between calls.

    `page_size` caps what a call brings; `empty_pages` puts so many empty pages with a cursor before each next one;
    `budget` is how many calls of each method are answered before one 429; `errors` answers a method's calls for a
    channel ("" for any) with that word.
    """

    def __init__(self) -> None:
        self.channels: dict[str, Item] = {}
        self.messages: dict[str, list[Item]] = {}
        self.people: dict[str, Item] = {}
        self.token = ""
        self.scopes = SCOPES
        self.page_size = 1_000
        self.empty_pages = 0
        self.budget: int | None = None
        self.errors: dict[tuple[str, str], Item] = {}
        self.is_limited = False
        self.posted, self.now = 0, 1_790_000_000

    def add_channel(self, name: str, **fields: Any) -> str:
        key = f"C{len(self.channels) + 1:08}"
        base = {"id": key, "name": name, "is_archived": False, "is_private": False, "is_member": True}
        self.channels[key] = {**base, **fields}
        self.messages[key] = []
        return key

    def add_person(self, name: str, **fields: Any) -> str:
        key = f"U{len(self.people) + 1:08}"
        profile = {"display_name": name, "real_name": name.title(), "email": f"{name}@secret.example"}
        self.people[key] = {"id": key, "name": name, "deleted": False, "is_bot": False, "profile": profile, **fields}
        return key

    def say(self, channel: str, user: str, ts: str, *, thread: str = "", **fields: Any) -> Item:
        """A message, or a reply below the message at `thread`."""
        item: Item = {"type": "message", "user": user, "text": "hello", "ts": ts, **fields}
        if thread:
            item["thread_ts"] = thread
            if root := self.find(channel, thread):
                root["thread_ts"] = thread
        self.messages[channel].append(item)
        return item

    def find(self, channel: str, ts: str) -> Item | None:
        return next((one for one in self.messages[channel] if one["ts"] == ts), None)

    def delete(self, channel: str, ts: str) -> None:
        """As Slack does: the opener of a thread stays as a tombstone, everything else leaves no trace."""
        item = self.find(channel, ts)
        assert item is not None
        if item.get("thread_ts") == ts and self.below(channel, ts):
            item.update(subtype="tombstone", user="USLACKBOT", text="This message was deleted.", hidden=True)
        else:
            self.messages[channel].remove(item)

    def below(self, channel: str, ts: str) -> list[Item]:
        """The replies of a thread, oldest first."""
        found = [one for one in self.messages[channel] if one.get("thread_ts") == ts and one["ts"] != ts]
        return sorted(found, key=lambda one: str(one["ts"]))


class SlackApp:
    """Answers calls from a world."""

    def __init__(self, world: SlackWorld) -> None:
        self.world = world
        self.counts: dict[str, int] = {}
        self._methods = {
            "auth.test": self._auth,
            "conversations.list": self._channels,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "users.list": self._people,
            "users.info": self._person,
            "chat.postMessage": self._post,
        }

    def respond(self, request: Request) -> Reply:
        method = request.path.removeprefix("/")
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            request = replace(request, query={**request.query, **dict(parse_qsl(request.body.decode()))})
        if refused := self._refused(request, method):
            return refused
        if method not in self._methods:
            return _no("unknown_method")
        return self._methods[method](request)

    def _refused(self, request: Request, method: str) -> Reply | None:
        world = self.world
        if world.token and request.headers.get("authorization") != f"Bearer {world.token}":
            return _no("invalid_auth" if request.headers.get("authorization") else "not_authed")
        self.counts[method] = self.counts.get(method, 0) + 1
        if world.budget is not None and self.counts[method] > world.budget:
            self.counts[method] = 0
            return Reply(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "30"})
        channel = request.query.get("channel", "")
        error = world.errors.get((method, channel)) or world.errors.get((method, ""))
        return Reply(200, {"ok": False, **error}) if error else None

    def _auth(self, request: Request) -> Reply:
        data = {"ok": True, "url": "https://acme.slack.com/", "team": "Acme", "team_id": "T1", "user_id": "U1"}
        return Reply(200, data, {"X-OAuth-Scopes": self.world.scopes})

    def _channels(self, request: Request) -> Reply:
        return self._listed(request, "channels", list(self.world.channels.values()), 200)

    def _people(self, request: Request) -> Reply:
        return self._listed(request, "members", list(self.world.people.values()), 200)

    def _person(self, request: Request) -> Reply:
        person = self.world.people.get(request.query.get("user", ""))
        return Reply(200, {"ok": True, "user": person}) if person else _no("user_not_found")

    def _post(self, request: Request) -> Reply:
        """A message of blocks; what is too large is refused as Slack refuses it."""
        said = json.loads(request.body or b"{}")
        channel, blocks = str(said.get("channel", "")), said.get("blocks") or []
        if channel not in self.world.channels:
            return _no("channel_not_found")
        texts = [block["text"]["text"] for block in blocks]
        if len(blocks) > 50 or any(len(text) > 3000 for text in texts):
            return _no("invalid_blocks")
        self.world.posted += 1
        ts = f"{self.world.now + self.world.posted}.000100"
        self.world.say(channel, "UBOT", ts, blocks=blocks, text=said.get("text", ""))
        return Reply(200, {"ok": True, "channel": channel, "ts": ts})

    def _listed(self, request: Request, key: str, items: list[Item], most: int) -> Reply:
        """A page by position; empty ones before it count their turns in the cursor."""
        try:
            start, turn = _place(request.query, "0")
        except ValueError:
            return _no("invalid_cursor")
        size = min(int(request.query.get("limit", 100)), self.world.page_size, most)
        if int(start) and turn < self.world.empty_pages:
            return _page(key, [], _cursor(start, turn + 1))
        there = items[int(start) : int(start) + size]
        following = int(start) + size
        return _page(key, there, _cursor(str(following)) if following < len(items) else "")

    def _history(self, request: Request) -> Reply:
        """Newest first, without replies unless they were sent to the channel too; the cursor is a time."""
        channel = request.query.get("channel", "")
        if channel not in self.world.channels:
            return _no("channel_not_found")
        found = [one for one in self.world.messages[channel] if _is_in_channel(one)]
        found = [self._with_thread(channel, one) for one in sorted(found, key=_time, reverse=True)]
        reply = self._timed(request, found, is_upward=False)
        return Reply(200, {**reply.data, "is_limited": True}) if self.world.is_limited and reply.data["ok"] else reply

    def _replies(self, request: Request) -> Reply:
        channel, ts = request.query.get("channel", ""), request.query.get("ts", "")
        root = self.world.find(channel, ts) if channel in self.world.channels else None
        if root is None:
            return _no("thread_not_found")
        return self._timed(request, [root, *self.world.below(channel, ts)], is_upward=True, first=root)

    def _timed(self, request: Request, items: list[Item], *, is_upward: bool, first: Item | None = None) -> Reply:
        query = request.query
        try:
            place, turn = _place(query, "")
        except ValueError:
            return _no("invalid_cursor")
        oldest, latest = query.get("oldest", ""), query.get("latest", "")
        found = [one for one in items if (not oldest or _after(one, oldest)) and (not latest or _before(one, latest))]
        if place:
            found = [one for one in found if (_after if is_upward else _before)(one, place)]
        size = min(int(query.get("limit", 100)), self.world.page_size)
        if place and turn < self.world.empty_pages:
            return _page("messages", [], _cursor(place, turn + 1))
        there = found[:size]
        cursor = _cursor(str(there[-1]["ts"])) if len(found) > size else ""
        return _page("messages", [first, *there] if first and first not in there else there, cursor)

    def _with_thread(self, channel: str, item: Item) -> Item:
        below = self.world.below(channel, str(item["ts"])) if item.get("thread_ts") == item["ts"] else []
        if not below:
            return {name: value for name, value in item.items() if name != "thread_ts" or value != item["ts"]}
        users = sorted({str(one.get("user")) for one in below})
        return {**item, "reply_count": len(below), "latest_reply": below[-1]["ts"], "reply_users": users}


def _no(error: str, **fields: Any) -> Reply:
    return Reply(200, {"ok": False, "error": error, **fields})


def _page(key: str, items: list[Any], cursor: str) -> Reply:
    return Reply(200, {"ok": True, key: items, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}})


def _cursor(place: str, turn: int = 0) -> str:
    return base64.b64encode(f"next:{place}:{turn}".encode()).decode()


def _place(query: Mapping[str, str], default: str) -> tuple[str, int]:
    if not query.get("cursor"):
        return default, 0
    word, place, turn = base64.b64decode(query["cursor"], validate=True).decode().split(":")
    if word != "next":
        raise ValueError(word)
    return place, int(turn)


def _is_in_channel(item: Item) -> bool:
    return item.get("thread_ts") in (None, item["ts"]) or item.get("subtype") == "thread_broadcast"


def _time(item: Item) -> str:
    return str(item.get("ts", ""))


def _after(item: Item, ts: str) -> bool:
    return _time(item) > ts


def _before(item: Item, ts: str) -> bool:
    return _time(item) < ts
