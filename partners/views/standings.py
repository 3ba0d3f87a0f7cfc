"""A standing explained line by line, and the ranking as files for other programs: CSV, JSON, a badge."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import csv_response
from partners import services
from partners.badge import badge_texts
from partners.models import Partner
from partners.ranking import Line, Standing
from partners.rows import partner_rows
from partners.services import Ranking
from partners.views.loading import month_asked, partner_of
from partners.works import grouped, people_of, tells, work_rows, works_of
from portal.ui.limits import limited

HOUR = 3600


def _standing_of(request: HttpRequest, slug: str) -> tuple[Partner, Ranking, Standing | None]:
    partner = partner_of(slug)
    month, _months = month_asked(request)
    ranking = services.ranking(month=month)
    found = next((one for one in ranking.standings if one.organisation == partner.organisation_id), None)
    return partner, ranking, found


@login_not_required
@limited(per_minute=60)
@require_safe
def partner_explain(request: HttpRequest, slug: str) -> HttpResponse:
    """Every line with its works and their links, adding up to the score."""
    partner, ranking, standing = _standing_of(request, slug)
    context = {
        "partner": partner,
        "month": ranking.month,
        "months": month_asked(request)[1],
        "run": ranking.run,
        "n_ranked": len(ranking.standings),
        "row": partner_rows(ranking, [standing])[0] if standing else None,
        "groups": grouped(works_of(ranking, standing)) if standing else [],
        "tie": _tie(ranking, standing) if standing else "",
    }
    return render(request, "partners/partner_explain.html", context)


def _tie(ranking: Ranking, standing: Standing) -> str:
    """Why a partner with the same credit stands above or below; empty without one."""
    equal = [one for one in ranking.standings if one.score == standing.score and one is not standing]
    if not equal or not standing.score:
        return ""
    words_of = {"n": standing.contributors, "credit": standing.credit_90}
    text = _("Others have the same credit: then more people go first (here %(n)s), then 90 days' credit (%(credit)s).")
    return text % words_of


@login_not_required
@limited(per_minute=60)
@require_safe
def ranking_csv(request: HttpRequest) -> StreamingHttpResponse:
    month, _months = month_asked(request)
    found = services.ranking(month=month)
    header = (_("rank"), _("partner"), _("tier"), _("people"), _("credit"))
    lines = (
        (s.rank, s.name, found.partners[s.organisation].get_tier_display(), s.contributors, s.score)
        for s in found.standings
    )
    return csv_response(f"partners-{month:%Y-%m}.csv", header, lines)


@login_not_required
@limited(per_minute=60)
@require_safe
def ranking_json(request: HttpRequest) -> JsonResponse:
    """A whole month."""
    month, _months = month_asked(request)
    found = services.ranking(month=month)
    standings = [_as_json(found, standing) for standing in found.standings]
    return _open_json({**_month_json(found), "standings": standings})


@login_not_required
@limited(per_minute=60)
@require_safe
def standing_json(request: HttpRequest, slug: str) -> JsonResponse:
    """One partner's month with every line, share and work; people who do not wish to be named are not."""
    _partner, found, standing = _standing_of(request, slug)
    if standing is None:
        raise Http404
    works = work_rows(works_of(found, standing))
    members = people_of(member for member, _points in standing.shares)
    named = {pk: member.display_name for pk, member in members.items() if tells(member)}
    data = {
        **_month_json(found),
        **_as_json(found, standing),
        "lines": [_line_json(one) for one in standing.lines],
        "shares": [{"who": named.get(member or 0), "credit": points} for member, points in standing.shares],
        "work": [
            {"title": str(one.title), "url": one.url or None, "credited_on": one.credited_on, "credit": one.credit}
            for one in works
        ],
    }
    return _open_json(data)


def _line_json(line: Line) -> dict[str, Any]:
    what = str(words.line(line.kind, line.state))
    return {"kind": line.kind, "state": line.state, "what": what, "n": line.n, "each": line.each, "credit": line.points}


def _month_json(found: Ranking) -> dict[str, Any]:
    run = found.run
    return {
        "month": f"{found.month:%Y-%m}",
        "is_frozen": run is not None,
        "revision": run.revision if run else None,
        "rule": run.rule_text if run else None,
        "totals": run.totals if run else None,
    }


def _as_json(found: Ranking, standing: Standing) -> dict[str, Any]:
    partner = found.partners[standing.organisation]
    return {
        "rank": standing.rank,
        "moved": found.moved(standing),
        "partner": standing.name,
        "url": f"{settings.SITE_URL}{partner.get_absolute_url()}",
        "tier": partner.tier,
        "credit": standing.score,
        "people": standing.contributors,
        "largest_share_percent": standing.largest_share,
        "parts": dict(standing.parts),
    }


def _open_json(data: dict[str, Any]) -> JsonResponse:
    """For anybody's page: no cookie decides what is in it."""
    response = JsonResponse(data)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=300"
    return response


@login_not_required
@require_safe
def partner_badge_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """A small picture to show elsewhere: cached, alike for everybody, without cookies."""
    partner = partner_of(slug)
    month = services.last_month(services.utc_today())
    found = services.ranking(month=month)
    standing = next((one for one in found.standings if one.organisation == partner.organisation_id), None)
    body = render_to_string("partners/badge.svg", badge_texts(partner, standing, month))
    response = HttpResponse(body, content_type="image/svg+xml")
    response["ETag"] = f'"{hashlib.sha256(body.encode()).hexdigest()[:20]}"'
    response["Cache-Control"] = f"public, max-age={HOUR}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
