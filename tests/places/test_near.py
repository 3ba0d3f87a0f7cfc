"""A town named in an address, and spellings without umlauts of names that are other names of a town."""

import pytest

from portal.places.forms import NearField
from portal.places.models import Place
from portal.places.search import called, resolve, suggest
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db


def munich() -> Place:
    return PlaceFactory(name="Munich", slug="munich-de", country_code="DE", search="|munich|munchen|")


@pytest.mark.parametrize("text", ["Muenchen", "München", "munich", "MUENCHEN, Germany"])
def test_umlaut_spelled_out_finds_a_town_by_its_other_name(text: str) -> None:
    place = munich()
    PlaceFactory(name="Mönchengladbach", country_code="DE", search="|monchengladbach|muenchengladbach|")
    assert resolve(text) == [place]
    assert called(text) == place


def test_suggestions_take_the_spelling_back_too() -> None:
    place = munich()
    assert suggest("muench") == [place]


def test_name_as_typed_goes_first() -> None:
    blue, blu = PlaceFactory(search="|blue|"), PlaceFactory(search="|blu|")
    assert resolve("blue") == [blue]
    assert resolve("blu") == [blu]


@pytest.mark.parametrize("value", ["koln-de-07", "Köln", "cologne", "Koeln", "2886242"])
def test_address_names_a_town_in_any_way(value: str) -> None:
    place = town("Köln")
    field = NearField(required=False)
    assert field.clean(field.widget.value_from_datadict({"near": value}, {}, "near")) == place


@pytest.mark.parametrize("text", ["", "  ", "zz"])
def test_text_that_names_no_town_is_about_none(text: str) -> None:
    town("Köln")
    assert called(text) is None
