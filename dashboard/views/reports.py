"""The frozen reports of months, quarters and years."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from dashboard.models import Report
from dashboard.services import report_page


@login_not_required
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    reports = Report.objects.select_related("update")
    groups: dict[str, list[Report]] = {}
    for report in reports:
        groups.setdefault(report.kind, []).append(report)
    order = [Report.Kind.YEAR, Report.Kind.QUARTER, Report.Kind.MONTH]
    shown: list[Any] = [(kind.label, groups[kind]) for kind in order if kind in groups]
    return render(request, "dashboard/reports.html", {"groups": shown})


@login_not_required
@require_safe
def report_detail(request: HttpRequest, key: str) -> HttpResponse:
    report = get_object_or_404(Report.objects.select_related("update"), key=key)
    return render(request, "dashboard/report.html", {"page": report_page.read(report)})
