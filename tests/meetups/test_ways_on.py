"""Nobody who finds no group stands before a wall."""

import pytest
from django.test import Client

from meetups.models import Group, Interest
from tests.meetups.factories import GroupFactory, person
from tests.places.factories import town

pytestmark = pytest.mark.django_db


@pytest.fixture
def berlin() -> Group:
    town("Köln")
    GroupFactory(name="Asleep", place=town("Lagos"), state=Group.State.ARCHIVED)
    return GroupFactory(name="Berlin Table", place=town("Berlin"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?text=Koeln", "The nearest group is 479 km from Köln:"),
        ("?text=cologne, germany", "The nearest group is 479 km from Köln:"),
        ("?near=koln-de-07&km=50", "The nearest group is 479 km from Köln:"),
        ("?at=50.9,7&km=50", "km from your position:"),
        ("?near=lagos-ng-05&km=50&kind=meetup", ""),
    ],
)
def test_nearest_group_is_named_with_its_distance(client: Client, berlin: Group, query: str, said: str) -> None:
    response = client.get(f"/meetups/{query}")
    html = response.content.decode()
    if said:
        assert response.context["directory"].count == 0
        assert said in html
        assert '<a href="/meetups/groups/berlin-table/">Berlin Table</a> in Berlin, Germany' in html
    else:
        assert "The nearest group" not in html


def test_place_of_the_text_takes_an_interest_in_one_click(client: Client, berlin: Group) -> None:
    member = person("Nora")
    client.force_login(member.user)  # type: ignore[arg-type]
    html = client.get("/meetups/?text=Köln").content.decode()
    assert 'action="/meetups/places/koln-de-07/interest/"' in html
    assert 'action="/meetups/places/koln-de-07/apply/"' in html
    assert "Tell me when something starts in Köln" in html
    assert "Start a group in Köln" in html
    client.post("/meetups/places/koln-de-07/interest/", {"kinds": "join"})
    assert list(Interest.objects.values_list("member", "place__slug", "kind")) == [(member.pk, "koln-de-07", "join")]


def test_visitor_is_led_to_the_page_of_the_place(client: Client, berlin: Group) -> None:
    html = client.get("/meetups/?text=Köln").content.decode()
    assert 'href="/meetups/places/koln-de-07/"' in html
    assert 'href="/accounts/login/?next=/meetups/places/koln-de-07/"' in html
    assert "<form method=" not in html.split('class="empty')[1].split("</section>")[0]


def test_text_that_is_no_place_leads_to_asking_for_one(client: Client, berlin: Group) -> None:
    html = client.get("/meetups/?text=zzzzqqqq").content.decode()
    assert 'href="/meetups/places/?place_text=zzzzqqqq"' in html
    assert "The nearest group" not in html


def test_distance_can_be_let_go(client: Client, berlin: Group) -> None:
    response = client.get("/meetups/?near=koln-de-07&km=50&view=map")
    assert response.context["directory"].any_distance_url == "?near=koln-de-07&view=map"
    assert "Search at any distance" in response.content.decode()


def test_empty_portal_still_offers_to_begin(client: Client) -> None:
    town("Köln")
    html = client.get("/meetups/?text=köln").content.decode()
    assert "Tell me when something starts in Köln" in html
    assert "The nearest group" not in html
