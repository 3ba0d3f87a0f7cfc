"""The directory, a group's page, joining and leaving."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from meetups.directory import read_directory, read_filters
from meetups.group_map import as_geojson
from meetups.group_page import read_group_page
from meetups.models import Group
from meetups.permissions import account
from meetups.services import groups
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of
from portal.places.positions import read_position
from portal.ui.filtering import without
from portal.ui.limits import limited


@login_not_required
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """The directory: filters in the address, a list, a map of the same groups."""
    if rounded := _rounded(request):
        return redirect(rounded)
    directory = read_directory(query=request.GET, now=timezone.now())
    return render(request, "meetups/group_list.html", {"directory": directory})


def _rounded(request: HttpRequest) -> str:
    """The same question with a position no finer than the portal wants to know; "" when it is that already."""
    position = read_position(request.GET.get("at", ""))
    is_finer = position is not None and str(position) != request.GET["at"]
    return without(request.GET, at=str(position)) if is_finer else ""


@login_not_required
@limited(per_minute=120)
@require_safe
@cache_control(public=True, max_age=60)
@vary_on_headers("Accept-Language", "Cookie")
@gzip_page
def group_geojson(request: HttpRequest) -> JsonResponse:
    """What the map draws: all groups of the same filters."""
    now = timezone.now()
    filterset, _total, _countries = read_filters(query=request.GET, now=now)
    return JsonResponse(as_geojson(filterset.qs, now=now), content_type="application/geo+json")


@login_not_required
@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A group's page; a suspended group has none."""
    groups_here = Group.objects.listed().select_related("place", "forum_category", "link_check", "became")
    group = get_object_or_404(groups_here, slug=slug)
    page = read_group_page(group=group, reader=request.user, now=timezone.now())
    return render(request, "meetups/group_detail.html", {"page": page, "group": group})


@require_http_methods(["GET", "HEAD", "POST"])
def group_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Become a member, by POST; somebody who comes here from the sign-in page is only shown the group."""
    group = get_object_or_404(Group.objects.listed(), slug=slug)
    if request.method != "POST":
        return redirect(group)
    try:
        is_new = groups.join_group(group=group, member=member_of(account(request)))
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        if is_new:
            messages.success(
                request, _("You joined %(group)s. Choose on its page what we write to you.") % {"group": group}
            )
    return redirect(group)


@require_http_methods(["GET", "HEAD", "POST"])
def group_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave, by POST only."""
    group = get_object_or_404(Group.objects.listed(), slug=slug)
    if request.method == "POST" and groups.leave_group(group=group, member=member_of(account(request))):
        messages.success(request, _("You left %(group)s. You can join again any time.") % {"group": group})
    return redirect(group)
