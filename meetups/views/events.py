"""Events: the list, one of them, and what organisers do with them."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetups.filters import EventFilter, occurring_countries
from meetups.forms.clocks import ZONES
from meetups.forms.events import CancelForm, EventForm, HeldForm
from meetups.group_page import sponsorships_of
from meetups.models import Event, Group
from meetups.permissions import account, may_organise, may_see_event
from meetups.services import events
from meetups.subscribing import ways_to_keep, ways_to_subscribe
from portal.jobs.transitions import MoveRefused
from portal.members.services import member_of
from portal.ui.filtering import chips

PAGE_SIZE = 24


@login_not_required
@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """Upcoming events by date; past ones on their own tab."""
    now, is_past = timezone.now(), request.GET.get("when") == "past"
    rows = Event.objects.happened(now) if is_past else Event.objects.upcoming(now)
    filterset = EventFilter(
        request.GET, queryset=rows, countries=occurring_countries(rows, "group__place__country_code")
    )
    page = Paginator(filterset.qs.select_related("group__place"), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"filterset": filterset, "page": page, "chips": chips(filterset.form, request.GET), "is_past": is_past}
    context["ways"] = ways_to_subscribe(path=reverse("meetups:site_ics"), name=settings.COMMUNITY.name)
    return render(request, "meetups/event_list.html", {**context, "tabs": _tabs(request, is_past=is_past)})


def _tabs(request: HttpRequest, *, is_past: bool) -> list[dict[str, object]]:
    coming, over = request.GET.copy(), request.GET.copy()
    for query in (coming, over):
        query.pop("page", None)
    coming.pop("when", None)
    over["when"] = "past"
    return [
        {"label": _("Upcoming"), "url": f"?{coming.urlencode()}", "current": not is_past},
        {"label": _("Past"), "url": f"?{over.urlencode()}", "current": is_past},
    ]


def _all_events() -> QuerySet[Event]:
    return Event.objects.select_related("group__place", "series")


@login_not_required
@require_safe
def event_detail(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One event; an old title in the address leads to the new one."""
    event = get_object_or_404(_all_events(), pk=pk)
    if not may_see_event(request.user, event):
        raise Http404
    if slug != event.slug:
        return redirect(event, permanent=True)
    now = timezone.now()
    context = {
        "event": event,
        "group": event.group,
        "can_organise": may_organise(request.user, event.group),
        "has_begun": event.has_begun(now),
        "is_over": event.ends_at < now,
        "may_see_link": request.user.is_authenticated,
        "keep": ways_to_keep(event) if event.state == Event.State.PUBLISHED and event.ends_at > now else None,
        "needs": event.needs.shown(now.date()),
        "sponsorships": sponsorships_of(event, now),
        "others": event.group.events.upcoming(now).exclude(pk=event.pk)[:3] if event.group else [],
    }
    return render(request, "meetups/event_detail.html", context)


def _own_event(request: HttpRequest, pk: int) -> Event:
    """The event, for those who may organise it; everybody else is refused."""
    event = get_object_or_404(_all_events(), pk=pk)
    if not may_organise(request.user, event.group):
        raise PermissionDenied
    return event


@require_http_methods(["GET", "HEAD", "POST"])
def event_create(request: HttpRequest, slug: str) -> HttpResponse:
    # A community elsewhere keeps its dates where it is.
    groups = Group.objects.exclude(kind=Group.Kind.EXTERNAL).select_related("place")
    group = get_object_or_404(groups, slug=slug)
    if not may_organise(request.user, group):
        raise PermissionDenied
    series = group.series.first()
    start: dict[str, object] = {"time_zone": group.time_zone}
    if series is not None:
        start |= {name: getattr(series, name) for name in ("venue_name", "venue_address", "minutes")}
        start["time"] = series.starts_local
    form = EventForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        event, moved = events.create_event(
            group=group,
            by=member_of(account(request)),
            answers=form.answers(),
            now=timezone.now(),
            key=form.cleaned_data["key"],
        )
        messages.success(request, _("Saved as a draft. Publish it when it is ready."))
        _warn_if_moved(request, event, moved=moved)
        return redirect(event)
    return render(request, "meetups/event_form.html", {"form": form, "group": group, "zones": sorted(ZONES)})


@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: HttpRequest, pk: int) -> HttpResponse:
    event = _own_event(request, pk)
    form = EventForm(request.POST or None, initial=EventForm.initial_of(event))
    if request.method == "POST" and form.is_valid():
        try:
            event, moved = events.edit_event(event=event, answers=form.answers(), now=timezone.now())
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            _warn_if_moved(request, event, moved=moved)
            return redirect(event)
    context = {"form": form, "event": event, "group": event.group, "zones": sorted(ZONES)}
    return render(request, "meetups/event_form.html", context)


def _warn_if_moved(request: HttpRequest, event: Event, *, moved: bool) -> None:
    if moved:
        text = _("The clocks change that night and the time you chose does not exist: the event starts at %(time)s.")
        messages.warning(request, text % {"time": event.starts_local.strftime("%H:%M")})


@require_POST
def event_publish(request: HttpRequest, pk: int) -> HttpResponse:
    event = _own_event(request, pk)
    try:
        event = events.publish_event(event=event, now=timezone.now())
    except MoveRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(title)s” is public now.") % {"title": event.title})
    return redirect(event)


def _ask_then(
    request: HttpRequest, event: Event, form: Form, act: Callable[[Form], Event], template: str, done: str
) -> HttpResponse:
    """A page with one question; its answer moves the event."""
    if request.method == "POST" and form.is_valid():
        try:
            event = act(form)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(event)
    return render(request, template, {"form": form, "event": event, "group": event.group})


@require_http_methods(["GET", "HEAD", "POST"])
def event_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    event, now = _own_event(request, pk), timezone.now()

    def act(form: Form) -> Event:
        return events.cancel_event(event=event, reason=form.cleaned_data["reason"], now=now)

    form = CancelForm(request.POST or None)
    return _ask_then(request, event, form, act, "meetups/event_cancel.html", _("The event is cancelled."))


@require_http_methods(["GET", "HEAD", "POST"])
def event_held(request: HttpRequest, pk: int) -> HttpResponse:
    event, now = _own_event(request, pk), timezone.now()

    def act(form: Form) -> Event:
        return events.mark_held(event=event, attended=form.cleaned_data["attended"], now=now)

    form = HeldForm(request.POST or None)
    return _ask_then(request, event, form, act, "meetups/event_held.html", _("Thank you. It counts as held now."))
