"""Lists of people: everybody, newcomers, and for the team who is drifting away."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard import words
from dashboard.exports import file_response
from dashboard.services import people as lists
from dashboard.services.drifting import drifting as read_drifting
from dashboard.services.reading import as_newcomer, unnamed_newcomer
from dashboard.views.looking import chosen, look, page_of
from dashboard.views.sharing import shared
from portal.members.admin_access import is_team
from portal.ui.limits import limited

FLAGS = ("", "returning", "rising")


@login_not_required
@require_safe
@shared
def people(request: HttpRequest) -> HttpResponse:
    """Everybody of the scope, in one of three orders."""
    order = chosen(request, "people", tuple(lists.ORDERS))
    flag = chosen(request, "flag", FLAGS)
    here = look(request, people="" if order == "credit" else order, flag=flag)
    page = page_of(request, lists.PeopleList(here.scope, here.until_on, order, flag))
    labels = {"credit": _("Most credit"), "active": _("Most active"), "answers": _("Most answers")}
    context = {
        "page": page,
        "rows": list(page.object_list),
        "people_by": order,
        "orders": here.switch("people", labels, order),
        "flag": flag,
        "no_flag_url": here.scope.address(people=order),
        "csv_url": here.address("people_csv", people=order, flag=flag),
        "json_url": here.address("people_json", people=order, flag=flag),
    }
    return render(request, "dashboard/people.html", here.context("people", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def people_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here = look(request)
    order, flag = chosen(request, "people", tuple(lists.ORDERS)), chosen(request, "flag", FLAGS)
    rows = lists.PeopleList(here.scope, here.until_on, order, flag)
    columns = (
        ("name", _("name")),
        ("organisation", _("organisation")),
        ("level", _("level")),
        ("contributions", _("contributions")),
        ("recognition", _("recognition")),
        ("credit", _("credit")),
        ("answers", _("answers")),
        ("active_days", _("active days")),
        ("is_new", _("new")),
    )
    lines = (
        (
            *(
                r.person.name,
                r.organisation,
                str(words.level(r.level)) if r.level else "",
                r.n,
                r.recognition,
                r.credit,
                r.answers,
            ),
            *(r.active_days, int(r.is_new)),
        )
        for r in rows
    )
    return file_response(form, f"people-{here.scope.days}-days", columns, lines)


@login_not_required
@require_safe
@shared
def newcomers(request: HttpRequest) -> HttpResponse:
    """People who did something here for the first time, newest first."""
    here = look(request)
    rows = lists.newcomers(here.scope, here.until_on) if here.until_on else []
    page = page_of(request, rows)
    context = {
        "page": page,
        "rows": [_newcomer(here.scope, window) for window in page.object_list],
        "csv_url": here.address("newcomers_csv"),
        "json_url": here.address("newcomers_json"),
    }
    return render(request, "dashboard/newcomers.html", here.context("newcomers", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def newcomers_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here = look(request)
    rows = lists.newcomers(here.scope, here.until_on).iterator(chunk_size=2000) if here.until_on else []
    found = (_newcomer(here.scope, window) for window in rows)
    columns = (("name", _("name")), ("on", _("day")), ("did", _("did")), ("title", _("title")), ("url", _("address")))
    lines = (
        (one.person.name, one.at.date().isoformat() if one.at else "", str(one.deed), one.title, one.url)
        for one in found
    )
    return file_response(form, f"newcomers-{here.scope.days}-days", columns, lines)


def _newcomer(scope, window):  # type: ignore[no-untyped-def]
    is_told = window.member.tells_employer or not scope.tells_of_people
    return as_newcomer(window) if is_told else unnamed_newcomer()


@require_safe
def drifting(request: HttpRequest) -> HttpResponse:
    """For the team alone: who does much less than before, and who has gone quiet."""
    if not is_team(request, "dashboard.view_alert"):
        raise Http404
    page = page_of(request, read_drifting(chosen(request, "who", ("fading", "quiet"))))
    who = chosen(request, "who", ("fading", "quiet"))
    here = look(request, who="" if who == "fading" else who)
    labels = {"fading": _("Fading"), "quiet": _("Quiet")}
    context = {"page": page, "rows": list(page.object_list), "who": who, "orders": here.switch("who", labels, who)}
    return render(request, "dashboard/drifting.html", here.context("people", **context))
