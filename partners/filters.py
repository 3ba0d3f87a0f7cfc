"""Filters of the directory; all of them live in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from meetups.languages import language_name
from meetups.models import SponsorshipNeed
from partners.models import Partner
from portal.places.countries import country_choices


class PartnerFilter(django_filters.FilterSet):
    """Text, country, service and tier of partners."""

    text = django_filters.CharFilter(method="by_text", label=_("Name, town or service"))
    country = django_filters.ChoiceFilter(method="by_country", label=_("Country"), empty_label=_("any country"))
    service = django_filters.ChoiceFilter(method="by_service", label=_("Service"), empty_label=_("any service"))
    language = django_filters.ChoiceFilter(method="by_language", label=_("Language"), empty_label=_("any language"))
    tier = django_filters.ChoiceFilter(choices=Partner.Tier.choices, label=_("Tier"), empty_label=_("any tier"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = _offered()
        self.filters["country"].extra["choices"] = country_choices(sorted(offered["country_codes"]))
        self.filters["service"].extra["choices"] = [(word, word) for word in sorted(offered["services"])]
        self.filters["language"].extra["choices"] = sorted(
            ((code, language_name(code)) for code in offered["languages"]), key=lambda choice: choice[1]
        )
        self.form.fields["text"].widget = forms.TextInput(
            attrs={"type": "search", "placeholder": _("Name, town or service"), "autocomplete": "off"}
        )

    def by_text(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        """Each word somewhere in name, description, services or town, whatever its accents."""
        for word in value.split()[:8]:
            hits = Q(services__icontains=word)
            for path in ("organisation__name", "about", "organisation__place__name"):
                hits |= Q(**{f"{path}__unaccent__icontains": word})
            rows = rows.filter(hits)
        return rows

    def by_country(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(Q(country_codes__contains=[value]) | Q(organisation__place__country_code=value))

    def by_service(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(services__contains=[value])

    def by_language(self, rows: QuerySet[Partner], name: str, value: str) -> QuerySet[Partner]:
        return rows.filter(languages__contains=[value])


def _offered() -> dict[str, set[str]]:
    """Countries, services and languages of at least one current partner; one query."""
    found: dict[str, set[str]] = {"country_codes": set(), "services": set(), "languages": set()}
    for row in Partner.objects.current().values(*found):
        for name, values in row.items():
            found[name].update(values)
    return found


class NeedFilter(django_filters.FilterSet):
    """Kind and country of what groups and events need."""

    category = django_filters.ChoiceFilter(
        choices=SponsorshipNeed.Category.choices, label=_("Kind"), empty_label=_("any kind")
    )
    country = django_filters.ChoiceFilter(
        field_name="group__place__country_code", label=_("Country"), empty_label=_("any country")
    )

    class Meta:
        model = SponsorshipNeed
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = self.queryset.exclude(group__place=None).values_list("group__place__country_code", flat=True)
        self.filters["country"].extra["choices"] = country_choices(sorted(set(codes)))
