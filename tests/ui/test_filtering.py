"""Chips: the filters in force, each with the address without it."""

from django import forms
from django.http import QueryDict

from portal.ui.filtering import chips, without


class Filters(forms.Form):
    text = forms.CharField(required=False)
    size = forms.ChoiceField(choices=[("s", "Small"), ("l", "Large")], required=False)
    near = forms.CharField(required=False, label="Near")


def of(address: str, **options: object) -> list[dict[str, str]]:
    query = QueryDict(address)
    return chips(Filters(query), query, **options)  # type: ignore[arg-type]


def test_chip_says_what_was_chosen_and_leads_to_page_one_without_it() -> None:
    assert of("text=soup&size=l&page=3&near=") == [
        {"kind": "", "label": "soup", "remove_url": "?size=l"},
        {"kind": "Size", "label": "Large", "remove_url": "?text=soup"},
    ]


def test_wrong_answer_is_no_filter() -> None:
    assert of("size=huge") == []


def test_words_and_companions_of_a_field() -> None:
    found = of("near=7&near_text=K&km=5&size=s", words={"near": "Köln"}, along={"near": ("near_text", "km")})
    assert found[1] == {"kind": "Near", "label": "Köln", "remove_url": "?size=s"}
    assert of("near=7", words={"near": ""}) == []


def test_without_leaves_the_question_itself_alone() -> None:
    query = QueryDict("a=1&b=2&b=3")
    assert without(query, "a", "c", view="map") == "?b=2&b=3&view=map"
    assert query.urlencode() == "a=1&b=2&b=3"
