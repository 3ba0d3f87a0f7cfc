"""Filters of the directory; all of them live in the address."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Func, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import Partner
from portal.places.countries import country_choices


class PartnerFilter(django_filters.FilterSet):
    """Text, country, service and tier of partners."""

    text = django_filters.CharFilter(method="by_text", label=_("Name, town or service"))
    country = django_filters.ChoiceFilter(method="by_country", label=_("Country"), empty_label=_("any country"))
    tier = django_filters.ChoiceFilter(choices=Partner.Tier.choices, label=_("Tier"), empty_label=_("any tier"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["country"].extra["choices"] = country_choices(sorted(_countries()))
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


def _countries() -> set[str]:
    """Countries that at least one current partner serves."""
    rows = Partner.objects.current().annotate(code=Func(F("country_codes"), function="unnest"))
    return set(rows.values_list("code", flat=True))
