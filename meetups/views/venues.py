"""Asking the host of a room, and the page on which the host answers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.venues import HostForm
from meetups.models import VenueConfirmation
from meetups.services import venues
from meetups.views.applications import ask_host, own_application
from portal.jobs.transitions import MoveRefused


@require_POST
def venue_ask(request: HttpRequest, public_id: object) -> HttpResponse:
    """Mail the host; then back to the page the organisers came from."""
    application = own_application(request, public_id)
    ask_host(request, application)
    if application.is_editable:
        return redirect("meetups:application_part", public_id=application.public_id, part="room")
    return redirect(application)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def venue_answer(request: HttpRequest, token: str) -> HttpResponse:
    """Which room, for whom, and three buttons. Looking changes nothing; the link is the key, no account is needed."""
    asked = get_object_or_404(
        VenueConfirmation.objects.select_related("application__applicant", "application__place"), token=token
    )
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(asked, form)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you. The organisers hear of it by mail."))
            return redirect("meetups:venue_answer", token=token)
    application = asked.application
    context = {
        "asked": asked,
        "application": application,
        "form": form,
        "is_over": not (application.is_editable or application.is_open),
        "is_outdated": not asked.is_about(application),
    }
    return render(request, "meetups/venue_answer.html", context)


def _answer(asked: VenueConfirmation, form: HostForm) -> None:
    note, answer, now = form.cleaned_data["note"], form.cleaned_data["answer"], timezone.now()
    if answer == "yes":
        venues.confirm(confirmation=asked, note=note, now=now)
    else:
        venues.decline(confirmation=asked, note=note, now=now, knows_nobody=answer == "unknown")
