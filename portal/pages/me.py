"""The reader's own page: who they are to others, where they work, which accounts are theirs."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from meetups.forms.clocks import ZONES
from portal.members.models import Member, User
from portal.members.services import member_of
from portal.pages import me_page
from portal.pages.me_forms import AffiliationForm, DaysForm, EndForm, ProfileForm, organisation_names


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """The page; a POST saves the profile."""
    member = own_member(request)
    if request.method != "POST":
        return own_page(request, member)
    form = ProfileForm(request.POST, instance=member, user=own_user(request))
    if not form.is_valid():
        # The form has written the answers into its member; the page around it shows what is saved.
        return own_page(request, own_member(request), profile=form)
    try:
        form.save()
    except Member.DoesNotExist:
        messages.error(request, _("Nothing was saved: this profile has been erased."))
    else:
        messages.success(request, _("Your profile is saved."))
    return redirect("pages:me")


def own_user(request: HttpRequest) -> User:
    """The reader; middleware lets nobody else through to these pages."""
    return cast(User, request.user)


def own_member(request: HttpRequest) -> Member:
    """The reader as a member."""
    return member_of(own_user(request))


def own_page(
    request: HttpRequest,
    member: Member,
    *,
    profile: ProfileForm | None = None,
    affiliation: AffiliationForm | None = None,
    end: tuple[int, EndForm] | None = None,
    days: tuple[int, DaysForm] | None = None,
) -> HttpResponse:
    """The whole page, with the forms that came back with errors."""
    context: dict[str, Any] = {
        "member": member,
        "profile": profile or ProfileForm(instance=member, user=own_user(request)),
        "affiliation": affiliation or AffiliationForm(),
        "organisation_names": organisation_names(),
        **me_page.parts(member, today=timezone.localdate(), end_form=end, days_form=days),
    }
    return render(request, "pages/me.html", {**context, "zones": sorted(ZONES)})
