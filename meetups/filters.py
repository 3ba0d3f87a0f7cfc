"""Filters of the directory and of the list of events; all of them live in the address."""

from typing import Any

import django_filters
from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from meetups.choices import capitalised
from meetups.models import Event, Group
from meetups.models.groups import GROUP_WORDS
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


class GroupFilter(django_filters.FilterSet):
    """Text, country, kind and status of groups."""

    text = django_filters.CharFilter(method="by_text", label=_("Town, country or group"), max_length=LONGEST_TEXT)
    country = django_filters.ChoiceFilter(
        field_name="place__country_code", label=_("Country"), empty_label=_("any country")
    )
    kind = django_filters.ChoiceFilter(
        choices=capitalised(Group.Kind.choices), label=_("Kind"), empty_label=_("any kind")
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

    def __init__(self, *args: Any, countries: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices([code for code in countries if code])
        self.form.fields["text"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Town, country or group"), "autocomplete": "off"}
        )

    def by_text(self, rows: QuerySet[Group], name: str, value: str) -> QuerySet[Group]:
        """What was typed; only when nothing has it, what looks like it."""
        exact = rows.filter(search_words(value))
        return exact if exact.exists() else rows.filter(search_words(value, nearly=True))


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


def _word(field: forms.Field, value: str) -> str:
    """What the reader chose, in their words."""
    choices: Any = field.choices if isinstance(field, forms.ChoiceField) else []
    return str(dict(choices).get(value, value))


def chips(filterset: django_filters.FilterSet, query: QueryDict) -> list[dict[str, str]]:
    """The filters in force, each with its word and the address without it."""
    found = []
    for name, field in filterset.form.fields.items():
        value = query.get(name, "").strip()
        if not value or name in filterset.form.errors:
            continue
        rest = query.copy()
        for gone in (name, "page"):
            rest.pop(gone, None)
        label = _word(field, value)
        address = f"?{rest.urlencode()}" if rest else "?"
        found.append({"kind": str(field.label) if name != "text" else "", "label": label, "remove_url": address})
    return found
