"""How the ranking works, told by the rule and the weights themselves; and months as they were published."""

import re

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.models import WeightVersion
from partners import services
from partners.models import Partner, RankingRule, RankingRun
from partners.models.runs import Preset
from partners.services.computing import rule_for


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Rendered from the rule of the last month and the weights of today."""
    today = services.utc_today()
    version = WeightVersion.objects.in_force(today).prefetch_related("weights").first()
    weights = list(version.weights.all()) if version else []
    rows = [(words.line(weight.kind, weight.state), weight) for weight in weights if weight.credit]
    rows.sort(key=lambda row: (-row[1].credit, str(row[0])))
    rule = rule_for(services.last_month(today))
    context = {
        "version": version,
        "rows": rows,
        "free": [words.line(one.kind, one.state) for one in weights if one.recognition and not one.credit],
        "rule": rule,
        "is_tier_first": rule.preset == Preset.MEMBERSHIP,
        "is_savannah": rule.preset == Preset.SAVANNAH,
        "coming": RankingRule.objects.filter(from_on__gt=today).order_by("from_on").first(),
        "corrections": RankingRun.objects.official().filter(revision__gt=1).order_by("-made_at")[:10],
    }
    return render(request, "partners/rules.html", context)


@login_not_required
@require_safe
def run_detail(request: HttpRequest, month: str, revision: int) -> HttpResponse:
    """One revision of a month as it was published, and what it changed."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise Http404
    runs = RankingRun.objects.official().filter(month=f"{month}-01").order_by("revision")
    run = get_object_or_404(runs, revision=revision)
    partners = Partner.objects.current().select_related("organisation").in_bulk(field_name="organisation_id")
    standings = [(one, partners.get(one.organisation_id)) for one in run.standings.defer("work", "lines", "shares")]
    return render(request, "partners/run_detail.html", {"run": run, "runs": runs, "standings": standings})
