"""The dashboard itself, its weights, and the form of its filters."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import file_response
from dashboard.filters import read
from dashboard.levels import DEFAULT
from dashboard.models import Source, WeightVersion
from dashboard.services import activity, options
from dashboard.services.level_rules import rule_on, version_on
from dashboard.services.organisations import ORDERS as ORGANISATION_ORDERS
from dashboard.services.overview import Overview
from dashboard.services.overview import overview as read_overview
from dashboard.services.people import ORDERS
from dashboard.views.drawing import fact_urls, growth_chart, health_rows, heat_chart, levels_summary, pyramid_rows
from dashboard.views.looking import Look, chosen, look
from dashboard.views.sharing import shared
from dashboard.views.thresholds import organisation_rule_notes, rule_notes
from portal.ui.limits import limited

PARTS = ("service", "kind")
#: Questions of the page's own parts; the first answer is the usual one.
QUESTIONS = {"people": tuple(ORDERS), "organisations": tuple(ORGANISATION_ORDERS), "by": PARTS}
#: Pages that the form of filters can lead back to.
LISTS = ("overview", "people", "newcomers", "organisations", "places", "questions", "contributions")


@login_not_required
@require_safe
@shared
def overview(request: HttpRequest) -> HttpResponse:
    """The six parts of the page."""
    asked = {key: chosen(request, key, known) for key, known in QUESTIONS.items()}
    extra = {key: "" if value == QUESTIONS[key][0] else value for key, value in asked.items()}
    here = look(request, **extra)
    page = read_overview(
        here.scope, people_by=asked["people"], organisations_by=asked["organisations"], part=asked["by"]
    )
    context: dict[str, Any] = {
        "overview": page,
        "people_by": asked["people"],
        "organisations_by": asked["organisations"],
        "has_source": page is not None and bool(here.sources),
    }
    if page is not None:
        csv_url = here.address("activity_csv", by=extra["by"])
        context |= _parts(here, replace(page, chart=replace(page.chart, csv_url=csv_url)), asked, extra)
    return render(request, "dashboard/overview.html", here.context("overview", **context))


def _parts(here: Look, page: Overview, asked: dict[str, str], extra: dict[str, str]) -> dict[str, Any]:
    people = {"credit": _("Most credit"), "active": _("Most active"), "answers": _("Most answers")}
    organisations = {"credit": _("Credit"), "people": _("People"), "active": _("Activity")}
    parts = {"service": _("By source"), "kind": _("By kind")}
    return {
        "overview": page,
        "orders": here.switch("people", people, asked["people"], "#people"),
        "organisation_orders": here.switch("organisations", organisations, asked["organisations"], "#organisations"),
        "parts": here.switch("by", parts, asked["by"], "#activity-title"),
        "heat": heat_chart(page.heat),
        "growth": growth_chart(page.totals["growth"]),
        "pyramid": pyramid_rows(here, page, rule_on(page.until_on)),
        "levels_summary": levels_summary(page),
        "health": health_rows(here, page),
        "fact_urls": fact_urls(here),
        "people_url": here.address("people", people=extra["people"]),
        "everybody_url": here.address("people", people="active"),
        "organisations_url": here.address("organisations", by=extra["organisations"]),
        "most": getattr(page, f"most_{asked['organisations']}"),
    }


@login_not_required
@limited(per_minute=60)
@require_safe
def activity_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """Contributions per day and source, or kind."""
    here, part = look(request), chosen(request, "by", PARTS)
    rows = activity.days_by(here.scope, here.until_on, part) if here.until_on else []
    name_of = words.service_label if part == "service" else words.line
    columns = (("day", _("day")), ("name", _("source") if part == "service" else _("kind")), ("n", _("contributions")))
    lines = ((day.isoformat(), str(name_of(name)), n) for day, name, n in rows)
    return file_response(form, f"activity-{here.scope.days}-days", columns, lines)


@login_not_required
@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """The form of filters: a page of its own, or, with JavaScript, the part that opens on the page it is asked from.

    Sent, it leads to an address with nothing in it but what was chosen.
    """
    asked, to = read(request.GET), chosen(request, "to", LISTS)
    if "go" in request.GET and not asked.problems:
        return redirect(reverse(f"dashboard:{to}") + asked.scope.query)
    context = {
        "asked": asked,
        "scope": asked.scope,
        "days": asked.scope.days,
        "fields": options.fields(asked),
        "to": to,
        "problems": asked.problems,
    }
    part = "dashboard/parts/filter_form.html" if request.headers.get("HX-Request") else "dashboard/filters.html"
    answer = render(request, part, context)
    answer["Vary"] = "HX-Request"
    return answer


@login_not_required
@require_safe
@shared
def rules(request: HttpRequest) -> HttpResponse:
    """What counts how much."""
    version = WeightVersion.objects.in_force(timezone.now().date()).prefetch_related("weights").first()
    rows = [(words.line(weight.kind, weight.state), weight) for weight in version.weights.all()] if version else []
    rows.sort(key=lambda row: (-row[1].credit, -row[1].recognition, str(row[0])))
    level_version = version_on(timezone.now().date())
    rule = level_version.rule if level_version else DEFAULT.rule
    context = {
        "version": version,
        "rows": rows,
        "has_source": Source.objects.exists(),
        "level_version": level_version,
        "rule": rule,
        "levels": [(words.level(key), note) for key, note in rule_notes(rule).items()],
        "organisation_levels": [
            (words.organisation_level(key), note) for key, note in organisation_rule_notes(rule).items()
        ],
    }
    return render(request, "dashboard/rules.html", context)
