"""Filters of the directory: text, where, what, which language, when; all of them live in the address."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from meetups.choices import capitalised
from meetups.filters import LONGEST_TEXT, by_next_event, search_words
from meetups.languages import language_name
from meetups.models import Event, Group
from meetups.models.groups import GROUP_WORDS
from portal.places.countries import country_choices
from portal.places.distances import near
from portal.places.forms import NearField, PositionField
from portal.places.models import Place, Region
from portal.places.names import fold

KILOMETRES = (25, 50, 100, 250, 500)
#: What "when" may ask: days from now, or any time at all.
MEETS = {"any": None, "week": 7, "month": 31}


@dataclass(frozen=True, slots=True)
class Offered:
    """What the groups give to choose from: only countries, regions and languages that occur are offered."""

    countries: Collection[str]
    regions: Collection[Region]
    languages: Collection[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where distances are measured from: a town, or the reader's rounded position."""

    latitude: float
    longitude: float
    name: str
    km: int | None
    place: Place | None


class GroupFilterForm(forms.Form):
    """A distance needs something to measure from."""

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("km") and not ({"near", "at"} & set(self.errors) or data.get("near") or data.get("at")):
            self.add_error("near", _("Name the town from which the %(km)s km are measured.") % {"km": data["km"]})
        return data


class NearFilter(django_filters.Filter):
    field_class = NearField


class PositionFilter(django_filters.Filter):
    field_class = PositionField


class GroupFilter(django_filters.FilterSet):
    """The questions of the directory; `origin` is where distances are measured from."""

    text = django_filters.CharFilter(method="by_text", label=_("Town, country or group"), max_length=LONGEST_TEXT)
    near = NearFilter(method="by_origin", label=_("Near"))
    at = PositionFilter(method="by_origin", label=_("Near"), max_length=60)
    km = django_filters.ChoiceFilter(
        method="by_origin",
        choices=[(str(km), _("within %(km)s km") % {"km": km}) for km in KILOMETRES],
        label=_("Distance"),
        empty_label=_("any distance"),
    )
    kind = django_filters.ChoiceFilter(
        choices=capitalised(Group.Kind.choices), label=_("Kind"), empty_label=_("any kind")
    )
    meets = django_filters.ChoiceFilter(
        method="by_date",
        choices=[("any", _("Has a date")), ("week", _("Within a week")), ("month", _("Within a month"))],
        label=_("Meets next"),
        empty_label=_("any time"),
    )
    language = django_filters.ChoiceFilter(method="by_language", label=_("Language"), empty_label=_("any language"))
    region = django_filters.ChoiceFilter(method="by_region", label=_("Region"), empty_label=_("any region"))
    country = django_filters.ChoiceFilter(
        field_name="place__country_code", label=_("Country"), empty_label=_("any country")
    )
    status = django_filters.ChoiceFilter(
        field_name="state",
        choices=[choice for choice in GROUP_WORDS.items() if choice[0] != Group.State.SUSPENDED],
        label=_("Status"),
        empty_label=_("any status"),
    )

    class Meta:
        model = Group
        fields: list[str] = []
        form = GroupFilterForm

    def __init__(self, *args: Any, offered: Offered, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.regions = {region.slug: region for region in offered.regions}
        self.filters["country"].extra["choices"] = country_choices(list(offered.countries))
        self.filters["region"].extra["choices"] = [(region.slug, region.name) for region in offered.regions]
        self.filters["language"].extra["choices"] = _languages(offered.languages)
        self.form.fields["text"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Town, country or group"), "autocomplete": "off"}
        )
        self.form.fields["near"].widget.attrs["placeholder"] = _("A town near you")

    @property
    def origin(self) -> Origin | None:
        """A named town goes before a position."""
        data = self.form.cleaned_data if self.form.is_valid() or self.is_bound else {}
        km = int(data["km"]) if data.get("km") else None
        if place := data.get("near"):
            return Origin(place.latitude, place.longitude, place.name, km, place)
        if position := data.get("at"):
            return Origin(position.latitude, position.longitude, _now("your position"), km, None)
        return None

    def filter_queryset(self, queryset: QuerySet[Group]) -> QuerySet[Group]:
        found = super().filter_queryset(queryset)
        origin = self.origin
        if origin is None or origin.km is None:
            return found
        return near(
            found, latitude=origin.latitude, longitude=origin.longitude, km=origin.km, prefix="place__"
        ).order_by()

    @property
    def ordered(self) -> QuerySet[Group]:
        """Nearest first where a distance is known, groups without a place last; else those that meet next."""
        if origin := self.origin:
            return near(self.qs, latitude=origin.latitude, longitude=origin.longitude, prefix="place__")
        return by_next_event(self.qs, self.now)

    def by_text(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        """What was typed; only when nothing has it, what looks like it."""
        exact = rows.filter(search_words(value))
        if exact.exists():
            return exact
        # Likeness costs the most of all here: it is asked once, not for the count, the map and the list anew.
        like = rows.filter(search_words(value, nearly=True)).order_by()
        return rows.filter(pk__in=list(like.values_list("pk", flat=True)))

    def by_origin(self, rows: QuerySet[Group], name: str, value: object) -> QuerySet[Group]:
        """Town, position and distance are one question, asked at the end."""
        return rows

    def by_date(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        coming = Event.objects.filter(group=OuterRef("pk"), state=Event.State.PUBLISHED, ends_at__gte=self.now)
        days = MEETS[value]
        if days is not None:
            coming = coming.filter(starts_at__lt=self.now + timedelta(days=days))
        return rows.filter(Exists(coming))

    def by_language(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        return rows.filter(languages__contains=[value])

    def by_region(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        return rows.filter(in_region(self.regions[value]))


def in_region(region: Region) -> Q:
    """Groups in one of the region's countries or first-level areas."""
    areas: dict[str, list[str]] = {}
    for country, _dot, area in (code.partition(".") for code in region.area_codes):
        areas.setdefault(country, []).append(area)
    condition = Q(place__country_code__in=region.country_codes)
    for country, codes in areas.items():
        condition |= Q(place__country_code=country, place__area_code__in=codes)
    return condition


def _languages(codes: Collection[str]) -> list[tuple[str, str]]:
    return sorted(((code, language_name(code)) for code in codes), key=lambda choice: fold(choice[1]))
