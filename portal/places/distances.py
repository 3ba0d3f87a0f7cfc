"""Distances on the globe: great circles in Python and in SQL, and the box around a point that an index can answer."""

import math
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models import F, FloatField, Q, Value
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = math.pi * EARTH_RADIUS_KM / 180

M = TypeVar("M", bound=models.Model)
Rows = models.QuerySet[M, M]


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres (haversine), also across the 180th meridian."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


@dataclass(frozen=True, slots=True)
class Box:
    """Latitudes and one or two ranges of longitudes (two where the box crosses the 180th meridian), in degrees."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]


def box_around(latitude: float, longitude: float, km: float) -> Box:
    """The smallest box of degrees that holds every point within `km`; all longitudes when a pole is inside."""
    reach = km / KM_PER_DEGREE
    south, north = latitude - reach, latitude + reach
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),))
    # The widest point of the circle lies poleward of its centre, so cos(latitude) alone would be too narrow.
    wide = math.degrees(math.asin(min(1.0, math.sin(math.radians(reach)) / math.cos(math.radians(latitude)))))
    west, east = longitude - wide, longitude + wide
    if west < -180:
        return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
    if east > 180:
        return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
    return Box(south, north, ((west, east),))


def near(rows: Rows[M], *, latitude: float, longitude: float, km: float | None = None, prefix: str = "") -> Rows[M]:
    """Rows with `distance_km` from the point, nearest first, only those within `km` when given.

    `prefix` is the way to the place: "" for places themselves, "place__" for groups.
    """
    found = cast(Rows[M], rows.annotate(distance_km=_haversine(latitude, longitude, prefix)))
    if km is not None:
        found = found.filter(_in_box(box_around(latitude, longitude, km), prefix), distance_km__lte=km)
    return found.order_by("distance_km", "pk")


def _in_box(box: Box, prefix: str) -> Q:
    longitudes = Q()
    for west, east in box.longitudes:
        longitudes |= Q(**{f"{prefix}longitude__range": (west, east)})
    return Q(**{f"{prefix}latitude__range": (box.south, box.north)}) & longitudes


def _haversine(latitude: float, longitude: float, prefix: str) -> Any:
    phi = math.radians(latitude)
    their_latitude, their_longitude = F(f"{prefix}latitude"), F(f"{prefix}longitude")
    half = Power(Sin((Radians(their_latitude) - Value(phi)) / Value(2.0)), 2) + Value(math.cos(phi)) * Cos(
        Radians(their_latitude)
    ) * Power(Sin(Radians(their_longitude - Value(longitude)) / Value(2.0)), 2)
    arc = ASin(Least(Value(1.0), Sqrt(half)))
    return models.ExpressionWrapper(arc * Value(2 * EARTH_RADIUS_KM), output_field=FloatField())
