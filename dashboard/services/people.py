# ruff: noqa: S608 - orders come from ORDERS, all else is a parameter
"""Lists of people: from the summaries, or from one window of raw rows where a filter chooses contributions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Case, F, Q, QuerySet, When

from dashboard.levels import Level
from dashboard.models import MemberWindow
from dashboard.scope import Scope
from dashboard.services.reading import PersonName, person_name, somebody
from dashboard.services.scoped import fetch, matching
from portal.members.models import Member

#: `?people=`: what a list of people is ordered by. Who has nothing of it is not in that list.
ORDERS: Final = {
    "credit": ("credit", "recognition"),
    "active": ("n", "recognition"),
    "answers": ("answers", "recognition"),
}
_CHUNK = 500
#: Of windows: people who tell where they live and work.
TELLS: Final = Q(member__visibility=Member.Visibility.PUBLIC, member__erased_at=None)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of a list of people."""

    rank: int
    person: PersonName
    organisation: str
    level: str
    n: int | None
    recognition: int | None
    credit: int | None
    answers: int | None
    active_days: int | None
    weeks: list[int]
    is_new: bool
    is_returning: bool
    is_rising: bool
    first_at: datetime


class PeopleList(Sequence[PersonRow]):
    """People of a scope in one of the ORDERS, perhaps only "returning" or "rising" ones.

    Slices are rows, so a paginator or a file takes what it needs.
    """

    def __init__(self, scope: Scope, until_on: date | None, order: str, flag: str = "") -> None:
        self.scope, self.order, self.flag = scope, order, flag
        self._found: list[tuple[Any, ...]] | None = None
        if scope.chooses_contributions and until_on:
            self._found = _told_first(scope, _scoped(scope, until_on, order, flag))

    def count(self, value: Any = None) -> int:
        return len(self)

    def __len__(self) -> int:
        return self._windows().count() if self._found is None else len(self._found)

    def __getitem__(self, key: Any) -> Any:
        start = key.start or 0
        if self._found is None:
            return [person_row(self.scope, row, rank) for rank, row in enumerate(self._windows()[key], start + 1)]
        return self._rows(self._found[key], start)

    def __iter__(self) -> Iterator[PersonRow]:
        """Everybody, read in chunks."""
        if self._found is None:
            rows = self._windows().iterator(chunk_size=2000)
            yield from (person_row(self.scope, row, rank) for rank, row in enumerate(rows, 1))
            return
        for start in range(0, len(self._found), _CHUNK):
            yield from self._rows(self._found[start : start + _CHUNK], start)

    def _windows(self) -> QuerySet[MemberWindow]:
        first, second = ORDERS[self.order]
        rows = people_of(self.scope).filter(**{f"{first}__gt": 0})
        if self.flag:
            rows = rows.filter(**{f"is_{self.flag}": True})
        rows = rows.select_related("member", "organisation")
        if not self.scope.tells_of_people:
            return rows.order_by(f"-{first}", f"-{second}", "member_id")
        # Who does not tell it comes last, in no order that says anything.
        tells = Case(When(TELLS, then=1), default=0)
        ordered = rows.annotate(tells=tells, first_key=F(first) * tells, second_key=F(second) * tells)
        return ordered.order_by("-tells", "-first_key", "-second_key", "member_id")

    def _rows(self, found: Sequence[tuple[Any, ...]], start: int) -> list[PersonRow]:
        windows = MemberWindow.objects.filter(days=self.scope.days, member__in=[row[0] for row in found])
        known = {row.member_id: row for row in windows.select_related("member", "organisation")}
        rows = []
        for rank, (member, n, active_days, answers, credit) in enumerate(found, start + 1):
            window = known[member]
            window.n, window.active_days, window.answers, window.credit = n, active_days, answers, credit
            window.weeks = []
            rows.append(person_row(self.scope, window, rank))
        return rows


