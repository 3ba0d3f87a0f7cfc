"""A place's page: finding it, saying what one would do there, and beginning an application for it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from meetups.forms.interest import InterestForm
from meetups.permissions import account
from meetups.place_page import read_place
from meetups.services import interest
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of
from portal.places.forms import PlaceChoiceForm
from portal.places.models import Place


@login_not_required
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """Which town: one town leads to its page, several are offered. `or=groups`: what is no town is searched as text."""
    form = PlaceChoiceForm(request.GET if request.GET else None)
    if form.is_valid():
        return redirect("meetups:place_detail", slug=form.cleaned_data["place"].slug)
    is_town = form.has_error("place", "several") or form.has_error("place", "many")
    if request.GET.get("or") == "groups" and not is_town:
        text = request.GET.get("place_text", "").strip()
        return redirect(f"{reverse('meetups:group_list')}?{urlencode({'text': text})}")
    return render(request, "meetups/place_list.html", {"form": form})


@login_not_required
@require_safe
def place_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Groups here and near, and what people would do here."""
    return _show(request, get_object_or_404(Place, slug=slug))


@require_http_methods(["GET", "HEAD", "POST"])
def place_interest(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what one would do, by POST; somebody who comes here from the sign-in page is only shown the place."""
    place = get_object_or_404(Place, slug=slug)
    if request.method != "POST":
        return redirect("meetups:place_detail", slug=place.slug)
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _show(request, place, form)
    interest.say_interest(member=member_of(account(request)), place=place, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Noted. We write to you when a group starts in %(place)s.") % {"place": place.name})
    return redirect("meetups:place_detail", slug=place.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def place_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take all of it back, by POST only."""
    place = get_object_or_404(Place, slug=slug)
    if request.method == "POST" and interest.withdraw_interest(
        member=member_of(account(request)), place=place, now=timezone.now()
    ):
        messages.success(request, _("Taken back. Nobody counts on you in %(place)s.") % {"place": place.name})
    if request.POST.get("next") == "me":
        return redirect("pages:me")
    return redirect("meetups:place_detail", slug=place.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def place_apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin an application for this place, by POST only; who has a draft for it goes on with that one."""
    place = get_object_or_404(Place, slug=slug)
    if request.method != "POST":
        return redirect("meetups:place_detail", slug=place.slug)
    user = account(request)
    try:
        draft = interest.apply_for_place(member=member_of(user), user=user, place=place, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("meetups:place_detail", slug=place.slug)
    return redirect("meetups:application_part", public_id=draft.public_id, part="interest")


def _show(request: HttpRequest, place: Place, form: InterestForm | None = None) -> HttpResponse:
    page = read_place(place=place, reader=request.user, now=timezone.now())
    said = {"kinds": page.own.kinds, "wants_introduction": page.own.wants_introduction}
    path = reverse("meetups:place_detail", args=[place.slug])
    context = {"page": page, "place": place, "form": form or InterestForm(initial=said), "place_path": path}
    return render(request, "meetups/place_detail.html", context)
