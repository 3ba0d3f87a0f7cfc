"""Where things are: the gazetteer of towns and the regions the team makes of countries or first-level areas."""

import math

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

EARTH_RADIUS_KM = 6371.0088


def fold(text: str) -> str:
    """The form names are searched in: no accents, lower case, single spaces. "Köln" and "KOLN" are one."""
    import unicodedata

    special = text.translate(str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "ı": "i", "æ": "ae"}))
    decomposed = unicodedata.normalize("NFKD", special)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).lower().split())


def distance_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres (haversine), also across the 180th meridian."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half = math.sin((phi2 - phi1) / 2) ** 2
    half += math.cos(phi1) * math.cos(phi2) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))


class PlaceQuerySet(models.QuerySet["Place"]):
    """Sets of places."""

    def matching(self, text: str) -> "PlaceQuerySet":
        """Places one of whose names begins a word with `text`, however it is accented; biggest first."""
        folded = fold(text)
        if not folded:
            return self.none()
        return self.filter(search__contains=f"|{folded}").order_by("-population", "name", "pk")


class Place(models.Model):
    """A town of the gazetteer (GeoNames, CC BY 4.0); never a country."""

    geoname_id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    country_code = models.CharField(max_length=2, db_index=True)
    area_code = models.CharField(max_length=20, blank=True, help_text=_("First-level area (GeoNames admin1 code)."))
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.CharField(max_length=64)
    population = models.PositiveIntegerField(default=0)
    search = models.TextField(help_text=_("Folded names, each after a bar: |koln|cologne|."))

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [GinIndex(OpClass("search", name="gin_trgm_ops"), name="place_search_trgm")]

    def __str__(self) -> str:
        return f"{self.name}, {self.country_name}"

    @property
    def country_name(self) -> str:
        """The country's name in the reader's language."""
        from portal.places.countries import country_name

        return country_name(self.country_code)


class Region(models.Model):
    """A set of countries or first-level areas that the team looks at together."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    country_codes = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    area_codes = ArrayField(
        models.CharField(max_length=23),
        default=list,
        blank=True,
        help_text=_("Country and GeoNames admin1 code, such as US.CA."),
    )
    is_priority = models.BooleanField(default=False)

    class Meta:
        ordering = [Upper("name")]

    def __str__(self) -> str:
        return self.name
