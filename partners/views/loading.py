"""What every page of a partner loads first."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from partners import services
from partners.models import Partner
from partners.rows import MonthChoice


def partner_of(slug: str) -> Partner:
    """A current partner, or 404."""
    rows = Partner.objects.current().select_related("organisation__place")
    return get_object_or_404(rows, organisation__slug=slug)


def month_asked(request: HttpRequest) -> tuple[date, list[MonthChoice]]:
    """The month of the address, last month without one; and all that can be chosen."""
    today = services.utc_today()
    months = services.ranked_months(today)
    month = services.month_of(request.GET.get("month", ""), today)
    return month, [MonthChoice(each, each == month) for each in months]
