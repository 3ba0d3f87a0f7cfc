"""What an application says so far, as plain values for the criteria."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from meetups import criteria
from meetups.languages import language_name
from meetups.models import Application, ApplicationOrganiser, Group
from portal.places.models import Place, distance_km

NEAR_KM = 500


def neighbours_of(
    place: Place, *, besides: Application | None = None, radius_km: int = NEAR_KM
) -> list[criteria.Neighbour]:
    """Living groups and open applications within the radius, nearest first: a bounding box, then the true distance."""
    spread = radius_km / 111.0
    wide = spread / max(0.05, math.cos(math.radians(place.latitude)))
    boxed = {
        "place__latitude__range": (place.latitude - spread, place.latitude + spread),
        "place__longitude__range": (place.longitude - wide, place.longitude + wide),
    }
    groups = Group.objects.listed().exclude(state=Group.State.ARCHIVED).filter(kind=Group.Kind.MEETUP, **boxed)
    found = [_neighbour(group.name, group.place, place) for group in groups.select_related("place") if group.place]
    others = Application.objects.undecided().filter(kind=Application.Kind.MEETUP, **boxed).select_related("place")
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    found += [_neighbour(str(other), other.place, place) for other in others if other.place]
    return sorted((one for one in found if one.km <= radius_km), key=lambda one: (one.km, one.name))


def _neighbour(name: str, its: Place, place: Place) -> criteria.Neighbour:
    km = distance_km(place.latitude, place.longitude, its.latitude, its.longitude)
    return criteria.Neighbour(name=name, km=round(km), same_place=its.pk == place.pk)


def answers_of(application: Application) -> criteria.Answers:
    """The answers of one application with what is near it: five queries at most."""
    seats = list(ApplicationOrganiser.objects.filter(application=application, declined_at=None).order_by("pk"))
    accepted = [seat for seat in seats if seat.is_accepted]
    place = application.place
    return criteria.Answers(
        is_online=application.is_online,
        forum_url=application.forum_url,
        interest_note=application.interest_note,
        place=str(place) if place else "",
        neighbours=neighbours_of(place, besides=application) if place and not application.is_online else (),
        languages=[language_name(code) for code in application.languages],
        time_zones_served=application.time_zones_served,
        accepted=[seat.name for seat in accepted],
        invited=[seat.name for seat in seats if seat.is_waiting],
        companies=[seat.organisation for seat in accepted],
        venue_kind=application.venue_kind,
        venue_name=application.venue_name,
        venue_address=application.venue_address,
        venue_contact=application.venue_contact_name,
        platform=application.platform,
        platform_account=application.platform_account,
        launch_on=application.launch_on,
        ordinal=application.slot_ordinal,
        weekday=application.slot_weekday,
        slot=application.slot_text,
        zone=application.time_zone,
    )


def judge(application: Application, *, now: datetime) -> list[criteria.Result]:
    """The six results as of now, in the zone of the group."""
    zone = ZoneInfo(application.time_zone or "UTC")
    return criteria.judge(answers_of(application), today=now.astimezone(zone).date())
