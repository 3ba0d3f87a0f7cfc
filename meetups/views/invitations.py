"""Inviting organisers, and the page on which they answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.applications import InviteForm
from meetups.models import ApplicationOrganiser
from meetups.permissions import account
from meetups.services import invitations
from meetups.views.applications import own_application, show_part
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@require_POST
def organiser_invite(request: HttpRequest, public_id: object) -> HttpResponse:
    """Ask somebody by name and address; the form stays filled when something is wrong."""
    application = own_application(request, public_id)
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            seat = invitations.invite(application=application, now=timezone.now(), **form.cleaned_data)
        except MoveRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("We wrote to %(name)s.") % {"name": seat.name})
            return redirect("meetups:application_part", public_id=application.public_id, part="organisers")
    return show_part(request, application, "organisers", form)


@require_POST
def organiser_remove(request: HttpRequest, public_id: object, pk: int) -> HttpResponse:
    """Take back an invitation nobody answered; or, for oneself, leave the application."""
    application = own_application(request, public_id)
    seat = get_object_or_404(application.organisers.select_related("member"), pk=pk)
    try:
        if seat.member is not None and seat.member.user_id == request.user.pk:
            invitations.decline(seat=seat, now=timezone.now(), by=account(request))
            messages.success(request, _("You are no longer an organiser of this application."))
            return redirect("meetups:application_start")
        invitations.take_back(seat=seat)
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("meetups:application_part", public_id=application.public_id, part="organisers")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks, for what, and two buttons. Looking changes nothing; saying yes needs an account."""
    seat = get_object_or_404(
        ApplicationOrganiser.objects.select_related("application__applicant", "application__place", "member"),
        token=token,
    )
    problem = ""
    if request.method == "POST":
        answer = request.POST.get("answer")
        if answer == "accept" and not request.user.is_authenticated:
            return redirect_to_login(request.path)
        if answer == "accept" and not request.POST.get("agree"):
            problem = _("To be an organiser you need to accept the promises and the Code of Conduct: tick the box.")
        elif answer in {"accept", "decline"}:
            try:
                return _answer(request, seat, accepts=answer == "accept")
            except MoveRefused as refusal:
                problem = str(refusal)
    return render(
        request, "meetups/invitation.html", {"seat": seat, "application": seat.application, "problem": problem}
    )


def _answer(request: HttpRequest, seat: ApplicationOrganiser, *, accepts: bool) -> HttpResponse:
    if accepts:
        invitations.accept(
            seat=seat,
            member=member_of(account(request)),
            now=timezone.now(),
            has_agreed=bool(request.POST.get("agree")),
            shows_name=bool(request.POST.get("shows_name")),
        )
        messages.success(request, _("Thank you. You are an organiser of this application now."))
        return redirect(seat.application)
    by = account(request) if request.user.is_authenticated else None
    invitations.decline(seat=seat, now=timezone.now(), by=by)
    messages.success(
        request, _("Thank you for the answer. We told %(name)s.") % {"name": seat.application.applicant.display_name}
    )
    return redirect("meetups:invitation", token=seat.token)
