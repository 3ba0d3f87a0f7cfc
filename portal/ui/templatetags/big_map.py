"""`{% load big_map %}`: the big map of a page, and the files it needs in the head."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("components/big_map_head.html")
def big_map_head() -> dict[str, Any]:
    """Style sheets and scripts; only pages with a map carry them."""
    return {}


@register.inclusion_tag("components/big_map.html")
def big_map(
    label: str,
    *,
    source: str = "",
    features: Mapping[str, Any] | None = None,
    points: Iterable[Any] = (),
    centre: Any = None,
    km: int | None = None,
    name: str = "map",
) -> dict[str, Any]:
    """A map of groups with clusters.

    `source`: address of GeoJSON, or `features`: the collection itself. `points` are drawn on the small map that stands
    there without JavaScript. `centre` (latitude and longitude) and `km` draw where was searched. `name`: its id.
    """
    return {
        "label": label,
        "source": source,
        "features": features,
        "points": list(points),
        "centre": f"{centre.latitude},{centre.longitude}" if centre else "",
        "km": km or "",
        "name": name,
        "points_id": f"{name}-points",
        "tiles": settings.MAP_TILES_URL,
        "attribution": settings.MAP_TILES_ATTRIBUTION,
    }
