"""A seat elsewhere: asking for it after a redirect, and the page on which the others answer."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.offers import SeatForm
from meetups.permissions import account
from meetups.services import seat_offers
from meetups.views.applications import own_application
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@require_POST
def seat_ask(request: HttpRequest, public_id: object) -> HttpResponse:
    """Ask to organise where this application was sent on to."""
    application = own_application(request, public_id)
    form = SeatForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(problem) for problem in form.errors.get("note", [])))
        return redirect(application)
    try:
        is_new = seat_offers.ask_for_seat(
            application=application, member=member_of(account(request)), now=timezone.now(), **form.cleaned_data
        )
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Asked. You hear by mail.") if is_new else _("You asked already; they know."))
    return redirect(application)


@require_http_methods(["GET", "HEAD", "POST"])
def seat_asked(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    """Who asks for a seat in this application; a POST invites them."""
    target = own_application(request, public_id)
    seat = seat_offers.asked_seat(target, pk)
    if seat is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            seat_offers.invite_asker(target=target, seat=seat, now=timezone.now())
        except MoveRefused as refusal:
            problem = str(refusal)
        else:
            messages.success(request, _("We wrote to %(name)s.") % {"name": seat.name})
            return redirect(target)
    context = {"application": target, "seat": seat, "problem": problem}
    return render(request, "meetups/seat_asked.html", context)
