"""Becoming a partner: why, the application, and where it stands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetups.permissions import account
from partners import transitions
from partners.business_page import business_numbers
from partners.forms import AgainForm, JoinForm
from partners.models import PartnerApplication
from partners.permissions import application_roles
from partners.services import applications
from partners.services.rankings import utc_today
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of


@login_not_required
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """How contributing builds a business, in the community's own numbers."""
    return render(request, "partners/why.html", business_numbers(utc_today()))


@require_http_methods(["GET", "HEAD", "POST"])
def application_start(request: HttpRequest) -> HttpResponse:
    user = account(request)
    form = JoinForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        organisation = answers.pop("organisation")
        try:
            made = applications.send(
                organisation=organisation, applicant=member_of(user), answers=answers, now=timezone.now()
            )
        except MoveRefused as refusal:
            form.add_error("organisation", str(refusal))
        else:
            messages.success(request, _("Sent. The team looks at it; this page shows where it stands."))
            return redirect(made)
    mine = PartnerApplication.objects.filter(applicant__user=user).select_related("organisation")
    context = {"form": form, "mine": mine, "has_organisation": form.fields["organisation"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "partners/application_start.html", context)


def _own(request: HttpRequest, public_id: str) -> PartnerApplication:
    found = get_object_or_404(
        PartnerApplication.objects.select_related("organisation", "applicant"), public_id=public_id
    )
    if transitions.APPLICANT not in application_roles(request.user, found):
        raise PermissionDenied
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def application_detail(request: HttpRequest, public_id: str) -> HttpResponse:
    """Where it stands; after changes were asked for, the form again."""
    application = _own(request, public_id)
    is_asked = application.state == PartnerApplication.State.CHANGES
    answers = {name: getattr(application, name) for name in ("tier", "staff", "about")}
    posted = request.POST if request.method == "POST" else None
    form = AgainForm(posted, user=account(request), initial=answers) if is_asked else None
    if posted is not None and form is not None and form.is_valid():
        try:
            applications.send_again(
                application=application, by=account(request), answers=form.cleaned_data, now=timezone.now()
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Sent again."))
            return redirect(application)
    context = {
        "application": application,
        "form": form,
        "gates": applications.gates(application, today=utc_today()),
        "moves": application.moves.all(),
        "can_withdraw": application.state in {"submitted", "in_review", "changes_requested"},
    }
    return render(request, "partners/application_detail.html", context)


@require_POST
def application_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    application = _own(request, public_id)
    try:
        applications.move(application=application, to="withdrawn", actor=account(request), now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. You may apply again at any time."))
    return redirect(application)
