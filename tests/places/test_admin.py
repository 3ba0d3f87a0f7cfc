"""The team looks at towns and makes regions."""

import pytest
from django.test import Client
from django.urls import reverse

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