def _told_first(scope: Scope, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Who does not tell what the list tells comes last, in no order that says anything."""
    if not scope.tells_of_people:
        return found
    tell = set(MemberWindow.objects.filter(TELLS, days=scope.days).values_list("member", flat=True))
    others = sorted(row for row in found if row[0] not in tell)
    return [*(row for row in found if row[0] in tell), *others]


def people_of(scope: Scope) -> QuerySet[MemberWindow]:
    """Windows of the people whom country, level and "new" choose."""
    rows = MemberWindow.objects.filter(days=scope.days)
    if scope.country:
        rows = rows.filter(member__place__country_code=scope.country)
    if scope.level:
        rows = rows.filter(level=Level[scope.level.upper()])
    return rows.filter(is_new=True, n__gt=0) if scope.is_new else rows


#: Column of the query for each order.
_COLUMNS: Final = {
    "credit": "coalesce(cred.credit, 0)",
    "active": "coalesce(act.n, 0)",
    "answers": "coalesce(answers, 0)",
}


def _scoped(scope: Scope, until_on: date, order: str, flag: str) -> list[tuple[Any, ...]]:
    """(member, contributions, active days, answers, credit) of everybody in the scope, in order."""
    match, column = matching(scope, until_on), _COLUMNS[order]
    flagged = {"returning": "AND is_returning", "rising": "AND is_rising"}.get(flag, "")
    sql = f"""
        WITH {match.scoped}, {match.answered}, {match.credit}
        SELECT member_id, coalesce(act.n, 0), coalesce(act.active_days, 0), coalesce(answers, 0),
               coalesce(cred.credit, 0)
        FROM (SELECT member_id, count(*) AS n, count(DISTINCT day) AS active_days
              FROM scoped WHERE is_person GROUP BY 1) act
        FULL JOIN (SELECT member_id, sum(credit)::bigint AS credit FROM credited GROUP BY 1) cred USING (member_id)
        LEFT JOIN answered USING (member_id)
        WHERE {column} > 0
          AND member_id IN (SELECT member_id FROM dashboard_memberwindow WHERE days = %(days)s {flagged})
        ORDER BY {column} DESC, coalesce(act.n, 0) DESC, member_id"""
    return fetch(sql, match.params)


def person_row(scope: Scope, row: MemberWindow, rank: int) -> PersonRow:
    """A window as a line; only people who chose to be shown by name have an employer, or stand in a list that tells."""
    member = row.member
    is_told = member.tells_employer and member.is_named
    if scope.tells_of_people and not is_told:
        return _counted(row, rank)
    return PersonRow(
        rank=rank,
        person=person_name(member),
        organisation=str(row.organisation) if row.organisation and is_told else "",
        level=Level(row.level).key,
        n=row.n,
        recognition=row.recognition,
        credit=row.credit,
        answers=row.answers,
        active_days=row.active_days,
        weeks=row.weeks,
        is_new=row.is_new,
        is_returning=row.is_returning,
        is_rising=row.is_rising,
        first_at=row.first_at,
    )


def _counted(row: MemberWindow, rank: int) -> PersonRow:
    """A line without a number: any of them stands beside a handle in another list."""
    return PersonRow(
        rank=rank, person=somebody(), organisation="", level="", n=None, recognition=None, credit=None, answers=None,
        active_days=None, weeks=[], is_new=False, is_returning=False, is_rising=False, first_at=row.first_at,
    )  # fmt: skip


def newcomers(scope: Scope, until_on: date, *, chosen: list[int] | None = None) -> QuerySet[MemberWindow]:
    """New people of the scope, newest first, with what they did first; those who are not named are among them."""
    rows = people_of(scope.but(is_new=True))
    if chosen is None and scope.chooses_contributions:
        match = matching(scope.but(is_new=True), until_on)
        found = fetch(f"WITH {match.scoped} SELECT DISTINCT member_id FROM scoped", match.params)
        chosen = [member for (member,) in found]
    if chosen is not None:
        rows = rows.filter(member__in=chosen)
    return rows.select_related("member", "first").order_by("-first_at", "member_id")
