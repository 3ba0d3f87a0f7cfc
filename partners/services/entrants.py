"""Who may take part in the ranking of a month, and with which tier: the facts behind `partners.eligibility`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Sum

from dashboard.models import MonthCredit
from dashboard.services.summary_span import months_before
from partners.eligibility import Candidate, barrier
from partners.models import Partner, PartnerMembership, PartnerSanction
from partners.services.credit import month_end
from portal.members.models import Affiliation


@dataclass(frozen=True)
class Race:
    """Partners of a month by organisation: who takes part with which tier, and what keeps the others out."""

    month: date
    tiers: dict[int, str]
    barriers: dict[int, str]

    @property
    def entrants(self) -> list[int]:
        return [organisation for organisation in self.tiers if not self.barriers[organisation]]


def races(
    months: Sequence[date], partners: dict[int, Partner], *, months_needed: dict[date, int] | None = None
) -> dict[date, Race]:
    """Neighbouring months, oldest first; the same few queries whatever their number.

    `months_needed`: for a month the streak of months with credit that its rule asks for.
    """
    needed = months_needed or {}
    people = _people(partners, months)
    sanctions = _sanctions(partners, months)
    tiers = _tiers(partners)
    streaks = _months_with_credit(partners, months, max(needed.values(), default=0))
    found = {}
    for month in months:
        end = month_end(month)
        there = {
            pk: partner
            for pk, partner in partners.items()
            if partner.since_on < end and (partner.until_on is None or partner.until_on > month)
        }
        barriers = {}
        for pk in there:
            back = frozenset(n for n in range(13) if months_before(month, n) in streaks.get(pk, ()))
            candidate = Candidate(pk in people[month], pk in sanctions[month], back)
            barriers[pk] = barrier(candidate, months_needed=needed.get(month, 0))
        last = end - timedelta(days=1)
        found[month] = Race(month, {pk: _tier_on(tiers.get(pk, ()), last) or there[pk].tier for pk in there}, barriers)
    return found


def _people(partners: dict[int, Partner], months: Sequence[date]) -> dict[date, set[int]]:
    """Organisations with somebody whose affiliation, confirmed by the person, touches the month."""
    span = DateRange(months[0], month_end(months[-1]))
    rows = list(
        Affiliation.objects.confirmed()
        .filter(organisation_id__in=partners, days__overlap=span)
        .values_list("organisation_id", "days")
    )
    return {month: {pk for pk, days in rows if _touches(days.lower, days.upper, month)} for month in months}


def _sanctions(partners: dict[int, Partner], months: Sequence[date]) -> dict[date, set[int]]:
    """Organisations under a sanction on the last day of the month."""
    rows = list(
        PartnerSanction.objects.filter(partner__organisation_id__in=partners).values_list(
            "partner__organisation_id", "from_on", "until_on"
        )
    )
    found = {}
    for month in months:
        last = month_end(month) - timedelta(days=1)
        found[month] = {pk for pk, lower, upper in rows if lower <= last and (upper is None or upper > last)}
    return found


def _touches(lower: date | None, upper: date | None, month: date) -> bool:
    return (lower is None or lower < month_end(month)) and (upper is None or upper > month)


def _tiers(partners: dict[int, Partner]) -> dict[int, list[tuple[date, date | None, str]]]:
    found: dict[int, list[tuple[date, date | None, str]]] = {}
    rows = PartnerMembership.objects.filter(partner__organisation_id__in=partners).values_list(
        "partner__organisation_id", "from_on", "until_on", "tier"
    )
    for pk, lower, upper, tier in rows:
        found.setdefault(pk, []).append((lower, upper, tier))
    return found


def _tier_on(rows: Sequence[tuple[date, date | None, str]], day: date) -> str:
    return next((tier for lower, upper, tier in rows if lower <= day and (upper is None or upper > day)), "")


def _months_with_credit(partners: dict[int, Partner], months: Sequence[date], needed: int) -> dict[int, set[date]]:
    if not needed:
        return {}
    rows = (
        MonthCredit.objects.filter(
            organisation_id__in=partners, credit__gt=0, month__range=(months_before(months[0], needed - 1), months[-1])
        )
        .values("organisation_id", "month")
        .annotate(total=Sum("credit"))
        .order_by()
    )
    found: dict[int, set[date]] = {}
    for row in rows:
        found.setdefault(row["organisation_id"], set()).add(row["month"])
    return found
