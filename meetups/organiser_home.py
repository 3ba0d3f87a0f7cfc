"""What an organiser of a group has to do next: one line each, most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetups import life
from meetups.criteria import ENOUGH_ORGANISERS
from meetups.models import Event, Group, OnboardingTask, OrganiserRequest

PAST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: a sentence, and where it is done (empty: it says so itself)."""

    key: str
    text: str
    url: str = ""
    label: str = ""


def next_todos(
    *, group: Group, organisers: int, next_event: Event | None, drafts: list[Event], now: datetime
) -> list[Todo]:
    """Three queries, whatever waits."""
    unmarked = group.events.filter(state=Event.State.PUBLISHED, ends_at__lte=now).order_by("-starts_at")[:PAST_SHOWN]
    asking = group.organiser_requests.filter(state=OrganiserRequest.State.WAITING).select_related("member")
    tasks = group.onboarding.filter(done_at=None)
    return [
        *_step_ahead(group),
        *_requests(asking),
        *_past(unmarked),
        *_next_date(group, next_event, drafts),
        *_hands(group, organisers),
        *_onboarding(group, tasks),
    ]


def step_on(group: Group) -> date | None:
    """The day an announced step is taken at the earliest, in the group's town."""
    if not group.next_state or group.announced_at is None:
        return None
    at = life.earliest_step_at(group.announced_at, group.members_told_at)
    return at.astimezone(ZoneInfo(group.time_zone)).date()


def _step_ahead(group: Group) -> Iterable[Todo]:
    day = step_on(group)
    if day is not None:
        words = {"day": date_format(day, "j F Y"), "state": Group.State(group.next_state).label}
        text = _("From %(day)s the group counts as %(state)s, unless a date is published by then.") % words
        yield Todo("step_ahead", text, reverse("meetups:event_create", args=[group.slug]), _("Set a date"))


def _requests(asking: Iterable[OrganiserRequest]) -> Iterable[Todo]:
    for asked in asking:
        text = _("%(name)s would like to run the group with you.") % {"name": asked.member.display_name}
        yield Todo("request", text, reverse("meetups:organiser_request", args=[asked.pk]), _("Read and answer"))


def _past(unmarked: Iterable[Event]) -> Iterable[Todo]:
    for event in unmarked:
        words = {"title": event.title, "day": date_format(event.starts_local, "j F Y")}
        text = _("“%(title)s” on %(day)s: did it take place?") % words
        yield Todo("held", text, reverse("meetups:event_held", args=[event.pk]), _("Say how it was"))


def _next_date(group: Group, next_event: Event | None, drafts: list[Event]) -> Iterable[Todo]:
    if next_event is not None:
        return
    if drafts:
        words = {"title": drafts[0].title, "day": date_format(drafts[0].starts_local, "j F Y")}
        text = _("The next date is a draft still: “%(title)s” on %(day)s.") % words
        yield Todo("publish", text, drafts[0].get_absolute_url(), _("Look and publish"))
    else:
        url = reverse("meetups:event_create", args=[group.slug])
        yield Todo("plan", _("No date is planned."), url, _("Plan one"))


def _hands(group: Group, organisers: int) -> Iterable[Todo]:
    missing = ENOUGH_ORGANISERS - organisers
    if missing > 0:
        text = ngettext(
            "One more organiser is missing: it takes two.", "%(n)d organisers are missing: it takes two.", missing
        ) % {"n": missing}
        yield Todo("hands", text, reverse("meetups:group_organisers", args=[group.slug]), _("Invite somebody"))


def _onboarding(group: Group, tasks: Iterable[OnboardingTask]) -> Iterable[Todo]:
    for task in tasks:
        yield Todo(f"onboarding_{task.key}", _("Still open: %(task)s.") % {"task": task.get_key_display()})
