"""The dashboard's page: its parts, each made with a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.levels import Level
from dashboard.models import WindowTotals
from dashboard.scope import Scope
from dashboard.services import activity
from dashboard.services.organisations import OrganisationList, OrganisationRow, rows_of
from dashboard.services.people import PeopleList, PersonRow, newcomers
from dashboard.services.questions import QuestionRow, open_questions, question_row
from dashboard.services.reading import Newcomer, as_newcomer, change, greetable
from dashboard.services.scoped_page import ScopedPage, scoped_page
from portal.ui.charts import StackedDays

FACTS = ("contributions", "people", "new", "returning", "organisations")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the strip, how it moved in per cent, and its small bars."""

    name: str
    number: int
    delta: int | None = None
    spark: list[int] | None = None


@dataclass(frozen=True, slots=True)
class LevelRow:
    """People of a level, and how many more or fewer than before the window; None where nothing is compared."""

    key: str
    value: int
    delta: int | None


@dataclass(frozen=True)
class Overview:
    """Everything on the page; `totals` and `before` are the whole window's, whatever the filters choose."""

    scope: Scope
    start_on: date
    until_on: date
    facts: dict[str, Fact]
    totals: dict[str, Any]
    before: dict[str, Any]
    chart: StackedDays
    heat: list[list[int]]
    levels: list[LevelRow]
    people: list[PersonRow]
    organisations: Sequence[OrganisationRow]
    volunteers_share: int | None
    newcomers: list[Newcomer]
    questions: list[QuestionRow]
    questions_count: int
    places: list[activity.PlaceRow]

    @property
    def most_credit(self) -> int:
        return max((one.credit for one in self.organisations), default=0)

    @property
    def most_people(self) -> int:
        return max((one.people for one in self.organisations), default=0)

    @property
    def most_active(self) -> int:
        return max((one.n for one in self.organisations), default=0)

    @property
    def most_busy(self) -> int:
        return max((one.n for one in self.places), default=0)


def window_end(days: int) -> date | None:
    """The last day counted in a window; None while nothing has been counted."""
    return WindowTotals.objects.filter(days=days).values_list("until_on", flat=True).first()


def overview(scope: Scope, *, people_by: str, organisations_by: str, part: str) -> Overview | None:
    """The page of a scope; None while there is nothing. `part`: what the days are stacked by, service or kind."""
    row = WindowTotals.objects.filter(days=scope.days).first()
    if row is None:
        return None
    until_on, totals = row.until_on, row.totals
    page = scoped_page(scope, until_on, part) if scope.is_filtered else None
    questions = open_questions(scope, until_on, oldest_first=True, chosen=page.questions if page else None)
    new = newcomers(scope, until_on, chosen=page.newcomers if page else None)
    new = greetable(new, only_public=scope.tells_of_people)
    volunteer_credit, credit = totals["volunteer_credit"], totals["credit"]
    return Overview(
        scope=scope,
        start_on=activity.start_of(scope, until_on),
        until_on=until_on,
        facts=_scoped_facts(page) if page else {name: _fact(name, row) for name in FACTS},
        totals=totals,
        before=row.before,
        chart=activity.chart(scope, until_on, part, page.days if page else activity.days_by(scope, until_on, part)),
        heat=page.heat if page else totals["heat"],
        levels=_scoped_levels(page) if page else _levels(totals),
        people=PeopleList(scope, until_on, people_by)[:8],
        organisations=_organisations(scope, until_on, organisations_by, page)[:7],
        volunteers_share=round(volunteer_credit / credit * 100) if credit else None,
        newcomers=[as_newcomer(window) for window in new[:6]],
        questions=[question_row(scope, one) for one in questions[:6]],
        questions_count=len(page.questions) if page else totals["unanswered"],
        places=activity.place_rows(page.places, limit=8) if page else activity.places(scope, until_on, limit=8),
    )


def _organisations(scope: Scope, until_on: date, order: str, page: ScopedPage | None) -> Sequence[OrganisationRow]:
    return rows_of(scope, page.organisations, order) if page else OrganisationList(scope, until_on, order)


def _fact(name: str, row: WindowTotals) -> Fact:
    delta = change(row.totals[name], row.before.get(name, 0))
    parts = row.totals.get("parts", {}).get(name, [])
    return Fact(name, row.totals[name], delta, parts if any(parts) else None)


def _scoped_facts(page: ScopedPage) -> dict[str, Fact]:
    return {name: Fact(name, number) for name, number in zip(FACTS, page.numbers, strict=True)}


def _levels(totals: dict[str, Any]) -> list[LevelRow]:
    now, before = totals["levels"], totals["levels_before"]
    keys = [level.key for level in sorted(Level, reverse=True) if level != Level.QUIET]
    return [LevelRow(key, now[key], now[key] - before[key]) for key in keys]


def _scoped_levels(page: ScopedPage) -> list[LevelRow]:
    return [
        LevelRow(level.key, page.levels.get(level.value, 0), None) for level in sorted(Level, reverse=True) if level
    ]
