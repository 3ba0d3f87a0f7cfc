"""The public list of open applications, and whether one's own name stands in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from meetups.permissions import account
from meetups.services import invitations
from meetups.tracker import read_tracker
from meetups.views.applications import own_application
from portal.members.services import member_of


@login_not_required
@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """Open applications: filters in the address. Drafts and closed ones never appear."""
    tracker = read_tracker(query=request.GET, now=timezone.now())
    return render(request, "meetups/application_list.html", {"tracker": tracker})


@require_POST
def my_name(request: HttpRequest, public_id: object) -> HttpResponse:
    """The reader shows their name in the public list, or takes it away; nobody does that for others."""
    application = own_application(request, public_id)
    shows = request.POST.get("shows_name") == "1"
    if not invitations.show_name(application=application, member=member_of(account(request)), shows=shows):
        raise Http404
    messages.success(
        request,
        _("Your name is shown in the list of applications.") if shows else _("Your name is not shown in the list."),
    )
    if application.is_editable:
        return redirect("meetups:application_part", public_id=application.public_id, part="organisers")
    return redirect(application)
