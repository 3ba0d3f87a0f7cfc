# ruff: noqa: S608 - orders come from ORDERS, all else is a parameter
"""Lists of organisations: what their people did while they belonged to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from dashboard.levels import OrganisationLevel
from dashboard.models import OrganisationWindow
from dashboard.scope import Scope
from dashboard.services.reading import PersonName, person_name
from dashboard.services.scoped import fetch, matching
from dashboard.services.why import Share
from portal.members.models import Organisation

#: `?by=`: what a list of organisations is ordered by.
ORDERS: Final = {"credit": ("credit", "n"), "people": ("people", "credit"), "active": ("n", "credit")}


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of a list of organisations."""

    name: str
    slug: str
    seed: int
    level: str
    people: int
    contributors: int
    n: int
    credit: int


class OrganisationList(Sequence[OrganisationRow]):
    """Organisations of a scope in one of the ORDERS; slices are rows."""

    def __init__(self, scope: Scope, until_on: date | None, order: str) -> None:
        self.scope, self.order = scope, order
        self._found: list[OrganisationRow] | None = None
        if scope.is_filtered and until_on:
            self._found = _scoped(scope, until_on, order)

    def count(self, value: Any = None) -> int:
        return len(self)

    def __len__(self) -> int:
        return self._windows().count() if self._found is None else len(self._found)

    def __getitem__(self, key: Any) -> Any:
        rows = self._windows() if self._found is None else self._found
        return [row if isinstance(row, OrganisationRow) else organisation_row(row) for row in rows[key]]

    def __iter__(self) -> Iterator[OrganisationRow]:
        return iter(self[:])

    def _windows(self) -> QuerySet[OrganisationWindow]:
        first, second = ORDERS[self.order]
        rows = OrganisationWindow.objects.filter(days=self.scope.days, **{f"{first}__gt": 0})
        return rows.select_related("organisation").order_by(f"-{first}", f"-{second}", "organisation_id")


def organisation_row(row: OrganisationWindow) -> OrganisationRow:
    """A window as a line."""
    organisation = row.organisation
    return OrganisationRow(
        name=organisation.name,
        slug=organisation.slug,
        seed=organisation.pk,
        level=OrganisationLevel(row.level).key,
        people=row.people,
        contributors=row.contributors,
        n=row.n,
        credit=row.credit,
    )


def _scoped(scope: Scope, until_on: date, order: str) -> list[OrganisationRow]:
    match = matching(scope, until_on)
    sql = f"""
        WITH {match.scoped}, {match.credit}
        SELECT organisation_id, coalesce(people, 0), coalesce(n, 0), coalesce(contributors, 0), coalesce(credit, 0)
        FROM (SELECT organisation_id, count(DISTINCT member_id) AS people, count(*) AS n
              FROM scoped WHERE organisation_id IS NOT NULL GROUP BY 1) act
        FULL JOIN (SELECT organisation_id, count(DISTINCT member_id) AS contributors, sum(credit)::bigint AS credit
                   FROM credited WHERE organisation_id IS NOT NULL GROUP BY 1) cred USING (organisation_id)"""
    return rows_of(scope, {row[0]: tuple(row[1:]) for row in fetch(sql, match.params)}, order)


def rows_of(scope: Scope, found: dict[int, tuple[int, int, int, int]], order: str) -> list[OrganisationRow]:
    """Organisations with (people, contributions, contributors, credit) as lines, in order."""
    windows = OrganisationWindow.objects.filter(days=scope.days, organisation__in=found)
    levels = dict(windows.values_list("organisation", "level"))
    rows = []
    for organisation in Organisation.objects.filter(pk__in=found):
        people, n, contributors, credit = found[organisation.pk]
        level = OrganisationLevel(levels.get(organisation.pk, 0)).key
        name, slug, pk = organisation.name, organisation.slug, organisation.pk
        rows.append(OrganisationRow(name, slug, pk, level, people, contributors, n, credit))
    first, second = ORDERS[order]
    rows = [row for row in rows if getattr(row, first)]
    return sorted(rows, key=lambda row: (-getattr(row, first), -getattr(row, second), row.seed))


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one of an organisation's people brought, or all who do not tell where they work together."""

    person: PersonName | None
    people: int
    n: int
    credit: int


def shares_told(shares: Iterable[Share]) -> list[ShareRow]:
    """Most credit first; those who are not shown by name stand together at the end, so that the sum is right."""
    told, others = [], []
    for share in shares:
        if share.member is not None and share.member.tells_employer:
            told.append(ShareRow(person_name(share.member), 1, share.n, share.credit))
        else:
            others.append(share)
    told.sort(key=lambda row: (-row.credit, -row.n))
    if others:
        sums = (sum(one.people for one in others), sum(one.n for one in others), sum(one.credit for one in others))
        told.append(ShareRow(None, *sums))
    return told
