"""Where a reading of a whole tag stands: plain state that a cursor holds, and the next question that follows from it.

Questions come newest first, a few hundred at a time; then what stands below them. Each call is a page of its own, since
the service may ask for a pause after any of them and nothing that was read may be lost by it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dashboard.importers import cleaning
from dashboard.importers.records import Cursor
from dashboard.importers.stackexchange_items import Thread
from portal.clients.stackexchange import ANSWER_COMMENTS, ANSWERS, PAGE_SIZE, QUESTION_COMMENTS

CURSOR_VERSION: Final = 1
GROUP_SIZE: Final = 300


@dataclass(slots=True)
class Step:
    """One list still to read below some posts, from a page on."""

    method: str
    ids: list[int]
    page: int = 1


@dataclass(slots=True)
class Round:
    """One reading. `until` (epoch seconds) and `page` are the next list of questions, `steps` what comes before it.

    Of the present group: `threads` the questions with their titles, `counts` how many answers those have of which
    nothing was read yet, `answers` which question each answer belongs to, `seen` the ids of all that came below.
    """

    until: int | None = None
    page: int = 1
    is_listed: bool = False
    threads: dict[int, str] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def from_cursor(cls, cursor: Cursor) -> "Round":
        if cursor.get("version") != CURSOR_VERSION or not isinstance(cursor.get("round"), Mapping):
            return cls()
        stored = cursor["round"]
        return cls(
            until=cleaning.whole_number(stored.get("until")),
            page=max(cleaning.whole_number(stored.get("page")) or 1, 1),
            is_listed=stored.get("is_listed") is True,
            threads={int(key): str(title) for key, title in stored.get("threads", {}).items()},
            counts={int(key): int(number) for key, number in stored.get("counts", {}).items()},
            answers={int(key): int(number) for key, number in stored.get("answers", {}).items()},
            seen=[str(one) for one in stored.get("seen", [])],
            steps=[Step(str(method), [int(one) for one in ids], int(page)) for method, ids, page in stored["steps"]],
        )

    def as_cursor(self) -> Cursor:
        return {
            "until": self.until,
            "page": self.page,
            "is_listed": self.is_listed,
            "threads": {str(key): title for key, title in self.threads.items()},
            "counts": {str(key): number for key, number in self.counts.items()},
            "answers": {str(key): number for key, number in self.answers.items()},
            "seen": list(self.seen),
            "steps": [[step.method, step.ids, step.page] for step in self.steps],
        }

    @property
    def is_group_full(self) -> bool:
        return bool(self.threads) and (self.is_listed or len(self.threads) >= GROUP_SIZE)

    def by_post(self) -> dict[int, Thread]:
        """The question of every post of the group; questions and answers share one row of ids."""
        found = {key: Thread(key, title) for key, title in self.threads.items()}
        return {**found, **{key: found[number] for key, number in self.answers.items() if number in found}}

    def list_on(self, times: list[int], *, is_end: bool) -> None:
        """Go on below the oldest question of a page; by number where all of a page fell into one second, or came out of
        order."""
        self.is_listed = is_end
        is_sorted = times == sorted(times, reverse=True)
        if times and is_sorted and times[-1] != self.until:
            self.until, self.page = times[-1], 1
        else:
            self.page += 1

    def open_group(self) -> None:
        """Read below the questions of a full group: first their answers, so many questions at a time that a page holds
        them."""
        if self.is_group_full and self.counts:
            self.steps = [Step(ANSWERS, ids) for ids in _fitting(self.counts)]
            self.steps += [Step(QUESTION_COMMENTS, ids) for ids in _hundreds(self.counts)]
            self.counts = {}

    def close_answers(self) -> None:
        """When the last page of answers came, the comments on them follow."""
        if all(step.method != ANSWERS for step in self.steps) and self.answers:
            self.steps += [Step(ANSWER_COMMENTS, ids) for ids in _hundreds(self.answers)]

    def close_group(self) -> None:
        self.threads, self.answers, self.seen = {}, {}, []


def _hundreds(numbers: Iterable[int]) -> list[list[int]]:
    found = sorted(numbers)
    return [found[start : start + PAGE_SIZE] for start in range(0, len(found), PAGE_SIZE)]


def _fitting(answer_counts: Mapping[int, int]) -> list[list[int]]:
    """Ids with answers in batches of up to a hundred ids and, where that is possible, a hundred answers."""
    batches: list[list[int]] = []
    room = 0
    for number in sorted(answer_counts):
        count = answer_counts[number]
        if count < 1:
            continue
        if not batches or count > room or len(batches[-1]) >= PAGE_SIZE:
            batches.append([])
            room = PAGE_SIZE
        batches[-1].append(number)
        room -= count
    return batches
