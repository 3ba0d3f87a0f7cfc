"""The partner directory, in the order of last month's credit."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import csv_response
from dashboard.models import WeightVersion
from dashboard.services.reading import person_name
from partners import services
from partners.filters import PartnerFilter
from partners.models import Partner
from partners.rows import MonthChoice, credited_work, legend, partner_rows, with_titles, work_row
from portal.members.models import Member
from portal.ui.filtering import chips
from portal.ui.limits import limited

PER_PAGE = 25
WORK_PER_PAGE = 20


@login_not_required
@require_safe
def partner_list(request: HttpRequest) -> HttpResponse:
    today = services.utc_today()
    month = services.month_of(request.GET.get("month", ""), today)
    ranking = services.ranking(month=month)
    filterset = PartnerFilter(request.GET, queryset=Partner.objects.current())
    wanted = set(filterset.qs.values_list("organisation_id", flat=True))
    listed = [standing for standing in ranking.standings if standing.organisation in wanted]
    unranked = [partner for partner in ranking.unranked if partner.organisation_id in wanted]
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    rows = partner_rows(ranking, page.object_list)
    is_first_look = not chips(filterset.form, request.GET) and page.number == 1
    volunteers, everyone = services.volunteers_share(month)
    context = {
        "month": month,
        "months": [MonthChoice(each, each == month) for each in services.ranked_months(today)],
        "filterset": filterset,
        "chips": chips(filterset.form, request.GET),
        "page": page,
        "rows": rows,
        "top": [row for row in rows[:3] if row.score] if is_first_look else [],
        "most": max((row.score for row in rows), default=0),
        "unranked": unranked,
        "count": len(listed) + len(unranked),
        "legend": legend(),
        "has_partners": bool(ranking.partners),
        "volunteers": volunteers,
        "everyone": everyone,
        "volunteers_percent": round(volunteers / everyone * 100) if everyone else None,
    }
    return render(request, "partners/partner_list.html", context)


@login_not_required
@limited(per_minute=60)
@require_safe
def ranking_csv(request: HttpRequest) -> StreamingHttpResponse:
    month = services.month_of(request.GET.get("month", ""), services.utc_today())
    found = services.ranking(month=month)
    header = (_("rank"), _("partner"), _("tier"), _("people"), _("credit"))
    lines = (
        (s.rank, s.name, found.partners[s.organisation].get_tier_display(), s.contributors, s.score)
        for s in found.standings
    )
    return csv_response(f"partners-{month:%Y-%m}.csv", header, lines)


@login_not_required
@require_safe
def partner_detail(request: HttpRequest, slug: str) -> HttpResponse:
    partner = get_object_or_404(
        Partner.objects.current().select_related("organisation__place"), organisation__slug=slug
    )
    today = services.utc_today()
    month = services.month_of(request.GET.get("month", ""), today)
    ranking = services.ranking(month=month)
    standing = next((one for one in ranking.standings if one.organisation == partner.organisation_id), None)
    work = credited_work(partner, month)
    paginator = Paginator(with_titles(work), WORK_PER_PAGE)
    paginator.count = work.count()  # counted without the joins
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "partner": partner,
        "month": month,
        "months": [MonthChoice(each, each == month) for each in services.ranked_months(today)],
        "row": partner_rows(ranking, [standing])[0] if standing else None,
        "n_ranked": len(ranking.standings),
        "people": [person_name(member) for member in _people(partner)],
        "page": page,
        "work": [work_row(one) for one in page.object_list],
        "history": [(each, ranks.get(partner.organisation_id)) for each, ranks in reversed(ranking.history)],
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


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    version = WeightVersion.objects.in_force(timezone.now().date()).prefetch_related("weights").first()
    rows = [
        (words.line(weight.kind, weight.state), weight)
        for weight in (version.weights.all() if version else [])
        if weight.credit
    ]
    rows.sort(key=lambda row: (-row[1].credit, str(row[0])))
    free = [
        words.line(weight.kind, weight.state)
        for weight in (version.weights.all() if version else [])
        if weight.recognition and not weight.credit
    ]
    return render(request, "partners/rules.html", {"version": version, "rows": rows, "free": free})
