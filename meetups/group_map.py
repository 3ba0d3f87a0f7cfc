"""The groups of a question as GeoJSON: what the big map draws, always the same groups as in the list."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery
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
    """One query. Groups without a place have no geometry and are there all the same, so that the numbers agree."""
    coming = Event.objects.filter(group=OuterRef("pk"), state=Event.State.PUBLISHED, ends_at__gte=now).order_by(
        "starts_at", "pk"
    )
    found = rows.annotate(
        next_at=Subquery(coming.values("starts_at")[:1]), next_zone=Subquery(coming.values("time_zone")[:1])
    )
    address = reverse("meetups:group_detail", args=["-"]).removesuffix("-/")
    words = {state: str(word) for state, word in GROUP_WORDS.items()}
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(row, f"{address}{row[2]}/", words) for row in found.values_list(*_COLUMNS, "next_at", "next_zone")
        ],
    }


def _feature(row: tuple[Any, ...], url: str, words: dict[str, str]) -> dict[str, Any]:
    pk, name, _slug, kind, state, place, latitude, longitude, next_at, zone = row
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
            "status": words[state],
            "next": _when(next_at, zone, get_language() or "") if next_at else "",
        },
    }


@lru_cache(maxsize=20_000)
def _when(moment: datetime, zone: str, language: str) -> str:
    """As on the cards: weekday, date, year, time and zone; remembered for each language of a reader."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{format_date(local, 'D j M Y, H:i')} {zone_name(local)}"
