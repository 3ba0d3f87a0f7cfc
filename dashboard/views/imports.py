"""The page about the imports: freshness for everybody, what the team has to know and do for the team."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.models import ImportRun
from dashboard.services import import_health
from portal.members import admin_access

STOP_POLLING = 286  # htmx's own: swap, and do not ask again


def is_team(request: HttpRequest) -> bool:
    """Who may see sources in the admin may see here how they are."""
    return admin_access.is_team(request, "dashboard.view_source")


@login_not_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """With `?live=`, the part of the page that asks again while an import runs, of all sources or one by its key."""
    now = timezone.now()
    for_team = is_team(request)
    wanted = request.GET.get("live")
    if wanted is not None and request.headers.get("HX-Request"):
        if not for_team:
            return HttpResponse(status=STOP_POLLING)
        key = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 16 else None
        return render(request, "dashboard/imports.html#live", _live(request, key))
    sources = import_health.public_sources(now)
    context: dict[str, Any] = {"sources": sources, "now": now, "for_team": for_team}
    if for_team:
        context |= {"rows": import_health.team_sources(now), **_live(request, None)}
    return render(request, "dashboard/imports.html", context)


def _live(request: HttpRequest, source: int | None) -> dict[str, Any]:
    """Asks again every few seconds while something is read, now and then while a run waits, else not any more."""
    found = import_health.live_runs(timezone.now(), source=source)
    states = {one.run.state for one in found}
    seconds = 3 if ImportRun.State.RUNNING in states else 15 if ImportRun.State.WAITING in states else 0
    return {"live": found, "poll_seconds": seconds, "live_source": source or ""}
