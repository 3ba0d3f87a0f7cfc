"""A site of Stack Exchange: the questions of a tag with what stands below them, quota, backoff and throttling."""

import re
from typing import Any

from tests.upstreams.server import Reply, Request

Item = dict[str, Any]
ERRORS = {
    400: "bad_parameter",
    401: "access_token_required",
    403: "access_denied",
    404: "no_method",
    405: "key_required",
    500: "internal_error",
    502: "throttle_violation",
    503: "temporarily_unavailable",
}


class StackExchangeWorld:
    """What is on the site. Objects are plain dicts in the API's form; change them at will between calls.

    `backoffs` holds seconds to ask for with the next answers of a method; `throttled` answers so many calls with that.
    """

    def __init__(self, site: str = "stackoverflow") -> None:
        self.site = site
        self.questions: dict[int, Item] = {}
        self.answers: dict[int, Item] = {}
        self.comments: dict[int, Item] = {}
        self.key = ""
        self.quota_max = 300
        self.used = 0
        self.backoffs: dict[str, list[int]] = {}
        self.errors: list[tuple[int, str]] = []
        self._number = 100

    def _next(self) -> int:
        self._number += 1
        return self._number

    def add_question(self, owner: Item, at: int, *tags: str, **fields: Any) -> Item:
        number = self._next()
        question = {
            "question_id": number,
            "title": f"How does it work ({number})?",
            "link": f"https://stackoverflow.com/questions/{number}/how",
            "tags": list(tags) or ["acme"],
            "owner": owner,
            "creation_date": at,
            "last_activity_date": at,
            "score": 0,
            "is_answered": False,
            **fields,
        }
        self.questions[number] = question
        return question

    def add_answer(self, question: Item, owner: Item, at: int, **fields: Any) -> Item:
        number = self._next()
        question["last_activity_date"] = max(question["last_activity_date"], at)
        self.answers[number] = {
            "answer_id": number,
            "question_id": question["question_id"],
            "owner": owner,
            "creation_date": at,
            "last_activity_date": at,
            "is_accepted": False,
            "score": 0,
            **fields,
        }
        return self.answers[number]

    def add_comment(self, post: Item, owner: Item, at: int, **fields: Any) -> Item:
        """A comment; nothing of its post shows it."""
        number = self._next()
        post_id = post.get("answer_id") or post["question_id"]
        self.comments[number] = {
            "comment_id": number,
            "post_id": post_id,
            "owner": owner,
            "creation_date": at,
            "edited": False,
            "score": 0,
            **fields,
        }
        return self.comments[number]

    def accept(self, answer: Item) -> None:
        question = self.questions[answer["question_id"]]
        for other in self.answers.values():
            if other["question_id"] == answer["question_id"]:
                other["is_accepted"] = other is answer
        question.update(is_answered=True, accepted_answer_id=answer["answer_id"])

    def remove(self, item: Item) -> None:
        """Delete a post or comment: it vanishes, and so does all below it."""
        number = next(item[name] for name in ("comment_id", "answer_id", "question_id") if name in item)
        for shelf in (self.questions, self.answers, self.comments):
            shelf.pop(number, None)
        for below in [*self.answers.values(), *self.comments.values()]:
            is_answer = "answer_id" not in item and below.get("question_id") == number
            if is_answer or below.get("post_id") == number:
                self.remove(below)

    def ids(self) -> set[str]:
        return {
            *(f"question:{number}" for number in self.questions),
            *(f"answer:{number}" for number in self.answers),
            *(f"comment:{number}" for number in self.comments),
        }


class StackExchangeApp:
    """Answers calls from a world, as /2.3 does."""

    def __init__(self, world: StackExchangeWorld) -> None:
        self.world = world

    def respond(self, request: Request) -> Reply:
        world = self.world
        if world.errors:
            return error(*world.errors.pop(0))
        if request.query.get("site") != world.site:
            return error(400, f"No site found for name `{request.query.get('site')}`")
        if "key" in request.query and request.query["key"] != world.key:
            return error(400, "`key` doesn't match a known application")
        world.used += 1
        most = 10_000 if world.key and request.query.get("key") == world.key else world.quota_max
        if world.used > most:
            return error(502, "too many requests from this IP, more requests available in 41000 seconds")
        found = self._find(request)
        if found is None:
            return error(404, "no method found with this name")
        method, items = found
        page, size = int(request.query.get("page", 1)), int(request.query.get("pagesize", 30))
        if size > 100 or (page > 25 and not request.query.get("key")):
            return error(403 if page > 25 else 400, "page above 25 requires access token or app key")
        shown = items[(page - 1) * size : page * size]
        data: Item = {"items": shown, "has_more": len(items) > page * size}
        data |= {"quota_max": most, "quota_remaining": most - world.used}
        if world.backoffs.get(method):
            data["backoff"] = world.backoffs[method].pop(0)
        return Reply(200, data)

    def _find(self, request: Request) -> tuple[str, list[Item]] | None:
        match = re.fullmatch(r"/(questions|answers)(?:/([\d;]+)/(answers|comments))?", request.path)
        if match is None:
            return None
        ids = [int(one) for one in (match[2] or "").split(";") if one]
        if len(ids) > 100:
            return None
        if match[2] is None:
            return ("questions", self._tagged(request)) if match[1] == "questions" else None
        shelf = self.world.answers if match[3] == "answers" else self.world.comments
        field = "question_id" if match[3] == "answers" else "post_id"
        below = [one for one in shelf.values() if one.get(field) in ids]
        return f"{match[1]}/{match[3]}", _ordered(below, request)

    def _tagged(self, request: Request) -> list[Item]:
        wanted = set(request.query.get("tagged", "").split(";")) - {""}
        found = [one for one in self.world.questions.values() if wanted <= set(one.get("tags", []))]
        counts = dict.fromkeys(self.world.questions, 0)
        for answer in self.world.answers.values():
            counts[answer["question_id"]] = counts.get(answer["question_id"], 0) + 1
        return _ordered([{"answer_count": counts.get(one.get("question_id"), 0), **one} for one in found], request)


def _ordered(items: list[Item], request: Request) -> list[Item]:
    field = {"creation": "creation_date", "activity": "last_activity_date", "votes": "score"}
    by = field[request.query.get("sort", "activity")]
    low, high = int(request.query.get("min", 0)), int(request.query.get("max", 2**40))
    within = [one for one in items if low <= int(one.get(by) or 0) <= high]
    return sorted(within, key=lambda one: int(one.get(by) or 0), reverse=request.query.get("order", "desc") == "desc")


def error(number: int, message: str, status: int = 400) -> Reply:
    """An error as the service sends it: HTTP 400, and what it is in `error_id`."""
    return Reply(status, {"error_id": number, "error_name": ERRORS.get(number, "?"), "error_message": message})
