"""Choosing a town from the gazetteer: type, search, choose. Works without JavaScript."""

from typing import TYPE_CHECKING, Any

from babel import Locale
from django import forms
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from portal.places.models import Place
from portal.places.names import fold

MATCHES = 12

if TYPE_CHECKING:
    _Base = forms.Form
else:
    _Base = object


class PlaceChoiceField(forms.ModelChoiceField):
    """A place by its gazetteer number; drawn as radios over the matches of the search."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Place.objects.all(), empty_label=None, **kwargs)
        self.error_messages["invalid_choice"] = _("This is no town of our list. Search again and choose one.")

    def show(self, places: list[Place]) -> None:
        """Offer these places only; any valid number is still accepted."""
        self.widget.choices = [(place.pk, str(place)) for place in places]


def country_called(text: str) -> str:
    """The country's name when `text` names one, in English or the reader's language; else an empty string."""
    wanted = fold(text)
    for language in {"en", to_locale(get_language() or "en")}:
        for code, name in Locale.parse(language, sep="_").territories.items():
            if len(code) == 2 and fold(name) == wanted:
                return str(name)
    return ""


class PlaceSearchMixin(_Base):
    """A form with `place_text` (typed) and `place` (chosen)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matches: list[Place] = []
        chosen = self.initial.get("place")
        typed = (self.data.get(self.add_prefix("place_text")) or "").strip() if self.is_bound else ""
        if typed:
            self.matches = list(Place.objects.matching(typed.partition(",")[0])[:MATCHES])
        shown = list(self.matches)
        if chosen is not None and chosen not in shown and not typed:
            shown.insert(0, chosen)
        self.initial["place"] = chosen.pk if chosen is not None else None
        self.initial.setdefault("place_text", str(chosen) if chosen is not None else "")
        self.fields["place"].show(shown)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        typed, place = (answers.get("place_text") or "").strip(), answers.get("place")
        before = self.initial.get("place")
        if (
            place is not None
            and place.pk == before
            and typed != self.initial.get("place_text")
            and place not in self.matches
        ):
            place = None  # another name was typed while the old choice was still ticked
        if not typed or place is not None:
            return answers
        if before is not None and typed == self.initial.get("place_text"):
            answers["place"] = Place.objects.get(pk=before)
        elif len(self.matches) == 1:
            answers["place"] = self.matches[0]
        else:
            self._refuse(typed)
            answers.pop("place", None)
        return answers

    def _refuse(self, typed: str) -> None:
        """Say what to do with a name that is no choice yet."""
        if self.matches:
            self.add_error("place", _("Choose one of these towns."))
        elif country := country_called(typed):
            self.add_error(
                "place_text", _("%(country)s is a whole country. Name the town you meet in.") % {"country": country}
            )
        else:
            self.add_error(
                "place_text", _("We know no town called “%(text)s”. Try the nearest larger town.") % {"text": typed}
            )
