"""The dashboard and the lists behind its numbers."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import csv_response
from dashboard.models import Source, WeightVersion, WindowTotals
from dashboard.services import overview as parts
from dashboard.services.summaries import WINDOWS
from portal.ui.limits import limited

PER_PAGE = 50


def _days(request: HttpRequest) -> int:
    """The window asked for, 90 days when the address says nothing we know."""
    text = request.GET.get("days", "")
    return int(text) if text in {str(days) for days in WINDOWS} else 90


def _people_by(request: HttpRequest) -> str:
    wanted = request.GET.get("people", "")
    return wanted if wanted in parts.PEOPLE_ORDERS else "credit"


def _address(request: HttpRequest, **changes: object) -> str:
    """This page with some of its parameters changed, back on its first page."""
    query = request.GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        query[key] = str(value)
    return f"?{query.urlencode()}"


def _windows(request: HttpRequest, days: int) -> list[dict[str, Any]]:
    return [
        {"label": _("%(n)s days") % {"n": n}, "url": _address(request, days=n), "current": n == days} for n in WINDOWS
    ]


def _orders(request: HttpRequest, people_by: str) -> list[dict[str, Any]]:
    labels = {"credit": _("Most credit"), "active": _("Most active"), "answers": _("Most answers")}
    return [
        {"label": label, "url": f"{_address(request, people=key)}#people", "current": key == people_by}
        for key, label in labels.items()
    ]


@login_not_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    days, people_by = _days(request), _people_by(request)
    page = parts.overview(days=days, people_by=people_by, csv_url=f"{reverse('dashboard:activity_csv')}?days={days}")
    context = {
        "overview": page,
        "days": days,
        "windows": _windows(request, days),
        "orders": _orders(request, people_by),
        "people_by": people_by,
        "has_source": page is not None and bool(page.freshness),
        "now": timezone.now(),
    }
    return render(request, "dashboard/overview.html", context)


@login_not_required
@limited(per_minute=60)
@require_safe
def activity_csv(request: HttpRequest) -> StreamingHttpResponse:
    days = _days(request)
    row = WindowTotals.objects.filter(days=days).first()
    rows = parts.day_services(row.until_on - timedelta(days=days - 1), row.until_on) if row else []
    lines = ((day.isoformat(), words.service_label(service), n) for day, service, n in rows)
    return csv_response(f"activity-{days}-days.csv", (_("day"), _("source"), _("contributions")), lines)


def _people(request: HttpRequest) -> QuerySet:
    return parts.people_windows(_days(request), _people_by(request), only_new="new" in request.GET)


@login_not_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    days, people_by = _days(request), _people_by(request)
    page = Paginator(_people(request), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [parts.person_row(row, rank) for rank, row in enumerate(page.object_list, start=page.start_index())],
        "days": days,
        "windows": _windows(request, days),
        "orders": _orders(request, people_by),
        "people_by": people_by,
        "only_new": "new" in request.GET,
        "csv_url": f"{reverse('dashboard:people_csv')}{_address(request)}",
    }
    return render(request, "dashboard/people.html", context)


@login_not_required
@limited(per_minute=60)
@require_safe
def people_csv(request: HttpRequest) -> StreamingHttpResponse:
    header = (
        _("name"),
        _("organisation"),
        _("contributions"),
        _("recognition"),
        _("credit"),
        _("answers"),
        _("active days"),
    )
    rows = (parts.person_row(row, rank) for rank, row in enumerate(_people(request), start=1))
    lines = ((r.person.name, r.organisation, r.n, r.recognition, r.credit, r.answers, r.active_days) for r in rows)
    return csv_response(f"people-{_days(request)}-days.csv", header, lines)


@login_not_required
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    days = _days(request)
    page = Paginator(parts.organisation_windows(days), PER_PAGE).get_page(request.GET.get("page"))
    rows = [parts.organisation_row(row) for row in page.object_list]
    context = {
        "page": page,
        "rows": rows,
        "most": max((row.credit for row in rows), default=0),
        "days": days,
        "windows": _windows(request, days),
        "csv_url": f"{reverse('dashboard:organisations_csv')}{_address(request)}",
    }
    return render(request, "dashboard/organisations.html", context)


@login_not_required
@limited(per_minute=60)
@require_safe
def organisations_csv(request: HttpRequest) -> StreamingHttpResponse:
    days = _days(request)
    lines = ((row.name, row.people, row.n, row.credit) for row in parts.organisation_rows(days))
    header = (_("organisation"), _("people"), _("contributions"), _("credit"))
    return csv_response(f"organisations-{days}-days.csv", header, lines)


@login_not_required
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    days = _days(request)
    totals = WindowTotals.objects.filter(days=days).first()
    rows = parts.channel_rows(totals.until_on - timedelta(days=days - 1), totals.until_on) if totals else []
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": page.object_list,
        "most": max((row.n for row in rows), default=0),
        "days": days,
        "windows": _windows(request, days),
    }
    return render(request, "dashboard/channels.html", context)


@login_not_required
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    version = WeightVersion.objects.in_force(timezone.now().date()).prefetch_related("weights").first()
    rows = [(words.line(weight.kind, weight.state), weight) for weight in version.weights.all()] if version else []
    rows.sort(key=lambda row: (-row[1].credit, -row[1].recognition, str(row[0])))
    context = {"version": version, "rows": rows, "has_source": Source.objects.exists()}
    return render(request, "dashboard/rules.html", context)
