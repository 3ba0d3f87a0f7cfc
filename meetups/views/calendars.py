"""Calendars to subscribe to, and the page of one's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from meetups import feeds
from meetups.models import CalendarKey, Event, Group
from meetups.permissions import account
from meetups.services import calendar_keys
from meetups.subscribing import ways_to_subscribe
from portal.members.services import member_of
from portal.places.models import Place
from portal.ui.limits import limited

PUBLIC = "public, max-age=900"
PRIVATE = "private, max-age=300"


def _answer(request: HttpRequest, feed: feeds.Feed, *, caching: str = PUBLIC) -> HttpResponseBase:
    """The file, or 304 to who has it already."""
    changed = int(feed.last_modified.timestamp())
    answer = get_conditional_response(request, etag=feed.etag, last_modified=changed)
    if answer is None:
        answer = HttpResponse(feed.body(), content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = f'inline; filename="{feed.file_name}.ics"'
    answer["ETag"], answer["Last-Modified"] = feed.etag, http_date(changed)
    answer["Cache-Control"] = caching
    answer["X-Robots-Tag"] = "noindex"
    return answer


@login_not_required
@limited(per_minute=60)
@require_safe
@gzip_page
def site_ics(request: HttpRequest) -> HttpResponseBase:
    """All public dates."""
    return _answer(request, feeds.site_feed(now=timezone.now()))


@login_not_required
@limited(per_minute=60)
@require_safe
@gzip_page
def online_ics(request: HttpRequest) -> HttpResponseBase:
    """What meets on the net."""
    return _answer(request, feeds.online_feed(now=timezone.now()))


@login_not_required
@limited(per_minute=120)
@require_safe
@gzip_page
def group_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The dates of one group; a suspended one has no page and no calendar."""
    group = get_object_or_404(Group.objects.listed(), slug=slug)
    return _answer(request, feeds.group_feed(group, now=timezone.now()))


@login_not_required
@limited(per_minute=60)
@require_safe
@gzip_page
def place_ics(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The dates of groups around a town."""
    return _answer(request, feeds.place_feed(get_object_or_404(Place, slug=slug), now=timezone.now()))


@login_not_required
@limited(per_minute=120)
@require_safe
@gzip_page
def event_ics(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One date; for visitors drafts do not exist, and a draft is in nobody's calendar yet."""
    event = get_object_or_404(Event.objects.public().select_related("group"), pk=pk)
    return _answer(request, feeds.event_feed(event))


@login_not_required
@limited(per_minute=60)
@require_safe
@gzip_page
def personal_ics(request: HttpRequest, token: str) -> HttpResponseBase:
    """The dates of one's own groups, at an address that nobody can guess and its owner can replace."""
    member = calendar_keys.member_of_key(token)
    if member is None:
        raise Http404
    feed = feeds.personal_feed(member, path=request.path, now=timezone.now())
    return _answer(request, feed, caching=PRIVATE)


@require_http_methods(["GET", "HEAD", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The secret address of one's own calendar: a POST makes, replaces or drops it."""
    member = member_of(account(request))
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            calendar_keys.drop_key(member=member)
            messages.success(
                request, _("The address is gone. What stands in your calendar now stays until you remove it.")
            )
        else:
            calendar_keys.renew_key(member=member, now=timezone.now())
            messages.success(request, _("This is your address now. An earlier one no longer answers."))
        return redirect("meetups:my_calendar")
    key = CalendarKey.objects.filter(member=member).first()
    path = reverse("meetups:personal_ics", args=[key.token]) if key else ""
    context = {
        "key": key,
        "ways": ways_to_subscribe(path=path, name=_("My groups")) if key else None,
        "groups": Group.objects.listed().filter(memberships__member=member).order_by("name"),
    }
    answer = render(request, "meetups/my_calendar.html", context)
    # The page shows a secret: no address it links to hears where the reader came from, and no cache keeps it.
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "no-store"
    return answer
