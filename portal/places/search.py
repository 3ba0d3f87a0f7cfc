"""Finding the town somebody means by what they typed."""

from collections.abc import Iterable

from django.utils import translation

from portal.places.countries import country_name
from portal.places.models import Place, fold
from portal.places.names import unspelled

#: How many towns of one name are looked at when the words after a comma must choose among them.
_CANDIDATES = 400


def suggest(text: str, *, limit: int = 10) -> list[Place]:
    """Towns whose name begins with what was typed, best first: "köl", "Springfield, Miss", "Lagos, Nigeria"."""
    name, *details = _parts(text)
    found = _detailed(Place.objects.matching(name), details, limit)
    if len(found) < limit and (other := unspelled(name)) != name:
        found += [place for place in _detailed(Place.objects.matching(other), details, limit) if place not in found]
    return found[:limit]


def resolve(text: str, *, limit: int = 20) -> list[Place]:
    """Towns a finished text may mean: those with exactly the name; failing that, those that begin with it."""
    return _exactly(text, limit) or suggest(text, limit=limit)


def called(text: str) -> Place | None:
    """The biggest town that has exactly this name, for a text that may be about anything."""
    return next(iter(_exactly(text, 1)), None)


def _exactly(text: str, limit: int) -> list[Place]:
    """Towns of this name, then of "München" for "Muenchen"."""
    name, *details = _parts(text)
    names = dict.fromkeys((name, unspelled(name)))
    return next(filter(None, (_detailed(Place.objects.named(each), details, limit) for each in names)), [])


def _parts(text: str) -> list[str]:
    return [fold(part) for part in text[:200].split(",")]


def _detailed(places: Iterable[Place], details: list[str], limit: int) -> list[Place]:
    """The first `limit` of the places whose area or country fits every detail."""
    details = [detail for detail in details if detail]
    if not details:
        return list(places[:limit])  # type: ignore[index]
    found = (place for place in places[:_CANDIDATES] if all(_fits(place, detail) for detail in details))  # type: ignore[index]
    return [place for place, _ in zip(found, range(limit), strict=False)]


def _fits(place: Place, detail: str) -> bool:
    codes = {fold(place.country_code), fold(place.area_code)}
    if detail in codes:
        return True
    with translation.override("en"):
        english = country_name(place.country_code)
    names = (place.area_name, place.name, place.country_name, english)
    return any(fold(name).startswith(detail) for name in names if name)
