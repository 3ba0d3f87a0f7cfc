"""Work added by hand: proposing it, and taking it back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.grant_form import GrantForm
from dashboard.services import grants
from meetups.permissions import account
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@require_http_methods(["GET", "HEAD", "POST"])
def work_add(request: HttpRequest) -> HttpResponse:
    """One's own work or another's; it counts once a second person has said so."""
    user = account(request)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grants.propose(
                proposal=form.proposal(),
                by=member_of(user),
                now=timezone.now(),
                is_limited=not grants.may_decide(user),
            )
        except grants.Refused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("Thank you. It counts once somebody of the team has looked at it."))
            return redirect("pages:me")
    return render(request, "dashboard/work_add.html", {"form": form})


@require_POST
def work_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did it, or who proposed it while it waits; for others it does not exist."""
    member = member_of(account(request))
    grant = grants.shown_to(member).filter(pk=pk).first()
    if grant is None:
        raise Http404
    try:
        grants.take_back(grant=grant, by=member, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    except PermissionDenied:
        messages.error(request, _("It is confirmed: only who did it can take it back now."))
    else:
        messages.success(request, _("Taken back; it does not count."))
    return redirect("pages:me")
