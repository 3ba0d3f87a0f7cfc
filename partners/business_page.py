"""What contributing does for a company, in numbers of this community alone: nothing is claimed that is not counted."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Max, Sum

from dashboard.models import MonthCredit
from dashboard.services.summary_span import months_before
from partners.models import Partner, Sponsorship
from portal.members.models import Organisation

MONTHS = 12


def business_numbers(today: date) -> dict[str, Any]:
    """Of the last twelve whole months: partners that gave, what for, how regularly, and who started how small."""
    first = months_before(today, MONTHS)
    partners = Partner.objects.current()
    rows = MonthCredit.objects.filter(
        organisation__in=partners.values("organisation"), month__gte=first, month__lt=today.replace(day=1), credit__gt=0
    )
    by_partner = list(
        rows.values("organisation")
        .annotate(credit=Sum("credit"), months=Count("month", distinct=True), people=Count("member", distinct=True))
        .order_by("-credit", "organisation")
    )
    steady = [row for row in by_partner if row["months"] >= MONTHS // 2]
    others = Organisation.objects.filter(partner=None, month_credits__credit__gt=0, month_credits__month__gte=first)
    kinds = list(rows.values("kind").annotate(credit=Sum("credit"), n=Sum("n")).order_by("-credit")[:5])
    return {
        "n_partners": partners.count(),
        "n_giving": len(by_partner),
        "n_steady": len(steady),
        "people": rows.aggregate(n=Count("member", distinct=True))["n"] or 0,
        "kinds": kinds,
        "n_other_companies": others.distinct().count(),
        "smallest_top": _smallest_of_the_first(by_partner),
        "n_sponsored": Sponsorship.objects.agreed().count(),
        "last_month": rows.aggregate(last=Max("month"))["last"],
        "months": MONTHS,
    }


def _smallest_of_the_first(by_partner: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Of the ten who gave most, the one with the fewest people: size is not what decides."""
    first = by_partner[:10]
    if not first:
        return None
    found = min(first, key=lambda row: row["people"])
    organisation = Organisation.objects.select_related("partner").get(pk=found["organisation"])
    return {**found, "organisation": organisation, "place": first.index(found) + 1}
