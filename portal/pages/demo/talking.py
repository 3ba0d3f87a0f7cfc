"""Chat, forum, links and questions of the demo."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.text import slugify

from dashboard import kinds
from dashboard.importers.records import Record
from portal.pages.demo import coding
from portal.pages.demo.activity import ROBOTS, Thread, World
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import Spot
from portal.pages.demo.pulse import lag, several
from portal.pages.demo.titles import title


class _Thread:
    """A root and its answers in one place."""

    def __init__(self, world: World, service: str, day: date, author: Person | None, spot: Spot | None = None) -> None:
        self.world, self.service, self.day = world, service, day
        self.crowd = world.crowd(service)
        self.spot = spot or world.spot(service)
        self.author = author or self.crowd.pick(day)
        self.opened_at = self.crowd.moment(day, self.author)
        self.number = world.number(f"{service}:thread", 5_000)
        self.text = ""

    @property
    def thread(self) -> str:
        prefix = {"discourse": "topic:", "reddit": "t3_", "stackexchange": "question:"}.get(self.service, "")
        return f"{prefix}{self.number}" if prefix else f"{self.spot.key}:{self.number}"

    def add(self, kind: str, at: datetime, person: Person, *, state: str = "", credited_at: datetime | None = None,
            post: int = 1) -> None:  # fmt: skip
        """`post` is its place in the thread. Titles of chat are not kept."""
        own = self.world.number(f"{self.service}:id", 40_000)
        self.world.add(
            self.service,
            self.spot,
            Record(
                external_id=f"{_PREFIX[self.service]}{own}",
                kind=kind,
                occurred_at=at,
                account=self.world.account(self.service, person),
                state=state,
                thread=self.thread,
                title=self.text,
                url=self._url(post),
                credited_at=credited_at,
                likes=int(self.world.rng.expovariate(0.7)) if self.service != "slack" else 0,
                source_updated_at=at,
            ),
        )

    def _url(self, post: int) -> str:
        base = self.world.places[self.service].base_url
        slug = slugify(self.text)[:60] or "-"
        return f"{base}/t/{slug}/{self.number}/{post}" if post > 1 else f"{base}/t/{slug}/{self.number}"

    def answers(
        self, kind: str, mean: float, *, median_hours: float, own_kind: str = ""
    ) -> list[tuple[datetime, Person]]:
        """Others write, the asker comes back now and then; returns when and who, without the asker."""
        given: list[tuple[datetime, Person]] = []
        at = self.opened_at
        for post in range(2, 2 + several(self.world.rng, mean)):
            at += lag(self.world.rng, median_hours=median_hours)
            if not self.world.is_past(at):
                break
            if given and self.world.rng.random() < 0.25:
                self.add(own_kind or kind, at, self.author, post=post)
                continue
            person = self.crowd.pick(at.date(), other_than=self.author)
            given.append((at, person))
        return given


_PREFIX = {"slack": "message:", "discourse": "post:", "reddit": "t1_", "stackexchange": "item:"}


def chat(world: World, day: date, author: Person | None = None) -> None:
    """Somebody says something in a channel; half of it is answered in its thread."""
    talk = _Thread(world, "slack", day, author)
    talk.add(kinds.MESSAGE, talk.opened_at, talk.author)
    for at, person in talk.answers(kinds.REPLY, 0.85, median_hours=0.6):
        talk.add(kinds.REPLY, at, person)
    if author is not None:
        _welcome(talk)


def _welcome(talk: _Thread) -> None:
    """A program greets newcomers."""
    record = Record(
        external_id=f"message:robot-{talk.number}",
        kind=kinds.REPLY,
        occurred_at=talk.opened_at + timedelta(seconds=4),
        account=talk.world.robot(ROBOTS[2]),
        thread=talk.thread,
    )
    talk.world.add("slack", talk.spot, record)


def _solve(talk: _Thread, given: Sequence[tuple[datetime, Person]], *, chance: float) -> None:
    """Write the answers down; one of them may be the accepted one."""
    rng = talk.world.rng
    best = rng.choices(range(len(given)), [2.0 / (n + 1) for n in range(len(given))])[0] if given else -1
    is_solved = rng.random() < chance
    for n, (at, person) in enumerate(given):
        accepted_at = at + lag(rng, median_hours=7)
        is_accepted = is_solved and n == best and talk.world.is_past(accepted_at)
        state = kinds.STATE_ACCEPTED if is_accepted else kinds.STATE_NONE
        talk.add(kinds.ANSWER, at, person, state=state, credited_at=accepted_at if is_accepted else None, post=n + 2)


def forum_question(world: World, day: date, author: Person | None = None) -> None:
    """Help wanted; nearly all are answered, half of them to the asker's content."""
    talk = _Thread(world, "discourse", day, author, world.places["discourse"].spots[0])
    talk.text = title(world.rng, "question")
    talk.add(kinds.QUESTION, talk.opened_at, talk.author)
    _solve(talk, talk.answers(kinds.ANSWER, 2.0, median_hours=3.2), chance=0.56)


def forum_topic(world: World, day: date, author: Person | None = None) -> None:
    """An idea, a story, a call for help with something shared."""
    spots = world.places["discourse"].spots[1:]
    talk = _Thread(world, "discourse", day, author, world.rng.choices(spots, [spot.share for spot in spots])[0])
    talk.text = title(world.rng, "topic")
    talk.add(kinds.TOPIC, talk.opened_at, talk.author)
    for n, (at, person) in enumerate(talk.answers(kinds.POST, 2.4, median_hours=7)):
        talk.add(kinds.POST, at, person, post=n + 2)


def link(world: World, day: date, author: Person | None = None) -> None:
    """A story or a question among strangers."""
    talk = _Thread(world, "reddit", day, author)
    talk.text = title(world.rng, "submission")
    talk.add(kinds.SUBMISSION, talk.opened_at, talk.author)
    for n, (at, person) in enumerate(talk.answers(kinds.COMMENT, 3.2, median_hours=3)):
        talk.add(kinds.COMMENT, at, person, post=n + 2)


def question(world: World, day: date, author: Person | None = None) -> None:
    """A precise question with few, precise answers."""
    talk = _Thread(world, "stackexchange", day, author)
    talk.text = title(world.rng, "question")
    talk.add(kinds.QUESTION, talk.opened_at, talk.author)
    _solve(talk, talk.answers(kinds.ANSWER, 1.1, median_hours=9, own_kind=kinds.COMMENT), chance=0.55)


THREADS: Mapping[str, Sequence[tuple[float, Thread]]] = {
    "github": coding.THREADS,
    "slack": ((16.0, chat),),
    "discourse": ((3.5, forum_question), (1.8, forum_topic)),
    "reddit": ((1.1, link),),
    "stackexchange": ((1.2, question),),
}
