"""The partner directory: the list in the order of a month's credit, and the page of one partner."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.services.reading import person_name
from partners import services
from partners.directory import ORDERS, listing
from partners.filters import PartnerFilter
from partners.models import Partner
from partners.permissions import is_contact
from partners.profile_page import profile
from partners.rows import legend, partner_rows
from partners.views.loading import month_asked, partner_of
from partners.works import work_rows, works_of
from portal.members.middleware import has_session
from portal.members.models import Member
from portal.ui.filtering import chips, without

PER_PAGE = 25
WORK_PER_PAGE = 20


@login_not_required
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    month, months = month_asked(request)
    ranking = services.ranking(month=month)
    filterset = PartnerFilter(request.GET, queryset=Partner.objects.current())
    order = request.GET.get("order", "") if request.GET.get("order") in ORDERS else ORDERS[0]
    wanted = {partner.organisation_id for partner in filterset.qs}
    listed, unranked = listing(ranking, wanted, order)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = partner_rows(ranking, page.object_list)
    found_chips = chips(filterset.form, request.GET)
    is_first_look = not found_chips and page.number == 1 and order == ORDERS[0]
    volunteers, everyone = services.volunteers_share(month)
    context = {
        "month": month,
        "months": months,
        "filterset": filterset,
        "chips": found_chips,
        "orders": _orders(request, order),
        "page": page,
        "rows": rows,
        "top": [row for row in rows[:3] if row.score] if is_first_look else [],
        "most": max((standing.score for standing in ranking.standings), default=0),
        "unranked": unranked,
        "count": len(listed) + len(unranked),
        "legend": legend(),
        "has_partners": bool(ranking.partners),
        "run": ranking.run,
        "volunteers": volunteers,
        "everyone": everyone,
        "volunteers_percent": round(volunteers / everyone * 100) if everyone else None,
    }
    return render(request, "partners/partner_list.html", context)


def _orders(request: HttpRequest, current: str) -> list[dict[str, object]]:
    labels = {"rank": _("by rank"), "name": _("by name"), "newest": _("newest first")}
    return [
        {"label": labels[key], "url": without(request.GET, "page", order=key), "current": key == current}
        for key in ORDERS
    ]


@login_not_required
@require_safe
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    partner = partner_of(slug)
    month, months = month_asked(request)
    ranking = services.ranking(month=month)
    standing = next((one for one in ranking.standings if one.organisation == partner.organisation_id), None)
    page = Paginator(works_of(ranking, standing) if standing else [], WORK_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "partner": partner,
        "month": month,
        "months": months,
        "row": partner_rows(ranking, [standing])[0] if standing else None,
        "n_ranked": len(ranking.standings),
        "run": ranking.run,
        "people": [person_name(member) for member in _people(partner)],
        "page": page,
        "work": work_rows(page.object_list),
        "may_manage": has_session(request) and is_contact(request.user, partner),
        **profile(partner, ranking),
    }
    return render(request, "partners/partner_detail.html", context)


def _people(partner: Partner) -> list[Member]:
    """Who confirmed to work there now and chose to be shown by name: a handle alone tells no employer."""
    return list(
        Member.objects.people()
        .filter(
            affiliations__organisation=partner.organisation_id,
            affiliations__confirmed_at__isnull=False,
            affiliations__days__contains=services.utc_today(),
        )
        .filter(visibility=Member.Visibility.PUBLIC)
        .order_by("handle", "pk")
    )
