"""Contributions one by one, and bots."""

from datetime import UTC, date, datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.exports import file_response
from dashboard.services import activity, deeds
from dashboard.views.looking import PER_PAGE, look, page_of
from dashboard.views.sharing import shared
from portal.ui.limits import limited


@login_not_required
@require_safe
@shared
def contributions(request: HttpRequest) -> HttpResponse:
    """The newest first; `?day=` one day, `?before=` the next page."""
    day, before = _day(request.GET.get("day", "")), _mark(request.GET.get("before", ""))
    here = look(request, day=day.isoformat() if day else "")
    keys = _keys(here, day, before, PER_PAGE + 1)
    shown = keys[:PER_PAGE]
    extra = {"day": day.isoformat()} if day else {}
    context = {
        "rows": list(deeds.deed_rows(here.scope, shown)),
        "count": None if day or not here.until_on else activity.contributions(here.scope, here.until_on),
        "day": day,
        "is_first": before is None,
        "first_url": here.scope.address(**extra),
        "next_url": here.scope.address(**extra, before=_written(shown[-1])) if len(keys) > PER_PAGE else "",
        "csv_url": here.address("contributions_csv", **extra),
        "json_url": here.address("contributions_json", **extra),
    }
    return render(request, "dashboard/contributions.html", here.context("contributions", **context))


@login_not_required
@limited(per_minute=20)
@require_safe
def contributions_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file, the newest so many."""
    here, day = look(request), _day(request.GET.get("day", ""))
    rows = deeds.deed_rows(here.scope, _keys(here, day, None, deeds.MOST_IN_FILE))
    columns = (
        ("at", _("at")),
        ("name", _("name")),
        ("did", _("did")),
        ("title", _("title")),
        ("place", _("place")),
        ("source", _("source")),
        ("url", _("address")),
    )
    lines = ((r.at.isoformat(), r.person.name, str(r.deed), r.title, r.place, r.label, r.url) for r in rows)
    return file_response(form, f"contributions-{here.scope.days}-days", columns, lines)


@login_not_required
@require_safe
@shared
def bots(request: HttpRequest) -> HttpResponse:
    """Bots, which count nowhere but here."""
    here = look(request)
    rows = deeds.bots(here.scope, here.until_on) if here.until_on else []
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": page.object_list,
        "most": max((row.n for row in rows), default=0),
        "csv_url": here.address("bots_csv"),
        "json_url": here.address("bots_json"),
    }
    return render(request, "dashboard/bots.html", here.context("overview", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def bots_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here = look(request)
    rows = deeds.bots(here.scope, here.until_on) if here.until_on else []
    columns = (("bot", _("bot")), ("sources", _("sources")), ("contributions", _("contributions")))
    lines = ((row.name, ", ".join(row.services), row.n) for row in rows)
    return file_response(form, f"bots-{here.scope.days}-days", columns, lines)


def _keys(here, day: date | None, before: deeds.Mark | None, limit: int) -> list[deeds.Mark]:  # type: ignore[no-untyped-def]
    if here.until_on is None:
        return []
    return deeds.deed_keys(here.scope, here.until_on, day=day, before=before, limit=limit)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _mark(text: str) -> deeds.Mark | None:
    """ "1763978400123456-17": the microsecond and the row that the page before ended with."""
    moment, _dash, pk = text.partition("-")
    if (
        not (moment.isascii() and moment.isdigit() and pk.isascii() and pk.isdigit())
        or len(moment) > 17
        or len(pk) > 18
    ):
        return None
    try:
        seconds, micros = divmod(int(moment), 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), int(pk)
    except (OverflowError, ValueError, OSError):
        return None


def _written(mark: deeds.Mark) -> str:
    at, pk = mark
    return f"{int(at.timestamp()) * 1_000_000 + at.microsecond}-{pk}"
