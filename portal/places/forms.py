"""The form fields that ask for a town or a position: they work by typing alone, and suggest where JavaScript runs."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.places.countries import country_called
from portal.places.models import Place
from portal.places.positions import Position, read_position
from portal.places.search import resolve

#: More towns of one name than this are not listed; the person adds the area instead.
MAX_CHOICES = 20
SLUG_LENGTH = 140


class PlaceAnswer(NamedTuple):
    """What a browser sent: the id (hidden, or a chosen radio), and the text; None where there was no text field."""

    pk: str
    text: str | None


class PlaceInput(forms.Widget):
    """`<name>_text` to type in, `<name>` with the id; towns to choose from when the text meant several."""

    template_name = "places/place_field.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        #: Set by the field when the text meant several towns; a form has a widget of its own, so this stays in it.
        self.found: list[Place] = []
        #: Likewise: the town an id alone, such as in a link, stands for.
        self.chosen: Place | None = None

    class Media:
        css = {"all": ["css/place-field.css"]}
        js = [forms.Script("js/place-combobox.js", type="module")]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> PlaceAnswer | None:
        pk, text = data.get(name, ""), data.get(f"{name}_text")
        # An id alone is an answer too: a link such as ?place=2886242, or another form's hidden field.
        answer = PlaceAnswer(str(pk).strip(), None if text is None else str(text).strip())
        return answer if pk or text else None

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_text" not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        pk, text = _shown(value if self.chosen is None else self.chosen)
        context["widget"].update(pk=pk, text=text, found=self.found)
        return context


def _shown(value: Any) -> tuple[str, str]:
    if isinstance(value, PlaceAnswer):
        return value.pk, value.text or ""
    place = value if isinstance(value, Place) else _place(str(value)) if value else None
    return (str(place.pk), place.label) if place else ("", "")


def _place(pk: str) -> Place | None:
    return Place.objects.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None


class PlaceField(forms.Field):
    """A town of the gazetteer, or None when not required. Cleans to a `Place`."""

    widget = PlaceInput
    default_error_messages = {
        "required": _("Name a town, such as “Lagos” or “Springfield, Missouri”."),
        "none": _("No town called “%(text)s” is known here. Check the spelling, or name the nearest bigger town."),
        "country": _("%(country)s is a whole country. Name a town there."),
        "unknown": _("This town is not known here. Type its name."),
        "many": _(
            "Too many towns are called “%(text)s”. Add the area or country after a comma: “Springfield, Missouri”."
        ),
    }

    def clean(self, value: PlaceAnswer | None) -> Place | None:
        # A text emptied by hand takes the town away, whatever id still stands in the hidden field beside it.
        if value is None or value.text == "":
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        chosen = _place(value.pk)
        if value.text is not None:
            return self._from_text(value.text, chosen)
        if chosen is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        self.widget.chosen = chosen
        return chosen

    def _from_text(self, text: str, chosen: Place | None) -> Place:
        if chosen is not None and text == chosen.label:
            return chosen
        found = resolve(text, limit=MAX_CHOICES + 1)
        if chosen is not None and chosen in found:
            return chosen
        if not found and (country := country_called(text)):
            raise ValidationError(self.error_messages["country"], code="country", params={"country": country})
        short = {"text": Truncator(text).chars(60)}
        if not found:
            raise ValidationError(self.error_messages["none"], code="none", params=short)
        if len(found) > MAX_CHOICES:
            raise ValidationError(self.error_messages["many"], code="many", params=short)
        if len(found) > 1:
            self.widget.found = found
            raise ValidationError(self._which(len(found)), code="several")
        return found[0]

    @staticmethod
    def _which(number: int) -> str:
        return ngettext(
            "%(number)d town has this name: choose it.",
            "%(number)d towns have this name: choose one.",
            number,
        ) % {"number": number}

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, label = _shown(initial)
        pk, text = _shown(data)
        return pk != before or text != label


class NearField(PlaceField):
    """A town that an address names: `?near=koeln-de`, `?near=Köln` and `?near=2886242` are the same question."""

    def clean(self, value: PlaceAnswer | None) -> Place | None:
        if value is None or value.text is not None or value.pk.isdigit():
            return super().clean(value)
        named = Place.objects.filter(slug=value.pk).first() if len(value.pk) <= SLUG_LENGTH else None
        self.widget.chosen = named
        return named or self._from_text(value.pk, None)


class PositionField(forms.CharField):
    """Latitude and longitude, rounded. Cleans to a `Position` or None."""

    widget = forms.HiddenInput
    default_error_messages = {
        "position": _("This is no position on the globe: two numbers such as 52.5,13.4 are. Name a town instead."),
    }

    def clean(self, value: Any) -> Position | None:
        text = super().clean(value)
        found = read_position(text) if text else None
        if text and found is None:
            raise ValidationError(self.error_messages["position"], code="position")
        return found


class PlaceChoiceForm(forms.Form):
    """One question: which town."""

    place = PlaceField(label=_("Town"), help_text=_("The town, or the nearest bigger one."))
