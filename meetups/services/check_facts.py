"""What the six checks rest on, read from the database (and the forum) as plain values."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import available_timezones

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from meetups.checking import holidays, interest, launch, place, rhythm, room
from meetups.checking.threads import NoTopic, topic_id_of
from meetups.languages import CODES, language_name
from meetups.models import Application, Event, Group, Interest, Series, VenueConfirmation
from meetups.services import forum_threads
from meetups.services.check_people import forum_people, local_day
from portal.places.countries import country_called
from portal.places.distances import near
from portal.places.models import Place
from portal.places.names import fold

#: Groups are looked for as far as the live panel does, so that the nearest can always be named.
NEAR_KM = 500
MOST = 30
#: Parts of an address between commas that are looked up as names of towns.
MOST_PARTS = 4


def interest_facts(application: Application, *, now: datetime) -> interest.Facts:
    """Criterion 1; asks the forum."""
    url = application.forum_url.strip()
    base = interest.Facts(url=url, note=application.interest_note, interested_here=_interested_here(application))
    if not url:
        return base
    if not forum_threads.forum_url():
        return replace(base, trouble=_("The community names no forum here, so the thread cannot be looked at."))
    try:
        topic_id = topic_id_of(url, forum_threads.forum_url())
    except NoTopic as refusal:
        return replace(base, refusal=str(refusal))
    earlier, later = _same_thread(application, topic_id)
    answer = forum_threads.read_thread(topic_id, now=now)
    uids = [poster.uid for poster in answer.thread.posters] if answer.thread else []
    return replace(
        base,
        thread=answer.thread,
        lost=answer.lost,
        trouble=answer.trouble,
        retry_at=answer.retry_at,
        earlier=earlier,
        later=later,
        people=forum_people(application, uids),
    )


def _interested_here(application: Application) -> int:
    """People who said on the page of the town that they would come, without the organisers."""
    if application.place_id is None or application.is_online:
        return 0
    seats = application.organisers.accepted().values("member")
    return Interest.objects.standing().filter(place=application.place_id).exclude(member__in=seats).tally()["people"]


def _same_thread(application: Application, topic_id: int) -> tuple[list[str], list[str]]:
    """Names of other open applications with the same thread: (sent in before this one, after it)."""
    others = Application.objects.undecided().exclude(pk=application.pk).exclude(forum_url="").order_by("submitted_at")
    earlier: list[str] = []
    later: list[str] = []
    for other in others.only("pk", "forum_url", "group_name", "submitted_at"):
        try:
            is_same = topic_id_of(other.forum_url, forum_threads.forum_url()) == topic_id
        except NoTopic:
            continue
        if is_same:
            (earlier if _came_first(other, application) else later).append(str(other))
    return earlier, later


def _came_first(other: Application, application: Application) -> bool:
    """By number: when it was begun. The time it was sent in changes with each revision."""
    return other.pk < application.pk


def place_facts(application: Application) -> place.Facts:
    """Criterion 2 in a town."""
    town = application.place
    label = application.region_label.strip()
    if town is None:
        return place.Facts(region_label=label)
    radius = settings.GROUP_RADIUS_KM
    people = Place.objects.nearest(town.latitude, town.longitude, km=radius).order_by().aggregate(n=Sum("population"))
    return place.Facts(
        town=_town(town),
        region_label=label,
        region_is_country=bool(label and country_called(label)),
        neighbours=neighbours_of(town, besides=application),
        radius_km=radius,
        people_near=people["n"] or 0,
    )


def neighbours_of(town: Place, *, besides: Application) -> list[place.Neighbour]:
    """Groups (sleeping and suspended ones too), open applications and communities elsewhere, nearest first."""
    where = {"latitude": town.latitude, "longitude": town.longitude, "km": NEAR_KM, "prefix": "place__"}
    groups = Group.objects.exclude(state=Group.State.ARCHIVED).exclude(kind=Group.Kind.ONLINE)
    groups = groups.exclude(pk=besides.group_id) if besides.group_id else groups
    others = Application.objects.undecided().filter(kind=Application.Kind.MEETUP).exclude(pk=besides.pk)
    near_groups = near(groups.select_related("place"), **where)[:MOST]  # type: ignore[arg-type]
    near_others = near(others.select_related("place"), **where)[:MOST]  # type: ignore[arg-type]
    found = [_group(group) for group in near_groups] + [_application(one) for one in near_others]
    return sorted(found, key=lambda one: (one.km, one.name))


def _group(group: Group) -> place.Neighbour:
    kind = "elsewhere" if group.kind == Group.Kind.EXTERNAL else "group"
    return place.Neighbour(
        name=group.name,
        km=group.distance_km,  # type: ignore[attr-defined]
        town=_town(cast(Place, group.place)),
        kind=kind,
        state=group.state,
        label=group.region_label,
        url=group.get_absolute_url(),
    )


def _application(application: Application) -> place.Neighbour:
    return place.Neighbour(
        name=str(application),
        km=application.distance_km,  # type: ignore[attr-defined]
        town=_town(cast(Place, application.place)),
        kind="application",
        state=application.state,
        label=application.region_label,
        url=application.get_absolute_url(),
    )


def _town(town: Place) -> place.Town:
    names = [name for name in town.search.split("|") if name]
    return place.Town(key=town.pk, name=town.name, names=names, country=town.country_code, area=town.area_code)


def online_place_facts(application: Application) -> place.OnlineFacts:
    """Criterion 2 of an online group."""
    others = Group.objects.alive().filter(kind=Group.Kind.ONLINE, languages__overlap=application.languages)
    others = others.exclude(pk=application.group_id) if application.group_id else others
    return place.OnlineFacts(
        languages={code: language_name(code) if _is_language(code) else "" for code in application.languages},
        zones_served=application.time_zones_served,
        zone=application.time_zone,
        zone_exists=application.time_zone in available_timezones(),
        others=list(others.order_by("name").values_list("name", flat=True)[:MOST]),
    )


def _is_language(code: str) -> bool:
    return code.replace("_", "-").partition("-")[0].lower() in CODES or language_name(code) != code


def room_facts(application: Application) -> room.Facts:
    """Criterion 4 in a town."""
    town = _town(application.place) if application.place else None
    return room.Facts(
        kind=application.venue_kind,
        kind_label=application.get_venue_kind_display() if application.venue_kind else "",
        name=application.venue_name,
        address=application.venue_address,
        capacity=application.venue_capacity,
        access=application.venue_access,
        contact=application.venue_contact_name,
        town=town.name if town else "",
        names_town=town is not None and place.names_town(application.venue_address, town),
        **_other_town(application),
        asked=[_asked(row) for row in application.venue_confirmations.order_by("-pk")],
    )


def _other_town(application: Application) -> dict[str, Any]:
    """The nearest town of the same country that a part of the address is the name of."""
    town = application.place
    parts = {fold(re.sub(r"\S*\d\S*", " ", part)) for part in application.venue_address.split(",")[1:]}
    named = Q()
    for part in sorted(part for part in parts if len(part) > 2)[:MOST_PARTS]:
        named |= Q(search__contains=f"|{part}|")
    if town is None or not named:
        return {}
    found = Place.objects.filter(named, country_code=town.country_code).exclude(pk=town.pk)
    other = found.nearest(town.latitude, town.longitude).first()
    if other is None:
        return {}
    km = round(other.distance_km)  # type: ignore[attr-defined]
    return {"other_town": other.name, "other_km": km, "radius_km": settings.GROUP_RADIUS_KM}


def _asked(row: VenueConfirmation) -> room.Asked:
    answer = room.Answer.CONFIRMED if row.confirmed_at else room.Answer.WAITING
    answer = room.Answer.DECLINED if row.declined_at else answer
    when = row.confirmed_at or row.declined_at or row.asked_at
    return room.Asked(
        row.venue_name, row.venue_address, answer, contact=row.contact_name, when=date_format(when), note=row.note
    )


def online_room_facts(application: Application) -> room.OnlineFacts:
    """Criterion 4 of an online group."""
    return room.OnlineFacts(platform=application.platform, account=application.platform_account)


def launch_facts(application: Application, *, now: datetime) -> launch.Facts:
    """Criterion 5."""
    day = application.launch_on
    return launch.Facts(
        launch_on=day,
        launch_time=application.launch_time,
        zone=application.time_zone if application.time_zone in available_timezones() else "",
        today=local_day(application, now),
        sent_on=local_day(application, application.submitted_at) if application.submitted_at else None,
        holiday=_holiday(application, day) if day else "",
        clashes=_clashes(application, day) if day else [],
    )


def _holiday(application: Application, day: date) -> str:
    town = None if application.is_online else application.place
    return holidays.holiday_on(day, country=town.country_code, area=town.area_code) if town else ""


def _clashes(application: Application, day: date) -> list[launch.Clash]:
    """Public events of groups in the same town on that local day."""
    if application.is_online or application.place_id is None:
        return []
    rows = Event.objects.public().exclude(state=Event.State.CANCELLED).filter(group__place=application.place_id)
    rows = rows.exclude(group__kind=Group.Kind.EXTERNAL).filter(starts_local__date=day).order_by("starts_local", "pk")
    return [launch.Clash(row.title, f"{row.starts_local:%H:%M}", row.get_absolute_url()) for row in rows[:MOST]]


def rhythm_facts(application: Application, *, now: datetime) -> rhythm.Facts:
    """Criterion 6."""
    facts = rhythm.Facts(
        ordinal=application.slot_ordinal,
        weekday=application.slot_weekday,
        starts=application.slot_time,
        minutes=application.slot_minutes,
        zone=application.time_zone,
        zone_exists=application.time_zone in available_timezones(),
        today=local_day(application, now),
        text=application.slot_text,
        launch_on=application.launch_on,
        same_slot=_same_slot(application),
    )
    days: Iterable[date] = [one.original_on for one in rhythm.upcoming(facts)]
    feasts = {day: name for day in days if (name := _holiday(application, day))}
    return facts if not feasts else rhythm.with_holidays(facts, feasts)


def _same_slot(application: Application) -> list[str]:
    """Living groups within the radius that meet on the same day of the month at an overlapping time."""
    town, slot_time = application.place, application.slot_time
    if application.is_online or town is None or slot_time is None:
        return []
    groups = near(
        Group.objects.alive().filter(kind=Group.Kind.MEETUP),
        latitude=town.latitude,
        longitude=town.longitude,
        km=settings.GROUP_RADIUS_KM,
        prefix="place__",
    ).order_by()
    series = Series.objects.filter(
        group__in=groups.values("pk"),
        ordinal=application.slot_ordinal,
        weekday=application.slot_weekday,
        until_on=None,
        is_paused=False,
    ).select_related("group")
    others = [one for one in series if one.group_id != application.group_id]
    return [one.group.name for one in others if _overlap(slot_time, application.slot_minutes, one)]


def _overlap(starts: time, minutes: int, series: Series) -> bool:
    day = date(2000, 1, 1)  # any day: wall times of one day
    ours, theirs = datetime.combine(day, starts), datetime.combine(day, series.starts_local)
    ours_end = ours + timedelta(minutes=minutes)
    return ours < theirs + timedelta(minutes=series.minutes) and theirs < ours_end
