"""Where the reader works: adding, answering, correcting and taking away; each shows its effect before it is saved."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.members.models import Affiliation
from portal.members.services import (
    add_affiliation,
    confirm_affiliation,
    correct_affiliation,
    end_affiliation,
    organisation_called,
    reject_affiliation,
    remove_affiliation,
)
from portal.members.services.claims import claim_of
from portal.pages.me import own_member, own_page
from portal.pages.me_effect import do_or_ask
from portal.pages.me_forms import AffiliationForm, DaysForm, EndForm


@require_POST
def affiliation_add(request: HttpRequest) -> HttpResponse:
    """The person says where they work or worked."""
    member = own_member(request)
    form = AffiliationForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data

        def add() -> None:
            organisation = organisation_called(answers["organisation"])
            days = {"from_on": answers["from_on"], "last_on": answers["last_on"]}
            add_affiliation(member=member, organisation=organisation, **days)

        try:
            if asked := do_or_ask(request, member, add):
                return asked
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(organisation)s is on your page now.") % answers)
            return redirect("pages:me")
    return own_page(request, member, affiliation=form)


@require_POST
def affiliation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to a claim that others made."""
    member = own_member(request)
    affiliation = get_object_or_404(Affiliation, pk=pk, member=member)
    return _answer(request, affiliation) or redirect("pages:me")


def _answer(request: HttpRequest, affiliation: Affiliation) -> HttpResponse | None:
    """Take the answer; None once that is done, or the page that shows first what a yes would change."""
    name = {"organisation": affiliation.organisation}
    answer = request.POST.get("answer")
    if answer not in {"yes", "no"}:
        messages.error(request, _("Nothing was changed: answer yes or no about %(organisation)s.") % name)
    elif affiliation.confirmed_at is not None or affiliation.rejected_at is not None:
        messages.error(request, _("Nothing was changed: you answered about %(organisation)s before.") % name)
    elif answer == "no":
        reject_affiliation(affiliation=affiliation)
        messages.success(request, _("Noted: you do not belong to %(organisation)s.") % name)
    else:
        asked = do_or_ask(request, affiliation.member, lambda: confirm_affiliation(affiliation=affiliation))
        if asked is not None:
            return asked
        messages.success(request, _("Thank you: %(organisation)s is on your page now.") % name)
    return None


@require_POST
def affiliation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day somewhere."""
    member = own_member(request)
    affiliation = get_object_or_404(Affiliation.objects.confirmed(), pk=pk, member=member)
    form = EndForm(request.POST, prefix=f"end{pk}")
    if form.is_valid():
        last_on = form.cleaned_data["last_on"]
        try:
            if asked := do_or_ask(request, member, lambda: end_affiliation(affiliation=affiliation, last_on=last_on)):
                return asked
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your last day there is saved."))
            return redirect("pages:me")
    return own_page(request, member, end=(pk, form))


@require_POST
def affiliation_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Other days, or that it was never so."""
    member = own_member(request)
    affiliation = get_object_or_404(Affiliation.objects.confirmed(), pk=pk, member=member)
    if "remove" in request.POST:
        asked = do_or_ask(request, member, lambda: remove_affiliation(affiliation=affiliation))
        if asked is None:
            messages.success(request, _("Noted: you never belonged to %(name)s.") % {"name": affiliation.organisation})
        return asked or redirect("pages:me")
    form = DaysForm(request.POST, prefix=f"days{pk}")
    if form.is_valid():
        days = form.cleaned_data
        try:
            if asked := do_or_ask(request, member, lambda: correct_affiliation(affiliation=affiliation, **days)):
                return asked
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The days are saved."))
            return redirect("pages:me")
    return own_page(request, member, days=(pk, form))


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail: looking changes nothing, the link is the key, no sign-in is needed."""
    affiliation = claim_of(token)
    if affiliation is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, affiliation) or redirect("pages:claim", token=token)
    response = render(request, "pages/claim.html", {"claim": affiliation})
    response["Cache-Control"] = "no-store"
    return response
