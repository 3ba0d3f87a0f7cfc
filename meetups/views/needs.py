"""What a group needs: the organisers' page, and what they do with one need."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetups import money, transitions
from meetups.forms.needs import CloseNeedForm, NeedForm
from meetups.models import Event, SponsorshipNeed
from meetups.permissions import account
from meetups.services import needs
from meetups.views.organisers import own_group
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of

#: Which field of the form a refusal belongs to.
AT_FIELD = {"day": "needed_by_on", "event": "event"}
SETTLED_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def group_needs(request: HttpRequest, slug: str) -> HttpResponse:
    """What was asked for and how far it is; a POST asks for one more thing."""
    group, now = own_group(request, slug), timezone.now()
    dates = Event.objects.filter(group=group, state=Event.State.PUBLISHED, ends_at__gt=now).order_by("starts_at")
    today = needs.today_of(group=group, event=None, now=now)
    posted = request.POST if request.method == "POST" else None
    form = NeedForm(posted, group=group, events=dates, today=today)
    if posted is not None and form.is_valid():
        key, by = form.cleaned_data["key"], member_of(account(request))
        try:
            needs.state_need(group=group, by=by, now=now, key=key, **form.answers())
        except MoveRefused as refusal:
            form.add_error(AT_FIELD.get(refusal.reason), str(refusal))
        else:
            messages.success(request, _("It stands on the page of the group now, for partners to see."))
            return redirect("meetups:group_needs", slug=group.slug)
    rows = SponsorshipNeed.objects.filter(group=group).select_related("event")
    context = {
        "group": group,
        "form": form,
        "standing": rows.standing(),
        "settled": rows.exclude(state__in=SponsorshipNeed.STANDING).order_by("-state_since", "-pk")[:SETTLED_SHOWN],
        "currencies": money.COMMON,
    }
    return render(request, "meetups/group_needs.html", context)


def _own_need(request: HttpRequest, slug: str, pk: int) -> SponsorshipNeed:
    group = own_group(request, slug)
    return get_object_or_404(SponsorshipNeed.objects.select_related("event"), pk=pk, group=group)


@require_POST
def need_fulfil(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The group has it."""
    need = _own_need(request, slug, pk)
    try:
        needs.move_need(
            need=need, to=SponsorshipNeed.State.FULFILLED, actors={transitions.ORGANISER}, now=timezone.now()
        )
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Marked as fulfilled: %(what)s.") % {"what": need})
    return redirect("meetups:group_needs", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def need_close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """No longer needed, with a reason."""
    need = _own_need(request, slug, pk)
    form = CloseNeedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            needs.move_need(
                need=need,
                to=SponsorshipNeed.State.CLOSED,
                actors={transitions.ORGANISER},
                now=timezone.now(),
                reason=reason,
            )
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken off the page: %(what)s.") % {"what": need})
            return redirect("meetups:group_needs", slug=slug)
    return render(request, "meetups/need_close.html", {"need": need, "group": need.group, "form": form})
