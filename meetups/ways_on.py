"""Where somebody goes who found no group: the nearest one, the page of the town they meant, their own beginning."""

from dataclasses import dataclass

from meetups.group_filter import Origin
from meetups.models import Group
from portal.places.distances import near
from portal.places.models import Place
from portal.places.search import called


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest group that is alive, and how far it is."""

    group: Group
    km: int


@dataclass(frozen=True, slots=True)
class WaysOn:
    """`place` is the town that was typed or named; `from_name` says what the distance is measured from."""

    place: Place | None
    from_name: str
    nearest: Nearest | None


def read_ways_on(*, text: str, origin: Origin | None) -> WaysOn:
    """At most two queries: the town of that name, and the group nearest to it."""
    place = origin.place if origin else called(text)
    if origin is None and place is None:
        return WaysOn(None, "", None)
    latitude, longitude = (origin.latitude, origin.longitude) if origin else (place.latitude, place.longitude)  # type: ignore[union-attr]
    name = origin.name if origin else place.name  # type: ignore[union-attr]
    groups = Group.objects.alive().filter(place__isnull=False).select_related("place")
    found = near(groups, latitude=latitude, longitude=longitude, prefix="place__").first()
    nearest = Nearest(found, round(found.distance_km)) if found else None  # type: ignore[attr-defined]
    return WaysOn(place, name, nearest)
