"""Questions that wait for an answer."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.exports import file_response
from dashboard.services.questions import open_questions, question_row
from dashboard.views.looking import chosen, look, page_of
from dashboard.views.sharing import shared
from portal.ui.limits import limited

ORDERS = ("oldest", "newest")


@login_not_required
@require_safe
@shared
def questions(request: HttpRequest) -> HttpResponse:
    """Those that wait longest first, or the newest."""
    order = chosen(request, "order", ORDERS)
    here = look(request, order="" if order == "oldest" else order)
    rows = open_questions(here.scope, here.until_on, oldest_first=order == "oldest") if here.until_on else []
    page = page_of(request, rows)
    labels = {"oldest": _("Oldest first"), "newest": _("Newest first")}
    context = {
        "page": page,
        "rows": [question_row(here.scope, row) for row in page.object_list],
        "orders": here.switch("order", labels, order),
        "csv_url": here.address("questions_csv", order=order),
        "json_url": here.address("questions_json", order=order),
    }
    return render(request, "dashboard/questions.html", here.context("questions", **context))


@login_not_required
@limited(per_minute=60)
@require_safe
def questions_file(request: HttpRequest, form: str) -> HttpResponseBase:
    """The same list as a file."""
    here = look(request)
    is_oldest = chosen(request, "order", ORDERS) == "oldest"
    found = open_questions(here.scope, here.until_on, oldest_first=is_oldest) if here.until_on else None
    rows = (question_row(here.scope, row) for row in (found.iterator(chunk_size=2000) if found is not None else []))
    columns = (
        ("asked_at", _("asked at")),
        ("title", _("question")),
        ("asked_by", _("asked by")),
        ("place", _("place")),
        ("source", _("source")),
        ("waiting_days", _("days waiting")),
        ("url", _("address")),
    )
    lines = ((r.asked_at.isoformat(), r.title, r.person.name, r.place, r.label, r.days, r.url) for r in rows)
    return file_response(form, f"questions-{here.scope.days}-days", columns, lines)
