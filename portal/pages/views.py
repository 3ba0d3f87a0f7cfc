"""Pages above all apps."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.services import reading
from dashboard.services.starting_points import open_starting_points
from portal.members.models import Member
from portal.pages import ways
from portal.pages.home_page import TownForm, read_home
from portal.pages.member_page import kept_member, read_member


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, what is on, who is new, and where to begin."""
    return render(request, "pages/home.html", {"home": read_home(now=timezone.now()), "where": TownForm()})


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Ways to take part, and what a project has marked as good to begin with."""
    shown = {"groups": ways.shown(settings.COMMUNITY.links), "points": open_starting_points()}
    return render(request, "pages/start.html", shown)


@login_not_required
@require_safe
def about_data(request: HttpRequest) -> HttpResponse:
    """What is known of whom, from where, why, and how to have it otherwise."""
    return render(request, "pages/about_data.html", {"sources": reading.freshness()})


@login_not_required
@require_safe
def member(request: HttpRequest, public_id: str) -> HttpResponse:
    """A profile. People who are counted but not named have none; one who was merged is found under the other name."""
    person = get_object_or_404(Member, public_id=public_id)
    kept = kept_member(person)
    if not kept.is_named or kept.is_bot:
        raise Http404
    if kept.pk != person.pk:
        return redirect(kept, permanent=False)
    return render(request, "pages/member.html", {"page": read_member(kept, now=timezone.now())})


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: public pages, and no page of one person."""
    closed = [reverse("pages:me"), "/people/", "/accounts/", "/members/"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
