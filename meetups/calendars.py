"""Calendar files (RFC 5545, RFC 7986) from plain values: the same values always give the same bytes. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Component, Timezone, TimezoneDaylight, TimezoneStandard, vDuration, vText
from icalendar import Event as Vevent

#: How often clients should look again.
REFRESH = timedelta(hours=6)
LONGEST = 3000
DAY = timedelta(days=1)
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/UCT", "UCT", "Universal"})
#: Everything that is no text: control characters but the line feed, and marks that turn the reading direction round.
_NO_TEXT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One date. Times are aware; `zone` is the IANA name of the clock on the wall there."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    text: str
    place: str
    url: str
    category: str
    is_cancelled: bool
    created_at: datetime
    changed_at: datetime


def calendar_file(*, name: str, url: str, host: str, entries: Sequence[Entry]) -> bytes:
    """The whole file: zones trimmed to what is needed, then the entries in the order given."""
    file = Calendar()
    file.add("prodid", f"-//{host}//meetups//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        # As text: the library takes names it does not know for lines that are ready.
        file.add(key, vText(one_line(name)))
    file.add("source", url, parameters={"VALUE": "URI"})
    file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", vDuration(REFRESH))
    for zone in _zones(entries):
        file.add_component(zone)
    for entry in entries:
        file.add_component(_vevent(entry))
    return file.to_ical()


def plain(text: str, longest: int = LONGEST) -> str:
    """Text that cannot break out of its line nor hide what it says."""
    lines = re.sub("\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    return _NO_TEXT.sub("", lines)[:longest].strip()


def one_line(text: str) -> str:
    return plain(text, 500).replace("\n", " ")


def _vevent(entry: Entry) -> Component:
    event = Vevent()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # From the data, never from "now", or every reading would differ.
    for key in ("dtstamp", "last-modified"):
        event.add(key, _second(entry.changed_at))
    event.add("created", _second(entry.created_at))
    _add_times(event, entry)
    event.add("summary", one_line(entry.title))
    event.add("description", plain(entry.text))
    if entry.place:
        event.add("location", one_line(entry.place))
    event.add("url", entry.url)
    event.add("categories", [one_line(entry.category)])
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    return event


def _add_times(event: Vevent, entry: Entry) -> None:
    """Wall time with its zone; an end that the clock shows twice is told by the length instead."""
    starts, ends = (_second(at).astimezone(_clock(entry.zone)) for at in (entry.starts_at, entry.ends_at))
    event.add("dtstart", starts)
    if starts.fold or ends.fold:
        event.add("duration", _second(entry.ends_at) - _second(entry.starts_at))
    else:
        event.add("dtend", ends)


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def _clock(zone: str) -> ZoneInfo:
    return ZoneInfo("UTC" if zone in UTC_NAMES else zone)


def _zones(entries: Iterable[Entry]) -> list[Timezone]:
    """One definition for each zone, from the month of its first entry to that after its last."""
    spans: dict[str, tuple[date, date]] = {}
    for entry in entries:
        if entry.zone in UTC_NAMES:
            continue
        first, last = spans.get(entry.zone, (date.max, date.min))
        spans[entry.zone] = min(first, entry.starts_at.date()), max(last, entry.ends_at.date())
    return [zone_part(name, *_months(*span)) for name, span in sorted(spans.items())]


def _months(first: date, last: date) -> tuple[date, date]:
    before, after = first.replace(day=1) - timedelta(days=1), last.replace(day=28) + timedelta(days=10)
    return before.replace(day=1), after.replace(day=1) + timedelta(days=31)


@lru_cache(maxsize=512)
def zone_part(name: str, first: date, last: date) -> Timezone:
    """A VTIMEZONE that holds from `first` to `last`: how the clock stood, then each time it changed.

    Read day by day: the library's own look at a zone takes steps that miss changes of a few weeks (Morocco's).
    """
    part, zone = Timezone(), ZoneInfo(name)
    part.add("tzid", name)
    moment = datetime.combine(first, time(), UTC)
    local = moment.astimezone(zone)
    part.add_component(_clock_change(local, local))
    while moment.date() < last:
        following = moment + DAY
        if _stands(following, zone) != _stands(moment, zone):
            changed = _first_after(moment, following, zone)
            before = (changed - timedelta(seconds=1)).astimezone(zone)
            part.add_component(_clock_change(before, changed.astimezone(zone)))
        moment = following
    return part


def _stands(moment: datetime, zone: ZoneInfo) -> tuple[timedelta | None, timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.dst(), local.tzname()


def _first_after(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second between the two at which the clock stands as it does after."""
    wanted = _stands(after, zone)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (before, middle) if _stands(middle, zone) == wanted else (middle, after)
    return after


def _clock_change(before: datetime, after: datetime) -> Component:
    """From when a clock stands as it does `after`, in the wall time of `before`."""
    was, now = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    part = TimezoneDaylight() if (after.dst() or timedelta()) > timedelta() else TimezoneStandard()
    part.add("dtstart", after.astimezone(UTC).replace(tzinfo=None) + was)
    part.add("tzoffsetfrom", was)
    part.add("tzoffsetto", now)
    part.add("tzname", after.tzname())
    return part
