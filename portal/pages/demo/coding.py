"""Issues, changes, reviews and their comments in the demo's repositories."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from dashboard import kinds
from dashboard.importers.records import Account, Record
from portal.pages.demo.activity import ROBOTS, Robot, Thread, World
from portal.pages.demo.people import Person
from portal.pages.demo.places_of_work import Spot
from portal.pages.demo.pulse import lag, several
from portal.pages.demo.titles import title

SERVICE = "github"
#: One open issue in so many is one for somebody new.
SMALL = 9
_OUTCOMES = (
    (kinds.STATE_MERGED, 71),
    (kinds.STATE_MERGED_TRIVIAL, 9),
    (kinds.STATE_MERGED_BY_SELF, 3),
    (kinds.STATE_CLOSED, 12),
    (kinds.STATE_OPEN, 5),
)


class _Talk:
    """One issue or change with what is said on it."""

    def __init__(self, world: World, day: date, author: Person | None, folder: str) -> None:
        self.world = world
        self.crowd = world.crowd(SERVICE)
        self.spot: Spot = world.spot(SERVICE)
        self.author = author or self.crowd.pick(day)
        self.opened_at = self.crowd.moment(day, self.author)
        self.number = world.number(self.spot.key, 1400)
        self.thread = f"{self.spot.key}#{self.number}"
        self.url = f"{self.spot.url}/{folder}/{self.number}"

    def add(self, kind: str, at: datetime, account: Account | None, *, text: str = "", state: str = "",
            credited_at: datetime | None = None, labels: tuple[str, ...] = ()) -> None:  # fmt: skip
        own = self.world.number(f"{SERVICE}:id", 3_100_000)
        anchor = "" if kind in kinds.ROOT_KINDS else f"#{kind}-{own}"
        self.world.add(
            SERVICE,
            self.spot,
            Record(
                external_id=f"{kind}:{own}",
                kind=kind,
                occurred_at=at,
                account=account,
                state=state,
                thread=self.thread,
                title=text,
                url=self.url + anchor,
                credited_at=credited_at,
                source_updated_at=max(at, credited_at) if credited_at else at,
                starting_labels=labels,
            ),
        )

    def say(self, kind: str, at: datetime, person: Person) -> None:
        self.add(kind, at, self.world.account(SERVICE, person))

    def comments(self, mean: float, *, median_hours: float) -> None:
        """Others answer, and the author answers them; one in a hundred accounts is gone by now."""
        at, last = self.opened_at, self.author
        for _n in range(several(self.world.rng, mean)):
            at += lag(self.world.rng, median_hours=median_hours)
            if not self.world.is_past(at):
                return
            is_author = last is not self.author and self.world.rng.random() < 0.35
            last = self.author if is_author else self.crowd.pick(at.date(), other_than=self.author)
            if self.world.rng.random() < 0.01:
                self.add(kinds.COMMENT, at, None)
            else:
                self.say(kinds.COMMENT, at, last)


def issue(world: World, day: date, author: Person | None = None) -> None:
    """A report or wish; six in ten are closed after a while."""
    talk = _Talk(world, day, author, "issues")
    state = kinds.STATE_OPEN
    if world.rng.random() < 0.6 and world.is_past(talk.opened_at + lag(world.rng, median_hours=200)):
        state = kinds.STATE_CLOSED
    account = world.account(SERVICE, talk.author)
    labels = ("good first issue",) if state == kinds.STATE_OPEN and talk.number % SMALL == 0 else ()
    talk.add(kinds.ISSUE, talk.opened_at, account, text=title(world.rng, "issue"), state=state, labels=labels)
    talk.comments(1.6, median_hours=5)
    if world.rng.random() < 0.05:
        at = talk.opened_at + timedelta(days=30)
        talk.add(kinds.COMMENT, at, world.robot(ROBOTS[1]))


def change(world: World, day: date, author: Person | None = None) -> None:
    """A change with its reviews; most are merged within days, some are refused, the youngest are open."""
    talk = _Talk(world, day, author, "changes")
    state = world.rng.choices([outcome for outcome, _share in _OUTCOMES], [share for _outcome, share in _OUTCOMES])[0]
    decided_at = talk.opened_at + lag(world.rng, median_hours=44)
    if not world.is_past(decided_at):
        state = kinds.STATE_OPEN
    text = title(world.rng, "trivial" if state == kinds.STATE_MERGED_TRIVIAL else "change")
    account = world.account(SERVICE, talk.author)
    credited_at = decided_at if state in kinds.MERGED_STATES else None
    talk.add(kinds.CHANGE, talk.opened_at, account, text=text, state=state, credited_at=credited_at)
    if state != kinds.STATE_MERGED_BY_SELF:
        _reviews(talk, state)
    talk.comments(0.7, median_hours=9)


def _reviews(talk: _Talk, state: str) -> None:
    """One or two people look at it or try it out, with remarks on lines."""
    rng = talk.world.rng
    wanted = 1 if state == kinds.STATE_MERGED_TRIVIAL else several(rng, 1.35)
    for _n in range(wanted):
        at = talk.opened_at + lag(rng, median_hours=14, spread=0.9)
        if not talk.world.is_past(at):
            continue
        reviewer = talk.crowd.pick(at.date(), other_than=talk.author)
        talk.say(kinds.REVIEW, at, reviewer)
        for _m in range(several(rng, 0.7)):
            talk.say(kinds.REVIEW_COMMENT, at - timedelta(minutes=rng.randint(1, 40)), reviewer)


def robot_change(world: World, day: date, author: Person | None = None) -> None:
    """A program brings a library up to date, and a person merges it; a newcomer opens an issue instead."""
    if author is not None:
        issue(world, day, author)
        return
    talk = _Talk(world, day, None, "changes")
    robot: Robot = ROBOTS[0]
    decided_at = talk.opened_at + lag(world.rng, median_hours=30)
    is_merged = world.is_past(decided_at)
    talk.add(
        kinds.CHANGE, talk.opened_at, world.robot(robot), text=title(world.rng, "bot"),
        state=kinds.STATE_MERGED if is_merged else kinds.STATE_OPEN, credited_at=decided_at if is_merged else None,
    )  # fmt: skip


def discussion(world: World, day: date, author: Person | None = None) -> None:
    """A proposal that people talk over beside the code."""
    talk = _Talk(world, day, author, "discussions")
    account = world.account(SERVICE, talk.author)
    talk.add(kinds.DISCUSSION, talk.opened_at, account, text=title(world.rng, "topic"))
    at = talk.opened_at
    for _n in range(several(world.rng, 1.8)):
        at += lag(world.rng, median_hours=12)
        talk.say(kinds.DISCUSSION_REPLY, at, talk.crowd.pick(day, other_than=talk.author))


THREADS: Sequence[tuple[float, Thread]] = ((5.2, issue), (5.3, change), (0.35, robot_change), (0.6, discussion))
