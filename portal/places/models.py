"""Where things are: the gazetteer of towns and the regions the team makes of countries or first-level areas."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from portal.places.countries import country_name
from portal.places.distances import distance_km, near
from portal.places.names import fold

__all__ = ["Place", "PlaceQuerySet", "Region", "distance_km", "fold"]


class PlaceQuerySet(models.QuerySet["Place"]):
    """Sets of places."""

    def matching(self, text: str) -> "PlaceQuerySet":
        """Places one of whose names begins with `text`, however it is accented: exact names first, then the biggest."""
        folded = fold(text)
        if not folded:
            return self.none()
        is_exact = ExpressionWrapper(Q(search__contains=f"|{folded}|"), output_field=BooleanField())
        return self.filter(search__contains=f"|{folded}").order_by(is_exact.desc(), "-population", "name", "pk")

    def named(self, text: str) -> "PlaceQuerySet":
        """Places that have exactly this name, however it is accented; biggest first."""
        folded = fold(text)
        return (
            self.filter(search__contains=f"|{folded}|").order_by("-population", "name", "pk") if folded else self.none()
        )

    def nearest(self, latitude: float, longitude: float, *, km: float | None = None) -> "PlaceQuerySet":
        """Places with `distance_km` from the point, nearest first, only those within `km` when given."""
        return near(self, latitude=latitude, longitude=longitude, km=km)  # type: ignore[return-value]


class Place(models.Model):
    """A town of the gazetteer (GeoNames, CC BY 4.0); never a country."""

    geoname_id = models.PositiveIntegerField(primary_key=True)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    country_code = models.CharField(_("country"), max_length=2, db_index=True)
    area_code = models.CharField(max_length=20, blank=True, help_text=_("First-level area (GeoNames admin1 code)."))
    area_name = models.CharField(_("area"), max_length=120, blank=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    time_zone = models.CharField(_("time zone"), max_length=64)
    population = models.PositiveIntegerField(_("population"), default=0)
    search = models.TextField(help_text=_("Folded names, each between bars: |koln|cologne|."))

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="place_search_trgm"),
            models.Index(fields=["latitude", "longitude"], name="place_position"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country_name}"

    @property
    def country_name(self) -> str:
        """The country's name in the reader's language."""
        return country_name(self.country_code)

    @property
    def label(self) -> str:
        """Name, area and country: enough to tell sixty Springfields apart; an area of the same name is left out."""
        area = "" if fold(self.area_name) == fold(self.name) else self.area_name
        return ", ".join(part for part in (self.name, area, self.country_name) if part)


class Region(models.Model):
    """A set of countries or first-level areas that the team looks at together."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    country_codes = ArrayField(models.CharField(max_length=2), verbose_name=_("countries"), default=list, blank=True)
    area_codes = ArrayField(
        models.CharField(max_length=23),
        verbose_name=_("areas"),
        default=list,
        blank=True,
        help_text=_("Country and GeoNames admin1 code, such as US.CA."),
    )
    is_priority = models.BooleanField(_("priority"), default=False)

    class Meta:
        ordering = [Upper("name")]

    def __str__(self) -> str:
        return self.name
