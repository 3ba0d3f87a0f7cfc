"""The reader's own data: an account that is not theirs, all of it as a file, and being erased."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.services.effects import work_of
from portal.members.models import Identity
from portal.members.services import ErasureRefused, SplitRefused, split_identity
from portal.pages import privacy
from portal.pages.me import own_member, own_user
from portal.pages.me_forms import EraseForm


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is kept, with the ways to have it and to have it gone."""
    member = own_member(request)
    return render(request, "pages/me_data.html", {"member": member, "form": EraseForm()})


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """A zip of JSON files with everything that is kept about the reader."""
    response = HttpResponse(privacy.export_for(own_member(request)), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the reader and their account, once they have said that they are sure."""
    member = own_member(request)
    form = EraseForm(request.POST)
    if form.is_valid():
        try:
            privacy.erase(member=member, now=timezone.now())
        except ErasureRefused as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(request, _("You are erased. What you did still counts, and nothing says that it was you."))
            return redirect("pages:home")
    return render(request, "pages/me_data.html", {"member": member, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def account_split(request: HttpRequest, pk: int) -> HttpResponse:
    """An account that is not the reader's: GET shows what would go with it, POST parts it."""
    member = own_member(request)
    identity = get_object_or_404(Identity, pk=pk, member=member)
    if request.method != "POST":
        number, accepted = work_of(identity)
        context = {"identity": identity, "number": number, "accepted": accepted}
        return render(request, "pages/me_split.html", context)
    try:
        split_identity(identity=identity, by=own_user(request))
    except SplitRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted: this account is somebody else\u2019s."))
    return redirect("pages:me")
