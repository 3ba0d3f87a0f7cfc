"""Distances, boxes and the nearest places, also across the 180th meridian and at the poles."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.places.distances import KM_PER_DEGREE, box_around, distance_km, near
from portal.places.models import Place
from tests.places.factories import PlaceFactory, town

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def test_distance_between_known_towns():
    assert distance_km(50.93333, 6.95, 52.52437, 13.41053) == pytest.approx(477, abs=2)  # Cologne, Berlin
    assert distance_km(-18.14161, 178.44149, -13.83333, -171.76666) == pytest.approx(1148, abs=5)  # Suva, Apia
    assert distance_km(90, 0, -90, 0) == pytest.approx(math.pi * 6371.0088)
    assert distance_km(10, 20, 10, 20) == 0


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES, st.floats(1, 3000))
def test_box_holds_every_point_within_the_distance(lat1: float, lon1: float, lat2: float, lon2: float, km: float):
    if distance_km(lat1, lon1, lat2, lon2) > km:
        return
    box = box_around(lat1, lon1, km)
    slack = 1e-6
    assert box.south - slack <= lat2 <= box.north + slack
    same = {lon2, lon2 - 360, lon2 + 360} if abs(lon2) == 180 else {lon2}
    assert any(west - slack <= lon <= east + slack for west, east in box.longitudes for lon in same)


def test_box_is_cut_at_the_180th_meridian_and_whole_at_a_pole():
    assert [tuple(map(round, part)) for part in box_around(0, 179, 2 * KM_PER_DEGREE).longitudes] == [
        (177, 180),
        (-180, -179),
    ]
    assert [tuple(map(round, part)) for part in box_around(0, -179, 2 * KM_PER_DEGREE).longitudes] == [
        (179, 180),
        (-180, -177),
    ]
    assert box_around(89.5, 10, 2 * KM_PER_DEGREE).longitudes == ((-180.0, 180.0),)


@pytest.mark.django_db
def test_nearest_orders_by_distance_and_agrees_with_python():
    berlin, cologne = town("Berlin"), town("Köln")
    found = list(Place.objects.nearest(50.9, 6.9))
    assert found == [cologne, berlin]
    assert found[1].distance_km == pytest.approx(distance_km(50.9, 6.9, berlin.latitude, berlin.longitude), abs=0.01)


@pytest.mark.django_db
def test_nearest_within_leaves_out_what_is_farther():
    cologne = town("Köln")
    town("Berlin")
    assert list(Place.objects.nearest(50.9, 6.9, km=100)) == [cologne]


@pytest.mark.django_db
def test_nearest_looks_across_the_180th_meridian_from_both_sides():
    east, west = PlaceFactory(latitude=-16, longitude=179.9), PlaceFactory(latitude=-16, longitude=-179.9)
    PlaceFactory(latitude=-16, longitude=170)
    assert list(Place.objects.nearest(-16, 179.95, km=100)) == [east, west]
    assert list(Place.objects.nearest(-16, -179.95, km=100)) == [west, east]


@pytest.mark.django_db
def test_near_works_through_a_relation():
    from tests.members.factories import OrganisationFactory

    here = OrganisationFactory(place=town("Köln"))
    OrganisationFactory(place=town("Berlin"))
    OrganisationFactory()
    rows = near(type(here).objects.all(), latitude=51, longitude=7, km=100, prefix="place__")
    assert list(rows) == [here]
