"""Places: repositories, channels and categories, each with a page of its own."""

from dataclasses import replace

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import file_response
from dashboard.models import Channel
from dashboard.services import activity
from dashboard.services.place import read_place
from dashboard.views.looking import chosen, look, page_of
from dashboard.views.sharing import shared
from portal.ui.limits import limited

TYPES = ("", *activity.PLACE_TYPES)


@login_not_required
@require_safe
@shared
def places(request: HttpRequest) -> HttpResponse:
    """Places of the scope, busiest first."""
    place_type = chosen(request, "type", TYPES)
    here = look(request, type=place_type)
    rows = activity.places(here.scope, here.until_on) if here.until_on else []
    types = {row.type for row in rows}
    shown = [row for row in rows if not place_type or row.type == place_type]
    page = page_of(request, shown)
    labels = {"": _("All"), **{key: label for key, label in words.PLACES.items() if key in types | {place_type}}}
    context = {
        "page": page,
        "rows": page.object_list,
        "most": max((row.n for row in shown), default=0),
        "total": sum(row.n for row in shown),
        "orders": here.switch("type", labels, place_type) if len(labels) > 2 else [],
        "csv_url": here.address("places_csv", type=place_type),
        "json_url": here.address("places_json", type=place_type),
    }
    return render(request, "dashboard/places.html", here.context("places", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def places_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here, place_type = look(request), chosen(request, "type", TYPES)
    rows = activity.places(here.scope, here.until_on, place_type=place_type) if here.until_on else []
    columns = (
        ("place", _("place")),
        ("source", _("source")),
        ("type", _("type")),
        ("contributions", _("contributions")),
        ("url", _("address")),
    )
    lines = ((row.name, row.label, str(words.PLACE.get(row.type, row.type)), row.n, row.url) for row in rows)
    return file_response(form, f"places-{here.scope.days}-days", columns, lines)


@login_not_required
@require_safe
@shared
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place: who was there, what they did, what waits for an answer."""
    channel = get_object_or_404(Channel.objects.select_related("source"), pk=pk)
    here = look(request)
    page = read_place(here.scope, here.until_on, channel) if here.until_on else None
    inside = replace(here, asked=replace(here.asked, scope=here.scope.but(channel=channel.pk, sources=())))
    ways = {
        "contributions_url": inside.address("contributions"),
        "people_url": inside.address("people", people="active"),
        "newcomers_url": inside.address("newcomers"),
        "questions_url": inside.address("questions"),
    }
    return render(request, "dashboard/place.html", here.context("places", page=page, channel=channel, **ways))
