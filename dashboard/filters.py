"""The filters of the dashboard: read from the address, told as chips, offered as a form."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import kinds, words
from dashboard.grants import GRANTED_KINDS
from dashboard.levels import Level
from dashboard.models import Channel, Source
from dashboard.scope import DEFAULT_DAYS, INDEPENDENT, WINDOWS, Scope
from portal.members.models import Organisation
from portal.places.countries import country_name
from portal.ui.filtering import chips

#: Levels that anybody may ask for: who is quiet or fading is for the team alone.
PUBLIC_LEVELS = tuple(level.key for level in sorted(Level, reverse=True) if level != Level.QUIET)
#: What sources bring, and what is added by hand.
KINDS = tuple(dict.fromkeys((*kinds.KINDS, *GRANTED_KINDS)))
#: Numbers of rows are 64 bits long.
_LARGEST = 2**63 - 1


class ScopeForm(forms.Form):
    """What the address asks for; choices are looked up only where something is asked for."""

    channel = forms.IntegerField(
        required=False, min_value=1, max_value=_LARGEST, label=gettext_lazy("Place"), widget=forms.Select
    )
    kind = forms.ChoiceField(required=False, label=gettext_lazy("Kind"))
    organisation = forms.CharField(
        required=False, max_length=120, label=gettext_lazy("Organisation"), widget=forms.Select
    )
    country = forms.CharField(required=False, max_length=2, label=gettext_lazy("Country"), widget=forms.Select)
    level = forms.ChoiceField(required=False, label=gettext_lazy("Level"))
    new = forms.BooleanField(required=False, label=gettext_lazy("Only people who are new"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.told: dict[str, str] = {}
        kind_choices = sorted(((kind, str(words.line(kind))) for kind in KINDS), key=lambda pair: pair[1])
        self.fields["kind"].choices = [("", gettext_lazy("any kind")), *kind_choices]  # type: ignore[attr-defined]
        levels = [(key, words.level(key)) for key in PUBLIC_LEVELS]
        self.fields["level"].choices = [("", gettext_lazy("any level")), *levels]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = gettext_lazy("The dashboard knows no such choice; pick another.")

    def clean_channel(self) -> int | None:
        key = self.cleaned_data["channel"]
        if not key:
            return None
        channel = Channel.objects.filter(pk=key).first()
        if channel is None:
            raise ValidationError(_("There is no such place any more; pick another."))
        self.told["channel"] = channel.name
        return channel.pk

    def clean_organisation(self) -> str:
        slug = self.cleaned_data["organisation"]
        if slug == INDEPENDENT:
            self.told["organisation"] = _("volunteers")
        elif slug:
            organisation = Organisation.objects.filter(slug=slug).first()
            if organisation is None:
                raise ValidationError(_("There is no such organisation; pick another."))
            self.told["organisation"] = organisation.name
        return slug

    def clean_country(self) -> str:
        code = self.cleaned_data["country"].upper()
        if code and country_name(code) == code:
            raise ValidationError(_("There is no such country; pick another."))
        self.told["country"] = country_name(code) if code else ""
        return code


@dataclass(frozen=True)
class Asked:
    """What was asked for, the chips that say so, and what could not be understood."""

    scope: Scope
    chips: list[dict[str, str]]
    problems: list[str]
    form: ScopeForm


def read(query: QueryDict) -> Asked:
    """The scope of an address; what it does not know is said and left out, the rest counts."""
    form = ScopeForm(query)
    form.is_valid()
    good = {name: value for name, value in form.cleaned_data.items() if value}
    wanted = tuple(dict.fromkeys(name for name in query.getlist("source") if name))
    known = set(Source.objects.filter(name__in=wanted).values_list("name", flat=True)) if wanted else set()
    scope = Scope(
        days=_days(query.get("days", "")),
        sources=tuple(name for name in wanted if name in known),
        channel=good.get("channel"),
        kind=good.get("kind", ""),
        organisation=good.get("organisation", ""),
        country=good.get("country", ""),
        level=good.get("level", ""),
        is_new=good.get("new", False),
    )
    problems = [f"{form.fields[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
    if len(known) < len(wanted):
        problems.append(_("There is no source of that name; it is left out."))
    return Asked(scope, _chips(form, query), problems, form)


def _chips(form: ScopeForm, query: QueryDict) -> list[dict[str, str]]:
    told = {name: form.told.get(name, "") for name in ("channel", "organisation", "country")}
    told["new"] = _("only new people") if form.cleaned_data.get("new") else ""
    found = chips(form, query, words=told)
    return [{**chip, "kind": "" if chip["label"] == told["new"] else chip["kind"]} for chip in found]


def _days(text: str) -> int:
    """The window asked for, the usual one when the address says nothing we know."""
    return int(text) if text in {str(days) for days in WINDOWS} else DEFAULT_DAYS
