"""Places for tests: real towns by name, invented ones otherwise."""

import factory
from django.utils.text import slugify

from portal.places.models import Place, Region, fold

#: name: (geoname id, country, area, latitude, longitude, zone, population, other names)
TOWNS: dict[str, tuple[int, str, str, float, float, str, int, tuple[str, ...]]] = {
    "Köln": (2886242, "DE", "07", 50.93333, 6.95, "Europe/Berlin", 963395, ("Cologne", "Koeln", "Colonia")),
    "Berlin": (2950159, "DE", "16", 52.52437, 13.41053, "Europe/Berlin", 3426354, ("Berlino",)),
    "Lagos": (2332459, "NG", "05", 6.45407, 3.39467, "Africa/Lagos", 15388000, ()),
    "Suva": (2198148, "FJ", "01", -18.14161, 178.44149, "Pacific/Fiji", 77366, ()),
    "Apia": (4035413, "WS", "11", -13.83333, -171.76666, "Pacific/Apia", 40407, ()),
    "Springfield, Missouri": (4409896, "US", "MO", 37.21533, -93.29824, "America/Chicago", 169176, ()),
    "Springfield, Illinois": (4250542, "US", "IL", 39.80172, -89.64371, "America/Chicago", 114394, ()),
}


class PlaceFactory(factory.django.DjangoModelFactory):
    """A small invented town in Portugal, far from every other one."""

    class Meta:
        model = Place
        skip_postgeneration_save = True

    geoname_id = factory.Sequence(lambda n: 90_000_000 + n)
    name = factory.Sequence(lambda n: f"Vila {n}")
    country_code = "PT"
    area_code = "14"
    latitude = factory.Sequence(lambda n: 37.0 + (n % 400) / 100)
    longitude = factory.Sequence(lambda n: -9.0 + (n % 300) / 100)
    time_zone = "Europe/Lisbon"
    population = 20_000
    slug = factory.LazyAttribute(lambda place: slugify(f"{place.name}-{place.country_code}-{place.geoname_id}"))
    search = factory.LazyAttribute(lambda place: f"|{fold(place.name)}|")


class RegionFactory(factory.django.DjangoModelFactory):
    """A region of one country."""

    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Region {n}")
    slug = factory.LazyAttribute(lambda region: slugify(region.name))
    country_codes = ["PT"]


def town(key: str) -> Place:
    """One of `TOWNS`, as the gazetteer has it."""
    geoname_id, country, area, latitude, longitude, zone, population, others = TOWNS[key]
    name = key.partition(",")[0]
    return PlaceFactory(
        geoname_id=geoname_id,
        name=name,
        slug=slugify(f"{name}-{country}-{area}"),
        country_code=country,
        area_code=area,
        latitude=latitude,
        longitude=longitude,
        time_zone=zone,
        population=population,
        search=f"|{'|'.join(dict.fromkeys(fold(each) for each in (name, *others)))}|",
    )
