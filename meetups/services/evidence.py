"""What an application says so far, as plain values for the criteria."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings

from meetups import criteria
from meetups.languages import language_name
from meetups.models import Application, ApplicationOrganiser, Group
from portal.places.distances import near
from portal.places.models import Place

NEAR_KM = 500
MOST = 5


def neighbours_of(place: Place, *, besides: Application | None = None) -> list[criteria.Neighbour]:
    """Living groups and open applications within `NEAR_KM`, nearest first; not `besides`, nor the group it became."""
    groups = Group.objects.listed().exclude(state=Group.State.ARCHIVED).filter(kind=Group.Kind.MEETUP)
    others = Application.objects.undecided().filter(kind=Application.Kind.MEETUP)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
        groups = groups.exclude(pk=besides.group_id) if besides.group_id else groups
    lat, lon = place.latitude, place.longitude
    near_groups = near(groups, latitude=lat, longitude=lon, km=NEAR_KM, prefix="place__")
    near_others = near(others, latitude=lat, longitude=lon, km=NEAR_KM, prefix="place__")
    rows: list[Group | Application] = [*near_groups[:MOST], *near_others[:MOST]]
    found = [
        criteria.Neighbour(name=str(row), km=round(row.distance_km), same_place=row.place_id == place.pk)  # type: ignore[union-attr]
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.km, one.name))


def answers_of(
    application: Application, *, seats: Iterable[ApplicationOrganiser], neighbours: Sequence[criteria.Neighbour]
) -> criteria.Answers:
    """The answers of one application as plain values; no query when place and seats are loaded."""
    seats = sorted((seat for seat in seats if seat.declined_at is None), key=lambda seat: seat.pk)
    accepted = [seat for seat in seats if seat.is_accepted]
    place = application.place
    return criteria.Answers(
        is_online=application.is_online,
        forum_url=application.forum_url,
        interest_note=application.interest_note,
        place=str(place) if place else "",
        neighbours=neighbours,
        radius_km=settings.GROUP_RADIUS_KM,
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
    """The six results as of now, in the zone of the group: three queries."""
    is_in_town = application.place is not None and not application.is_online
    neighbours = neighbours_of(application.place, besides=application) if application.place and is_in_town else []
    return judge_loaded(application, seats=application.organisers.all(), neighbours=neighbours, now=now)


def judge_loaded(
    application: Application,
    *,
    seats: Iterable[ApplicationOrganiser],
    neighbours: Sequence[criteria.Neighbour],
    now: datetime,
) -> list[criteria.Result]:
    """The same for lists, from rows that were read before."""
    answers = answers_of(application, seats=seats, neighbours=neighbours)
    return criteria.judge(answers, today=application.today(now))
