"""The team looks at towns and makes regions."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.functional import Promise

from portal.places.admin import PlaceAdmin
from portal.places.models import Region
from tests.members.factories import UserFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def test_towns_are_found_by_any_spelling_and_cannot_be_changed(staff: Client):
    cologne = town("Köln")
    town("Berlin")
    page = staff.get(reverse("admin:places_place_changelist"), {"q": "Koeln"})
    assert list(page.context["cl"].result_list) == [cologne]
    assert staff.get(reverse("admin:places_place_add")).status_code == 403
    assert staff.post(reverse("admin:places_place_change", args=[cologne.pk]), {"name": "X"}).status_code == 403
    assert staff.post(reverse("admin:places_place_delete", args=[cologne.pk]), {"post": "yes"}).status_code == 403


def test_region_is_made_of_countries(staff: Client):
    staff.post(
        reverse("admin:places_region_add"),
        {"name": "Iberia", "slug": "iberia", "country_codes": "ES,PT", "area_codes": ""},
    )
    assert Region.objects.get().country_codes == ["ES", "PT"]


@pytest.mark.parametrize("is_staff", [True, False])
def test_strangers_see_neither(client: Client, is_staff: bool):
    client.force_login(UserFactory(is_staff=is_staff))
    for name in ("place", "region"):
        answer = client.get(reverse(f"admin:places_{name}_changelist"))
        assert answer.status_code in {302, 403}
        assert b"result_list" not in answer.content


def test_words_of_the_list_are_translated(staff: Client):
    for text in ("country", "Such as “Köln”, “Cologne” or “Springfield, Missouri”."):
        assert [str(words) for words in words_of(PlaceAdmin) if isinstance(words, Promise)].count(text) == 1
    town("Köln")
    page = staff.get(reverse("admin:places_place_changelist")).content.decode()
    assert "Such as “Köln”, “Cologne” or “Springfield, Missouri”." in page
    assert '<td class="field-country">Germany</td>' in page


def words_of(admin_class: Any) -> tuple[Any, Any]:
    return admin_class.search_help_text, admin_class.country.short_description
