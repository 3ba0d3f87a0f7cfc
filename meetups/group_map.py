"""The groups of a question as GeoJSON: what the big map draws, always the same groups as in the list."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.dateformat import format as format_date
from django.utils.translation import get_language

from meetups.models import Event, Group
from meetups.models.groups import GROUP_WORDS
from portal.ui.in_words import zone_name

#: Ten metres: a town is one point.
DIGITS = 4
_COLUMNS = ("pk", "name", "slug", "kind", "state", "place__name", "place__latitude", "place__longitude")


def as_geojson(rows: QuerySet[Group], *, now: datetime) -> dict[str, Any]:
    """Two queries. Groups without a place have no geometry and are there all the same, so that the numbers agree."""
    coming = Event.objects.filter(group__in=rows.order_by().values("pk"), state=Event.State.PUBLISHED, ends_at__gte=now)
    soonest = coming.order_by("group_id", "starts_at", "pk").distinct("group_id")
    dates = {group: (at, zone) for group, at, zone in soonest.values_list("group_id", "starts_at", "time_zone")}
    address = reverse("meetups:group_detail", args=["-"]).removesuffix("-/")
    words = {state: str(word) for state, word in GROUP_WORDS.items()}
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(row, f"{address}{row[2]}/", words[row[4]], dates.get(row[0]))
            for row in rows.order_by("pk").values_list(*_COLUMNS)
        ],
    }


def _feature(row: tuple[Any, ...], url: str, status: str, date: tuple[datetime, str] | None) -> dict[str, Any]:
    pk, name, _slug, kind, state, place, latitude, longitude = row
    point = None if latitude is None else [round(longitude, DIGITS), round(latitude, DIGITS)]
    return {
        "type": "Feature",
        "geometry": point and {"type": "Point", "coordinates": point},
        "properties": {
            "id": pk,
            "name": name,
            "url": url,
            "place": place or "",
            "kind": kind,
            "state": state,
            "status": status,
            "next": _when(*date, get_language() or "") if date else "",
        },
    }


@lru_cache(maxsize=20_000)
def _when(moment: datetime, zone: str, language: str) -> str:
    """As on the cards: weekday, date, year, time and zone; remembered for each language of a reader."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'D j M Y, H:i')} {zone_name(local)}"
