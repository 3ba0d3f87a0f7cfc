"""The map: another look at the same groups, with and without JavaScript."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.group_map import as_geojson
from meetups.models import Group
from tests.meetups.factories import EventFactory, GroupFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db
DATA = "/meetups/groups.geojson"


@pytest.mark.parametrize(
    "query", ["", "?kind=meetup", "?near=koln-de-07&km=500", "?text=circle", "?language=de", "?km=5"]
)
def test_map_has_the_groups_of_the_list(client: Client, query: str) -> None:
    GroupFactory.create_batch(30)
    GroupFactory(name="Cologne", place=town("Köln"), languages=["de"])
    GroupFactory(name="Everywhere", kind=Group.Kind.ONLINE, place=None)
    GroupFactory(name="Hidden", state=Group.State.SUSPENDED)
    drawn = {feature["properties"]["name"] for feature in client.get(DATA + query).json()["features"]}
    directory = client.get(f"/meetups/{query}").context["directory"]
    listed = {
        card.group.name
        for number in directory.page.paginator.page_range
        for card in client.get(f"/meetups/{query or '?'}&page={number}").context["directory"].cards
    }
    assert drawn == listed
    assert len(drawn) == directory.count


def test_feature_says_where_what_and_when(client: Client) -> None:
    group = GroupFactory(name="Domstadt </script>", slug="domstadt", place=town("Köln"), state=Group.State.QUIET)
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    for days, state in ((40, "published"), (8, "published"), (2, "draft"), (3, "cancelled"), (-3, "published")):
        EventFactory(group=group, starts_at=now + timedelta(days=days), state=state, time_zone="Europe/Berlin")
    [feature] = as_geojson(Group.objects.all(), now=now)["features"]
    assert feature == {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [6.95, 50.9333]},
        "properties": {
            "id": group.pk,
            "name": "Domstadt </script>",
            "url": "/meetups/groups/domstadt/",
            "place": "Köln",
            "kind": "meetup",
            "state": "quiet",
            "status": "Quiet",
            "next": "Wed 2 Dec 2026, 13:00 CET",
        },
    }


def test_group_without_a_place_is_counted_and_not_drawn(client: Client) -> None:
    GroupFactory(kind=Group.Kind.ONLINE, place=None)
    [feature] = client.get(DATA).json()["features"]
    assert feature["geometry"] is None
    assert "1 group without a place is only in the list below" in client.get("/meetups/?view=map").content.decode()


@pytest.mark.parametrize("number", [1, 40])
def test_map_data_takes_five_queries(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for group in GroupFactory.create_batch(number, languages=["en"]):
        EventFactory(group=group)
    with django_assert_num_queries(5):
        response = client.get(DATA)
    assert len(response.json()["features"]) == number
    assert response["Content-Type"] == "application/geo+json"


def test_views_keep_the_question_and_begin_at_page_one(client: Client) -> None:
    GroupFactory()
    views = client.get("/meetups/?text=circle&page=1&view=map").context["directory"].views
    assert [(view["label"], view["url"], view["current"]) for view in views] == [
        ("List", "?text=circle&page=1", False),
        ("Map", "?text=circle&view=map", True),
    ]
    assert client.get("/meetups/?view=moon").context["directory"].is_map is False


def test_map_view_has_the_list_too_and_asks_for_the_data_of_the_same_question(client: Client) -> None:
    GroupFactory(name="Ours", place=town("Köln"))
    html = client.get("/meetups/?near=koln-de-07&km=50&view=map").content.decode()
    assert 'data-source="/meetups/groups.geojson?near=koln-de-07&amp;km=50"' in html
    assert 'data-centre="50.93333,6.95"' in html
    assert 'data-km="50"' in html
    assert '<input type="hidden" name="view" value="map">' in html
    assert "/meetups/groups/ours/" in html
    assert "Skip the map" in html
    assert "leaflet.js" not in client.get("/meetups/").content.decode()


def test_nobody_else_is_asked_for_tiles_unless_a_setting_says_so(client: Client, settings: object) -> None:
    response = client.get("/meetups/?view=map")
    assert "data-tiles" not in response.content.decode()
    assert "img-src 'self' data:;" in response["Content-Security-Policy"] + ";"
    settings.MAP_TILES_URL = "https://tiles.example.org/{z}/{x}/{y}.png"  # type: ignore[attr-defined]
    assert 'data-tiles="https://tiles.example.org/{z}/{x}/{y}.png"' in client.get("/meetups/?view=map").content.decode()


def test_map_data_is_compressed_and_kept_for_a_minute(client: Client) -> None:
    for group in GroupFactory.create_batch(30):
        EventFactory(group=group, starts_at=timezone.now() + timedelta(days=3))
    response = client.get(DATA, headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert response["Cache-Control"] == "public, max-age=60"


def test_answer_is_kept_by_language(client: Client) -> None:
    kept = {word.strip() for word in client.get(DATA)["Vary"].split(",")}
    assert {"Accept-Language", "Cookie"} <= kept
