"""Monthly slots become dates."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from meetups import recurrence
from meetups.models import Event, Group, Series
from meetups.services import member_letters
from meetups.services.events import event_slug

AHEAD = 6


def expand_series(*, series: Series, now: datetime, ahead: int = AHEAD) -> int:
    """See that the next `ahead` dates of the slot exist; returns how many were made.

    A date is known by the day the slot gave it, so what people edited, moved or called off is never touched again.
    """
    group = series.group
    if series.is_paused or group.state not in {Group.State.ONBOARDING, Group.State.ACTIVE, Group.State.QUIET}:
        return 0
    today = now.astimezone(ZoneInfo(series.time_zone)).date()
    start = max(today, series.from_on)
    wanted = recurrence.expand(series.slot, start=start, count=ahead, until=series.until_on)
    wanted = [occurrence for occurrence in wanted if occurrence.starts_at > now]
    known = set(series.events.filter(original_on__gte=start).values_list("original_on", flat=True))
    fresh = [_event(series, occurrence) for occurrence in wanted if occurrence.original_on not in known]
    with transaction.atomic():
        # Two workers at once: the unique pair (series, original day) lets one of them win, silently.
        Event.objects.bulk_create(fresh, ignore_conflicts=True)
        if fresh and _publishes(series):
            member_letters.dates_published(group, fresh, series_id=series.pk)
    return len(fresh)


def _publishes(series: Series) -> bool:
    """A group that fell quiet publishes by hand again: dates that come by themselves are no sign of life."""
    return series.publishes and series.group.state != Group.State.QUIET


def _event(series: Series, occurrence: recurrence.Occurrence) -> Event:
    return Event(
        group=series.group,
        series=series,
        original_on=occurrence.original_on,
        kind=Event.Kind.ONLINE if series.group.kind == Group.Kind.ONLINE else Event.Kind.MEETUP,
        state=Event.State.PUBLISHED if _publishes(series) else Event.State.DRAFT,
        title=series.title,
        slug=event_slug(series.title),
        starts_local=occurrence.starts_local.replace(tzinfo=ZoneInfo("UTC")),
        minutes=series.minutes,
        time_zone=series.time_zone,
        starts_at=occurrence.starts_at,
        ends_at=occurrence.ends_at,
        venue_name=series.venue_name,
        venue_address=series.venue_address,
        is_demo=series.group.is_demo,
    )


def series_to_expand() -> list[int]:
    """Keys of the slots that can have dates: not paused, their group neither dormant, archived nor suspended."""
    alive = Group.objects.alive().values("pk")
    return list(Series.objects.filter(Q(is_paused=False), group__in=alive).order_by("pk").values_list("pk", flat=True))
