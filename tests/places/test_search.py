"""Finding the town somebody means, and the address that suggests while typing."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.places.models import Place
from portal.places.search import resolve, suggest
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "text", ["Köln", "koln", "KOELN", "Cologne", "köl", "Köln, Germany", "Köln, DE", "cologne , deut"]
)
def test_suggest_finds_cologne_by_any_spelling(text: str):
    cologne = town("Köln")
    town("Berlin")
    expected = [] if text.endswith("deut") else [cologne]
    assert suggest(text) == expected


def test_suggest_puts_exact_names_before_bigger_towns():
    york = PlaceFactory(name="York", population=150_000)
    yorkville = PlaceFactory(name="Yorkville", population=900_000)
    PlaceFactory(name="New York", search="|new york|", population=8_000_000)
    assert suggest("york") == [york, yorkville]


def test_words_after_a_comma_choose_among_towns_of_one_name():
    missouri, illinois = town("Springfield, Missouri"), town("Springfield, Illinois")
    Place.objects.filter(pk=missouri.pk).update(area_name="Missouri")
    assert suggest("Springfield, MO") == [missouri]
    assert suggest("Springfield, missouri, United States") == [missouri]
    assert suggest("Springfield, IL") == [illinois]
    assert suggest("Springfield, Ontario") == []


def test_resolve_prefers_exact_names_and_falls_back_to_beginnings():
    york = PlaceFactory(name="York")
    PlaceFactory(name="Yorkville")
    assert resolve("york") == [york]
    assert [place.name for place in resolve("yorkv")] == ["Yorkville"]
    assert resolve("Atlantis") == []


@pytest.mark.parametrize("text", ["", "   ", "|", "%", "_", "\x00", ",", ", Germany", "'"])
def test_nothing_is_found_for_no_name(text: str):
    town("Köln")
    assert suggest(text) == []
    assert resolve(text) == []


def test_label_tells_towns_apart_and_does_not_repeat_the_name():
    place = PlaceFactory(name="Lisboa", area_name="Lisbon")
    assert place.label == "Lisboa, Lisbon, Portugal"
    place.area_name = "LISBOA"
    assert place.label == "Lisboa, Portugal"


def test_search_address_is_public_sets_no_cookie_and_may_be_cached(client: Client):
    cologne = town("Köln")
    answer = client.get(reverse("places:search"), {"q": "koeln"})
    assert answer.json() == {
        "results": [
            {
                "id": cologne.pk,
                "label": "Köln, Germany",
                "name": "Köln",
                "area": "",
                "country": "Germany",
                "country_code": "DE",
                "latitude": 50.93333,
                "longitude": 6.95,
                "time_zone": "Europe/Berlin",
            }
        ]
    }
    assert answer.cookies == {}
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_search_address_gives_ten_at_most_in_one_query(client: Client, django_assert_num_queries):
    for number in range(12):
        PlaceFactory(name=f"Porto {number}")
    with django_assert_num_queries(1):
        answer = client.get(reverse("places:search"), {"q": "porto"})
    assert len(answer.json()["results"]) == 10


def test_search_address_refuses_to_change_anything(client: Client):
    assert client.post(reverse("places:search"), {"q": "porto"}).status_code == 405


@pytest.mark.parametrize("query", ["?q=" + "x" * 5000, "?q=%ff%fe", "", "?q=a&q=b"])
def test_search_address_bears_odd_input(client: Client, query: str):
    assert client.get(reverse("places:search") + query).json() == {"results": []}
