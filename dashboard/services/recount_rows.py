"""Raw contributions read once more, member by member, and valued one at a time in plain Python: slow on purpose, and
independent of the SQL that fills the summaries."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from dashboard import kinds
from dashboard.models import Contribution, Weight, WeightVersion
from dashboard.services.identities import DELETED_PREFIX
from dashboard.weights import FIRST_PER_CHANNEL_DAY, FIRST_PER_THREAD, REVIEW_KINDS, STATE_SELF, STATE_SELF_ACCEPTED
from portal.members.models import Affiliation, Member

CHUNK = 20_000
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
_FIELDS = (
    *("id", "external_id", "source_id", "channel_id", "kind", "state", "thread", "occurred_at", "credited_at"),
    *("identity__member_id", "identity__uid"),
)


@dataclass(slots=True)
class Row:
    """A contribution that counts, and what it turned out to be worth."""

    id: int
    external_id: str
    source_id: int
    channel_id: int
    kind: str
    state: str
    thread: str
    occurred_at: datetime
    credited_at: datetime | None
    member_id: int
    uid: str
    day: date = date.min
    credit_at: datetime = LONG_AGO
    credit_day: date = date.min
    is_answer: bool = False
    is_accepted: bool = False
    is_work: bool = False
    is_counted: bool = True
    recognition: int = 0
    credit: int = 0
    organisation: int | None = None
    credit_organisation: int | None = None
    nth: int = 0
    is_first_of_thread: bool = True
    is_first_of_day: bool = True

    @property
    def is_person(self) -> bool:
        return not self.uid.startswith(DELETED_PREFIX)


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that opened a thread, and after how long another person said something there."""

    id: int
    kind: str
    day: date
    seconds: float | None


