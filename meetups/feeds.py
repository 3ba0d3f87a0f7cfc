"""Which dates stand in which calendar: of an event, a group, a place, the whole community, one person."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from meetups.calendars import Entry, calendar_file
from meetups.models import Event, Group, Organiser
from portal.members.models import Member
from portal.places.distances import near
from portal.places.models import Place

#: Raised when the same rows are written in another way.
VERSION = 1
PAST = timedelta(days=90)
CANCELLED = timedelta(days=60)
#: Soonest first; a calendar of thousands of dates is read by nobody and slows every client.
MOST = 500
MOST_PAST = 100
NEAR_KM = 100
ABOUT_LENGTH = 1500


@dataclass(frozen=True)
class Feed:
    """A calendar that was asked for; `body` is written only when the reader has not the same one already."""

    name: str
    path: str
    events: list[Event]
    last_modified: datetime
    file_name: str = "calendar"
    etag: str = field(init=False)

    def __post_init__(self) -> None:
        seen = [(str(one.uid), one.sequence, one.changed_at, one.group_id) for one in self.events]
        groups = sorted({(one.group_id, one.group.name) for one in self.events if one.group})
        known = repr((VERSION, settings.SITE_URL, self.name, seen, groups))
        object.__setattr__(self, "etag", f'"{hashlib.sha256(known.encode()).hexdigest()[:32]}"')

    def body(self) -> bytes:
        """In the site's language, whoever asks: one address has one answer."""
        with translation.override(settings.LANGUAGE_CODE):
            return calendar_file(
                name=self.name,
                url=absolute(self.path),
                host=settings.SITE_HOST,
                entries=[entry_of(event) for event in self.events],
            )


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def uid_of(event: Event) -> str:
    """Stays for the event's whole life, whatever is changed about it."""
    return f"event-{event.uid}@{settings.SITE_HOST}"


def entry_of(event: Event) -> Entry:
    """What everybody may read of a date: never its meeting link, nor anybody's name."""
    url = absolute(event.get_absolute_url())
    title = _("Cancelled: %(title)s") % {"title": event.title} if event.is_cancelled else event.title
    where = ", ".join(part for part in (event.venue_name, event.venue_address) if part)
    return Entry(
        uid=uid_of(event),
        sequence=event.sequence,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.time_zone,
        title=title,
        text="\n\n".join(_lines(event, url)),
        place=where or (str(_("Online")) if event.is_online else ""),
        url=url,
        category=capfirst(str(event.get_format_display())),
        is_cancelled=event.is_cancelled,
        created_at=event.created_at,
        changed_at=event.changed_at,
    )


def _lines(event: Event, url: str) -> Iterable[str]:
    if event.is_cancelled:
        yield _("This date is called off: %(reason)s") % {"reason": event.cancel_reason}
    if event.group is not None:
        yield event.group.name
    if event.about:
        about = event.about[:ABOUT_LENGTH]
        yield about if about == event.about else f"{about} …"
    # Some clients hide the URL of an entry, so it stands in the text too.
    yield _("Where, how to join, and what changed: %(url)s") % {"url": url}


def in_window(events: QuerySet[Event], now: datetime) -> QuerySet[Event]:
    """What calendars hold: public dates to come and of the last months; called-off ones a little shorter."""
    kept = Q(ends_at__gte=now - PAST) & (~Q(state=Event.State.CANCELLED) | Q(ends_at__gte=now - CANCELLED))
    return events.filter(kept).exclude(state=Event.State.DRAFT).exclude(group__state=Group.State.SUSPENDED)


def _feed(events: QuerySet[Event], *, now: datetime, name: str, path: str, file_name: str) -> Feed:
    """Two queries: what is over and what is not."""
    rows = in_window(events, now).select_related("group")
    coming = list(rows.filter(ends_at__gte=now).order_by("starts_at", "pk")[:MOST])
    past = list(rows.filter(ends_at__lt=now).order_by("-starts_at", "-pk")[:MOST_PAST])
    changed = [one.changed_at for one in (*coming, *past)]
    # A suspension takes dates out without touching them.
    moved = Group.objects.aggregate(latest=Max("state_since"))["latest"]
    latest = max(filter(None, [*changed, moved]), default=datetime(2000, 1, 1, tzinfo=UTC))
    return Feed(name, path, [*reversed(past), *coming], latest, file_name)


def _named(what: str) -> str:
    return f"{what} · {settings.COMMUNITY.name}"


def site_feed(*, now: datetime) -> Feed:
    with translation.override(settings.LANGUAGE_CODE):
        name = _named(_("All dates"))
    return _feed(Event.objects.all(), now=now, name=name, path=reverse("meetups:site_ics"), file_name="meetups")


def online_feed(*, now: datetime) -> Feed:
    events = Event.objects.filter(kind=Event.Kind.ONLINE)
    with translation.override(settings.LANGUAGE_CODE):
        name = _named(_("Online"))
    return _feed(events, now=now, name=name, path=reverse("meetups:online_ics"), file_name="online")


def group_feed(group: Group, *, now: datetime) -> Feed:
    path = reverse("meetups:group_ics", args=[group.slug])
    return _feed(group.events.all(), now=now, name=_named(group.name), path=path, file_name=group.slug)


def place_feed(place: Place, *, now: datetime) -> Feed:
    """Of the groups within a hundred kilometres."""
    groups = near(
        Group.objects.listed(), latitude=place.latitude, longitude=place.longitude, km=NEAR_KM, prefix="place__"
    )
    keys = [group.pk for group in groups.only("pk")]
    with translation.override(settings.LANGUAGE_CODE):
        name = _named(_("Around %(place)s") % {"place": place.name})
    path = reverse("meetups:place_ics", args=[place.slug])
    return _feed(Event.objects.filter(group__in=keys), now=now, name=name, path=path, file_name=place.slug)


def personal_feed(member: Member, *, path: str, now: datetime) -> Feed:
    """Of the groups somebody joined or runs."""
    runs = Organiser.objects.current().filter(member=member).values("group")
    mine = Q(group__memberships__member=member) | Q(group__in=runs)
    keys = Event.objects.filter(mine).values("pk")
    with translation.override(settings.LANGUAGE_CODE):
        name = _named(_("My groups"))
    return _feed(Event.objects.filter(pk__in=keys), now=now, name=name, path=path, file_name="my-groups")


def event_feed(event: Event) -> Feed:
    """One date alone, to be put into a calendar once."""
    path = reverse("meetups:event_ics", args=[event.pk])
    return Feed(_named(event.title), path, [event], event.changed_at, event.slug)
