"""The reader's own page: who they are to others, where they work, which accounts are theirs."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups.forms.clocks import ZONES
from portal.members.models import Affiliation, Member, User
from portal.members.services import (
    add_affiliation,
    confirm_affiliation,
    end_affiliation,
    member_of,
    organisation_called,
    reject_affiliation,
)
from portal.pages import me_page
from portal.pages.me_forms import AffiliationForm, EndForm, ProfileForm, organisation_names


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The page; a POST saves the profile."""
    member = _member(request)
    if request.method != "POST":
        return _page(request, member)
    form = ProfileForm(request.POST, instance=member, user=_user(request))
    if not form.is_valid():
        # The form has written the answers into its member; the page around it shows what is saved.
        return _page(request, _member(request), profile=form)
    try:
        form.save()
    except Member.DoesNotExist:
        messages.error(request, _("Nothing was saved: this profile has been erased."))
    else:
        messages.success(request, _("Your profile is saved."))
    return redirect("pages:me")


@require_POST
def affiliation_add(request: HttpRequest) -> HttpResponse:
    """The person says where they work or worked."""
    member = _member(request)
    form = AffiliationForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            with transaction.atomic():
                organisation = organisation_called(answers["organisation"])
                add_affiliation(
                    member=member, organisation=organisation, from_on=answers["from_on"], last_on=answers["last_on"]
                )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%(organisation)s is on your page now.") % {"organisation": organisation})
            return redirect("pages:me")
    return _page(request, member, affiliation=form)


@require_POST
def affiliation_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to a claim that others made."""
    affiliation = get_object_or_404(Affiliation, pk=pk, member=_member(request))
    name = {"organisation": affiliation.organisation}
    answer = request.POST.get("answer")
    if answer not in {"yes", "no"}:
        messages.error(request, _("Nothing was changed: answer yes or no about %(organisation)s.") % name)
    elif not (confirm_affiliation if answer == "yes" else reject_affiliation)(affiliation=affiliation):
        messages.error(request, _("Nothing was changed: you answered about %(organisation)s before.") % name)
    elif answer == "yes":
        messages.success(request, _("Thank you: %(organisation)s is on your page now.") % name)
    else:
        messages.success(request, _("Noted: you do not belong to %(organisation)s.") % name)
    return redirect("pages:me")


@require_POST
def affiliation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day somewhere."""
    member = _member(request)
    affiliation = get_object_or_404(Affiliation.objects.confirmed(), pk=pk, member=member)
    form = EndForm(request.POST, prefix=f"end{pk}")
    if form.is_valid():
        try:
            end_affiliation(affiliation=affiliation, last_on=form.cleaned_data["last_on"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your last day there is saved."))
            return redirect("pages:me")
    return _page(request, member, end=(pk, form))


def _user(request: HttpRequest) -> User:
    """The reader; middleware lets nobody else through to these pages."""
    return cast(User, request.user)


def _member(request: HttpRequest) -> Member:
    return member_of(_user(request))


def _page(
    request: HttpRequest,
    member: Member,
    *,
    profile: ProfileForm | None = None,
    affiliation: AffiliationForm | None = None,
    end: tuple[int, EndForm] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "member": member,
        "profile": profile or ProfileForm(instance=member, user=_user(request)),
        "affiliation": affiliation or AffiliationForm(),
        "organisation_names": organisation_names(),
        **me_page.parts(member, today=timezone.localdate(), end_form=end),
    }
    return render(request, "pages/me.html", {**context, "zones": sorted(ZONES)})
