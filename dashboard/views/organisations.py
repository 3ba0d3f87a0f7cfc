"""The list of organisations."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import file_response
from dashboard.services.organisations import ORDERS, OrganisationList
from dashboard.views.looking import chosen, look, page_of
from dashboard.views.sharing import shared
from portal.ui.limits import limited


@login_not_required
@require_safe
@shared
def organisations(request: HttpRequest) -> HttpResponse:
    """Organisations of the scope, in one of three orders."""
    order = chosen(request, "by", tuple(ORDERS))
    here = look(request, by="" if order == "credit" else order)
    found = OrganisationList(here.scope, here.until_on, order)
    page = page_of(request, found)
    rows, column = list(page.object_list), ORDERS[order][0]
    top = found[:1]
    labels = {"credit": _("Most credit"), "people": _("Most people"), "active": _("Most active")}
    context = {
        "page": page,
        "rows": rows,
        "organisations_by": order,
        "most": getattr(top[0], column) if top else 0,
        "orders": here.switch("by", labels, order),
        "csv_url": here.address("organisations_csv", by=order),
        "json_url": here.address("organisations_json", by=order),
    }
    return render(request, "dashboard/organisations.html", here.context("organisations", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def organisations_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here = look(request)
    rows = OrganisationList(here.scope, here.until_on, chosen(request, "by", tuple(ORDERS)))
    columns = (
        ("organisation", _("organisation")),
        ("level", _("level")),
        ("people", _("people")),
        ("people_with_credit", _("people with credit")),
        ("contributions", _("contributions")),
        ("credit", _("credit")),
    )
    lines = ((r.name, str(words.organisation_level(r.level)), r.people, r.contributors, r.n, r.credit) for r in rows)
    return file_response(form, f"organisations-{here.scope.days}-days", columns, lines)
