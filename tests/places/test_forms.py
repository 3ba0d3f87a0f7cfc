"""The field that asks for a town."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from portal.places.forms import PlaceChoiceForm, PlaceField
from portal.places.models import Place
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db


def answered(**data: Any) -> PlaceChoiceForm:
    query = QueryDict(mutable=True)
    query.update(data)
    return PlaceChoiceForm(query)


def test_one_match_is_taken():
    cologne = town("Köln")
    form = answered(place="", place_text="Koeln")
    assert form.is_valid()
    assert form.cleaned_data["place"] == cologne


def test_chosen_suggestion_is_taken_by_its_id():
    missouri = town("Springfield, Missouri")
    town("Springfield, Illinois")
    form = answered(place=str(missouri.pk), place_text=missouri.label)
    assert form.is_valid()
    assert form.cleaned_data["place"] == missouri


def test_several_matches_become_radios_and_keep_the_text():
    missouri, illinois = town("Springfield, Missouri"), town("Springfield, Illinois")
    form = answered(place="", place_text="springfield")
    assert form.errors == {"place": ["2 towns have this name: choose one."]}
    html = " ".join(str(form["place"]).split())
    assert html.count('type="radio"') == 2
    assert 'type="hidden"' not in html
    assert f'value="{missouri.pk}" checked' in html
    assert f'value="{illinois.pk}"' in html
    assert 'value="springfield"' in html
    again = answered(place=str(illinois.pk), place_text="springfield")
    assert again.is_valid()
    assert again.cleaned_data["place"] == illinois


def test_radios_of_one_form_do_not_reach_the_next():
    town("Springfield, Missouri"), town("Springfield, Illinois")
    assert not answered(place="", place_text="springfield").is_valid()
    assert 'type="radio"' not in str(PlaceChoiceForm()["place"])


def test_text_that_was_changed_outweighs_the_old_id():
    cologne, berlin = town("Köln"), town("Berlin")
    form = answered(place=str(cologne.pk), place_text="Berlin")
    assert form.is_valid()
    assert form.cleaned_data["place"] == berlin


def test_emptied_text_takes_the_town_away():
    class Optional(forms.Form):
        place = PlaceField(required=False)

    cologne = town("Köln")
    query = QueryDict(mutable=True)
    query.update({"place": str(cologne.pk), "place_text": ""})
    form = Optional(query, initial={"place": cologne})
    assert form.is_valid()
    assert form.cleaned_data["place"] is None
    assert form.has_changed()


def test_id_alone_is_an_answer():
    cologne = town("Köln")
    form = answered(place=str(cologne.pk))
    assert form.is_valid()
    assert form.cleaned_data["place"] == cologne


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"place": "", "place_text": ""}, "Name a town, such as “Lagos” or “Springfield, Missouri”."),
        ({}, "Name a town, such as “Lagos” or “Springfield, Missouri”."),
        (
            {"place": "", "place_text": "Atlantis"},
            "No town called “Atlantis” is known here. Check the spelling, or name the nearest bigger town.",
        ),
        ({"place": "", "place_text": "Deutschland, "}, None),
        ({"place": "", "place_text": "germany"}, "Germany is a whole country. Name a town there."),
        ({"place": "1"}, "This town is not known here. Type its name."),
        ({"place": "x'; --"}, "This town is not known here. Type its name."),
        ({"place": "9" * 30}, "This town is not known here. Type its name."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(data: dict[str, str], sentence: str | None):
    town("Köln")
    errors = answered(**data).errors["place"]
    assert len(errors) == 1
    if sentence:
        assert errors == [sentence]


def test_too_many_towns_ask_for_the_area():
    for _ in range(21):
        PlaceFactory(name="Santa Cruz")
    assert answered(place="", place_text="santa cruz").errors["place"] == [
        "Too many towns are called “santa cruz”. Add the area or country after a comma: “Springfield, Missouri”."
    ]


@pytest.mark.parametrize("given", ["object", "key"])
def test_initial_town_is_shown_by_its_label(given: str):
    cologne = town("Köln")
    form = PlaceChoiceForm(initial={"place": cologne if given == "object" else cologne.pk})
    html = str(form["place"])
    assert 'name="place_text" value="Köln, Germany"' in " ".join(html.split())
    assert f'name="place" value="{cologne.pk}"' in html
    assert form["place"].id_for_label in html


def test_typed_text_is_escaped():
    html = str(answered(place="", place_text='"><script>alert(1)</script>')["place"])
    assert "<script>" not in html


def test_unchanged_answer_is_no_change():
    cologne = town("Köln")
    query = QueryDict(mutable=True)
    query.update({"place": str(cologne.pk), "place_text": "Köln, Germany"})
    assert not PlaceChoiceForm(query, initial={"place": cologne}).has_changed()
    assert Place.objects.count() == 1
