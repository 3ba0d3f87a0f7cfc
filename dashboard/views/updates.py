"""The archive of monthly updates, with its feed and mails."""

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.models import MonthlyUpdate, UpdateReader
from dashboard.services import update_letters, updates
from meetups.permissions import account
from portal.members.admin_access import is_team
from portal.ui.markdown import render_markdown

IN_FEED = 24


@login_not_required
@require_safe
def update_list(request: HttpRequest) -> HttpResponse:
    published = MonthlyUpdate.objects.filter(state=MonthlyUpdate.State.PUBLISHED).select_related("report")
    is_reader = request.user.is_authenticated and UpdateReader.objects.filter(user=request.user).exists()
    return render(request, "updates/update_list.html", {"updates": published, "is_reader": is_reader})


@login_not_required
@require_safe
def update_detail(request: HttpRequest, key: str) -> HttpResponse:
    """A draft is the team's: only who may edit it sees it."""
    update = get_object_or_404(MonthlyUpdate.objects.select_related("report"), report__key=key)
    if not update.is_published and not is_team(request, "dashboard.change_monthlyupdate"):
        raise Http404
    near = MonthlyUpdate.objects.filter(state=MonthlyUpdate.State.PUBLISHED).select_related("report")
    context = {
        "update": update,
        "text": updates.text_of_today(update),
        "earlier": near.filter(report__start_on__lt=update.report.start_on).order_by("-report__start_on").first(),
        "later": near.filter(report__start_on__gt=update.report.start_on).order_by("report__start_on").first(),
    }
    return render(request, "updates/update_detail.html", context)


@require_POST
def by_mail(request: HttpRequest) -> HttpResponse:
    """Each update by mail, or no more of it: `want` is "yes" or "no"."""
    if request.POST.get("want") == "yes":
        updates.subscribe(user=account(request), now=timezone.now())
        messages.success(request, _("Each monthly update will come to you by mail."))
    else:
        updates.unsubscribe(user_id=account(request).pk)
        messages.success(request, _("No more monthly updates by mail."))
    return redirect("updates:update_list")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every letter. Mail programs POST to it by themselves (RFC 8058); looking changes nothing."""
    user_id = update_letters.read_stop_token(token)
    if user_id is None:
        raise Http404
    is_done = request.method == "POST"
    if is_done:
        updates.unsubscribe(user_id=user_id)
    return render(request, "updates/stop.html", {"is_done": is_done})


class UpdateFeed(Feed):
    """Atom: the published updates, newest first."""

    feed_type = Atom1Feed
    link = reverse_lazy("updates:update_list")

    def title(self) -> str:
        return _("Monthly updates of %(community)s") % {"community": settings.COMMUNITY.name}

    def feed_url(self) -> str:
        return reverse("updates:update_atom")

    def items(self) -> list[MonthlyUpdate]:
        published = MonthlyUpdate.objects.filter(state=MonthlyUpdate.State.PUBLISHED)
        return list(published.select_related("report")[:IN_FEED])

    def item_title(self, item: MonthlyUpdate) -> str:
        return item.title

    def item_description(self, item: MonthlyUpdate) -> str:
        return render_markdown(updates.text_of_today(item))

    def item_pubdate(self, item: MonthlyUpdate) -> datetime | None:
        return item.published_at

    def item_guid(self, item: MonthlyUpdate) -> str:
        return settings.SITE_URL + item.get_absolute_url()


update_feed = login_not_required(UpdateFeed())
