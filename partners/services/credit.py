"""The credit that a ranking is made of: records of a month, and the single works behind them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from dashboard.models import CreditedWork, MonthCredit
from dashboard.services.revaluing import work_under
from dashboard.services.summary_span import MONTHS, months_before
from dashboard.weights import WeightRow
from partners.ranking import Credit

NINETY = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Work:
    """One thing that earned an organisation credit: a contribution of a member, or a sponsorship of its own."""

    organisation: int
    member: int | None
    kind: str
    state: str
    credit: int
    on: date
    contribution: int | None = None
    sponsorship: int | None = None

    @property
    def record(self) -> Credit:
        return Credit(self.organisation, self.member, self.kind, self.state, 1, self.credit)


def month_end(month: date) -> date:
    """The first day after the month."""
    return months_before(month, -1)


def month_records(months: Sequence[date], organisations: Collection[int]) -> dict[date, list[Credit]]:
    """Credit of neighbouring months from the summaries; one query."""
    rows = MonthCredit.objects.filter(
        month__range=(months[0], months[-1]), organisation_id__in=organisations, credit__gt=0
    ).values_list("month", "organisation_id", "member_id", "kind", "state", "n", "credit_each")
    found: dict[date, list[Credit]] = {month: [] for month in months}
    for month, organisation, member, kind, state, n, each in rows:
        found[month].append(Credit(organisation, member, kind, state, n, each))
    return found


def month_work(month: date, organisations: Collection[int], *, today: date) -> list[Work]:
    """Credited work of a month, newest first; of a month older than the summaries from the raw contributions."""
    if month < months_before(today, MONTHS):
        return revalued_work(month, organisations, weights=None)
    rows = (
        CreditedWork.objects.filter(month=month, organisation_id__in=organisations)
        .order_by("-credited_on", "-pk")
        .values_list("organisation_id", "member_id", "contribution__kind", "state", "credit", "credited_on", "pk")
    )
    return [Work(*row) for row in rows]


def revalued_work(
    month: date, organisations: Collection[int], *, weights: Iterable[WeightRow] | None, months: int = 1
) -> list[Work]:
    """Work of a month and those after it under other weights; None is those that were in force."""
    found = work_under(
        weights=weights, from_on=month, end_on=months_before(month, -months), organisations=organisations
    )
    return [
        Work(one.organisation, one.member, one.kind, one.state, one.credit, one.credited_on, one.contribution)
        for one in found
    ]


def credit_of_90_days(months: Sequence[date], organisations: Collection[int]) -> dict[date, dict[int, int]]:
    """For each month the credit of the 90 days that end with it, by organisation; one query."""
    sums = {
        f"m{number}": Sum(
            "credit", filter=Q(credited_on__gte=month_end(month) - NINETY, credited_on__lt=month_end(month))
        )
        for number, month in enumerate(months)
    }
    rows = (
        CreditedWork.objects.filter(
            organisation_id__in=organisations, month__range=(months_before(months[0], 3), months[-1])
        )
        .order_by()
        .values("organisation_id")
        .annotate(**sums)
    )
    found: dict[date, dict[int, int]] = {month: {} for month in months}
    for organisation, *credits in rows.values_list("organisation_id", *sums):
        for month, credit in zip(months, credits, strict=True):
            found[month][organisation] = credit or 0
    return found