@dataclass
class Valuer:
    """Reads and values; `asked` and `roots` are filled by `read_threads`, which comes first."""

    today: date
    roots: dict[tuple[int, str], int] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ruled: dict[str, set[str]] = defaultdict(set)
        weights: dict[int, dict[tuple[str, str], Weight]] = defaultdict(dict)
        for weight in Weight.objects.all():
            weights[weight.version_id][weight.kind, weight.state] = weight
            self.ruled[weight.counts].add(weight.kind)
        versions = WeightVersion.objects.exclude(from_on=None).order_by("-from_on")
        self.versions = [(version.from_on, weights[version.pk]) for version in versions if version.from_on is not None]
        self.affiliations: dict[int, list[Affiliation]] = defaultdict(list)
        for affiliation in Affiliation.objects.confirmed():
            self.affiliations[affiliation.member_id].append(affiliation)
        self.bots = set(Member.objects.filter(bot_state=Member.BotState.BOT).values_list("pk", flat=True))

    def organisation(self, member_id: int, day: date) -> int | None:
        """Where somebody belongs on a day."""
        for one in self.affiliations.get(member_id, ()):
            if (one.days.lower or date.min) <= day < (one.days.upper or date.max):
                return one.organisation_id
        return None

    def read_threads(self) -> None:
        """Who opened which thread, and the first answers."""
        rows = Contribution.objects.exclude(thread="").order_by("source_id", "thread", "occurred_at", "external_id")
        found = rows.values_list(*_FIELDS, "deleted_at").iterator(CHUNK)
        for key, thread in groupby(found, key=lambda row: (row[2], row[6])):
            told = [(Row(*values), deleted_at) for *values, deleted_at in thread]
            opened = next((row for row, _deleted in told if row.kind in kinds.ROOT_KINDS), None)
            if opened is not None:
                self.roots[key] = opened.member_id
            self._time([row for row, deleted_at in told if deleted_at is None and self._counts(row)])

    def read_lone(self) -> None:
        """What opens a thread but belongs to none: nobody can answer it."""
        rows = Contribution.objects.filter(thread="", kind__in=kinds.ROOT_KINDS, deleted_at=None)
        for values in rows.values_list(*_FIELDS).iterator(CHUNK):
            row = Row(*values)
            if self._counts(row):
                self.asked.append(Asked(row.id, row.kind, _day(row.occurred_at), None))

    def _time(self, told: list[Row]) -> None:
        for row in told:
            if row.kind in kinds.ROOT_KINDS:
                later = (
                    other.occurred_at
                    for other in told
                    if other.is_person and other.member_id != row.member_id and other.occurred_at >= row.occurred_at
                )
                first = min(later, default=None)
                seconds = None if first is None else (first - row.occurred_at).total_seconds()
                self.asked.append(Asked(row.id, row.kind, _day(row.occurred_at), seconds))

    def _counts(self, row: Row) -> bool:
        return row.member_id not in self.bots and _day(row.occurred_at) <= self.today

    def members(self) -> Iterator[list[Row]]:
        """All that counts of each member, oldest first, valued."""
        rows = Contribution.objects.filter(deleted_at=None).order_by(
            "identity__member_id", "occurred_at", "source_id", "external_id"
        )
        read = (Row(*values) for values in rows.values_list(*_FIELDS).iterator(CHUNK))
        for _member, own in groupby(read, key=attrgetter("member_id")):
            counted = [row for row in own if self._counts(row)]
            if counted:
                self._value(counted)
                yield counted

    def _value(self, rows: list[Row]) -> None:
        for row in rows:
            self._describe(row)
        self._number(rows)
        for row in rows:
            row.recognition = self._points(row, row.day, "recognition")
            row.credit = self._points(row, row.credit_day, "credit")

    def _describe(self, row: Row) -> None:
        row.day, row.credit_at = _day(row.occurred_at), row.credited_at or row.occurred_at
        row.credit_day = _day(row.credit_at)
        is_accepted = row.state == kinds.STATE_ACCEPTED
        is_own = self.roots.get((row.source_id, row.thread)) == row.member_id
        row.is_answer = (row.kind == kinds.ANSWER or is_accepted) and not is_own
        row.is_accepted = row.is_answer and is_accepted
        row.is_work = row.kind == kinds.CHANGE or is_accepted
        if row.is_person:
            row.organisation = self.organisation(row.member_id, row.day)
            row.credit_organisation = self.organisation(row.member_id, row.credit_day)
            if is_own and row.kind in REVIEW_KINDS:
                row.state = STATE_SELF
            elif is_own and is_accepted:
                row.state = STATE_SELF_ACCEPTED

    def _number(self, rows: list[Row]) -> None:
        threads: set[Any] = set()
        days: set[Any] = set()
        talked: set[Any] = set()
        months: Counter[Any] = Counter()
        for row in sorted(rows, key=attrgetter("occurred_at", "external_id")):
            if row.kind in self.ruled.get(FIRST_PER_THREAD, ()) and row.thread:
                row.is_first_of_thread = _first((row.source_id, row.thread), threads)
        for row in rows:
            if row.kind in self.ruled.get(FIRST_PER_CHANNEL_DAY, ()):
                row.is_first_of_day = _first((row.channel_id, row.day), days)
            if row.kind in kinds.CHAT_KINDS:
                row.is_counted = _first((row.channel_id, row.day), talked)
        for row in sorted(rows, key=attrgetter("credit_at", "source_id", "external_id")):
            key = (row.kind, row.state, row.credit_day.replace(day=1))
            months[key] += 1
            row.nth = months[key]

    def _points(self, row: Row, day: date, ledger: str) -> int:
        table = next((weights for from_on, weights in self.versions if from_on <= day), {})
        weight = table.get((row.kind, row.state)) or table.get((row.kind, ""))
        if weight is None or (weight.monthly_cap is not None and row.nth > weight.monthly_cap):
            return 0
        if weight.counts == FIRST_PER_THREAD and not row.is_first_of_thread:
            return 0
        if weight.counts == FIRST_PER_CHANNEL_DAY and not row.is_first_of_day:
            return 0
        return getattr(weight, ledger)


def _first(key: Any, seen: set[Any]) -> bool:
    if key in seen:
        return False
    seen.add(key)
    return True


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
