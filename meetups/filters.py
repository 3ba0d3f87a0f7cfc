"""What the filters of groups and of events share, and those of events; all of them live in the address."""

from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from meetups.choices import capitalised
from meetups.models import Event, Group
from portal.places.countries import country_choices
from portal.places.names import fold

#: More than anybody types to find a town; each word is searched on its own.
LONGEST_TEXT, MOST_WORDS = 100, 8


def occurring_countries(rows: QuerySet[Any], path: str) -> dict[str, int]:
    """Country code -> how many of the rows; only those that occur. Rows without a country are counted under ""."""
    counted = rows.order_by().values_list(path).annotate(n=Count("pk"))
    return {code or "": n for code, n in counted}


def search_words(text: str, *, nearly: bool = False) -> Q:
    """Every word somewhere in the search text; `nearly`: long words with a slip of the finger too."""
    condition = Q()
    for word in fold(text).split()[:MOST_WORDS]:
        hit = Q(search__contains=word)
        if nearly and len(word) > 3:
            hit |= Q(search__trigram_word_similar=word)
        condition &= hit
    return condition


class EventFilter(django_filters.FilterSet):
    """Kind, format and country of events."""

    kind = django_filters.ChoiceFilter(
        choices=capitalised(Event.Kind.choices), label=_("Kind"), empty_label=_("any kind")
    )
    format = django_filters.ChoiceFilter(
        choices=capitalised(Event.Format.choices), label=_("Format"), empty_label=_("any format")
    )
    group = django_filters.CharFilter(field_name="group__slug", label=_("Group"), widget=forms.HiddenInput)
    country = django_filters.ChoiceFilter(
        field_name="group__place__country_code", label=_("Country"), empty_label=_("any country")
    )

    class Meta:
        model = Event
        fields: list[str] = []

    def __init__(self, *args: Any, countries: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices([code for code in countries if code])


def by_next_event(rows: QuerySet[Group], now: object) -> QuerySet[Group]:
    """Groups that meet soonest first, then by name without accents; `next_at` comes along."""
    coming = Event.objects.filter(group=OuterRef("pk"), state=Event.State.PUBLISHED, ends_at__gte=now).order_by(
        "starts_at", "pk"
    )
    return rows.annotate(next_at=Subquery(coming.values("starts_at")[:1])).order_by(
        F("next_at").asc(nulls_last=True), Lower(Unaccent("name")), "pk"
    )
