"""The home page: what it says with a community, with a single evening and with nothing at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as project_settings
from django.test import Client

from dashboard.models import WindowTotals
from meetups.models import Event, Group
from portal.members.models import Member
from portal.pages.home_page import PATCHES, read_home, split_tagline
from tests.meetups.factories import EventFactory, GroupFactory
from tests.places.factories import PlaceFactory, town

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
#: is_demo is remembered in the cache and counted apart.
QUERIES = 13


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def make_evening(days: int, **values: Any) -> Event:
    starts = NOW + timedelta(days=days)
    defaults = {
        "group": values.pop("group", None) or GroupFactory(),
        "state": Event.State.PUBLISHED,
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "starts_local": starts,
    }
    return EventFactory(**{**defaults, **values})


def test_tagline_is_split_at_the_accent() -> None:
    parts = split_tagline("Made by neighbours everywhere.", "neighbours")
    assert (parts.before, parts.accent, parts.after) == ("Made by ", "neighbours", " everywhere.")


def test_tagline_without_its_accent_stays_whole() -> None:
    parts = split_tagline("Made together.", "neighbours")
    assert (parts.before, parts.accent, parts.after) == ("Made together.", "", "")


@pytest.mark.django_db
def test_home_says_what_this_is(client: Client) -> None:
    html = client.get("/").content.decode()
    accent = project_settings.COMMUNITY.tagline_accent
    assert f'<span class="hero__accent">{accent}</span>' in html
    assert project_settings.COMMUNITY.description in html


@pytest.mark.django_db
def test_home_of_an_empty_portal_invites(client: Client) -> None:
    response = client.get("/")
    assert response.context["home"].is_empty
    html = response.content.decode()
    assert "No date is set yet" in html
    assert "No ranking yet" in html
    assert "The last 90 days" not in html
    assert "did something here for the first time" not in html


@pytest.mark.django_db
def test_home_shows_the_next_evenings_soonest_first_and_no_others() -> None:
    late, soon = make_evening(9), make_evening(2)
    make_evening(1, state=Event.State.DRAFT)
    make_evening(1, state=Event.State.CANCELLED, cancel_reason="rain")
    make_evening(1, group=GroupFactory(state=Group.State.SUSPENDED))
    make_evening(-3)
    home = read_home(now=NOW)
    assert home.events == [soon, late]
    assert home.this_week == 1


@pytest.mark.django_db
def test_home_counts_what_was_held_in_ninety_days() -> None:
    group = GroupFactory()
    for days in (-5, -40):
        make_evening(days, group=group, state=Event.State.HELD, attended=9)
    make_evening(-91, state=Event.State.HELD, attended=9)
    make_evening(-3)
    assert (read_home(now=NOW).meetings.held, read_home(now=NOW).meetings.towns) == (2, 1)


@pytest.mark.django_db
def test_home_sews_the_groups_that_meet_next_first() -> None:
    sleepy = GroupFactory()
    next_one = make_evening(1).group
    patches = read_home(now=NOW).patches
    assert [patch["seed"] for patch in patches] == [str(next_one.pk), str(sleepy.pk)]


@pytest.mark.django_db
def test_home_draws_neighbours_as_one_dot() -> None:
    for name, country, lat, lon, state in (
        ("Basel", "CH", 47.55, 7.57, "quiet"),
        ("Lörrach", "DE", 47.61, 7.66, "active"),
        ("Weil", "DE", 47.59, 7.62, "active"),
        ("Suva", "FJ", -18.14, 178.44, "quiet"),
        ("Oslo", "NO", 59.91, 10.75, "archived"),
    ):
        GroupFactory(state=state, place=PlaceFactory(name=name, country_code=country, latitude=lat, longitude=lon))
    GroupFactory(kind=Group.Kind.ONLINE, place=None)
    home = read_home(now=NOW)
    assert sorted(home.points, key=lambda point: -point["lat"]) == [
        {"lat": 48, "lon": 8, "state": ""},
        {"lat": -18, "lon": 178, "state": "quiet"},
    ]
    assert home.countries == 3


@pytest.mark.django_db
def test_home_takes_the_same_queries_with_one_and_with_many(client: Client, django_assert_num_queries: Any) -> None:
    make_evening(1)
    client.get("/")
    with django_assert_num_queries(QUERIES):
        client.get("/")
    for days in range(2, PATCHES + 4):
        make_evening(days)
    with django_assert_num_queries(QUERIES):
        client.get("/")


@pytest.mark.django_db
def test_home_leads_a_town_to_its_page_and_other_words_to_the_groups(client: Client) -> None:
    place = town("Köln")
    html = client.get("/").content.decode()
    form = html[html.index('action="/meetups/places/"') :]
    form = form[: form.index("</form>")]
    assert 'name="place_text"' in form
    assert "required" not in form
    assert '<input type="hidden" name="or" value="groups">' in form
    answer = client.get("/meetups/places/?or=groups&place_text=cologne&place=")
    assert answer["Location"] == f"/meetups/places/{place.slug}/"
    for words, expected in (("Portugal", "/meetups/?text=Portugal"), ("", "/meetups/?text=")):
        answer = client.get(f"/meetups/places/?or=groups&place_text={words}&place=")
        assert answer["Location"] == expected


@pytest.mark.django_db
def test_home_of_a_stranger_sets_no_cookie(client: Client) -> None:
    make_evening(1)
    response = client.get("/")
    assert response.cookies.output() == ""


@pytest.mark.django_db
def test_home_refuses_what_is_no_reading(client: Client) -> None:
    assert client.post("/").status_code == 405


@pytest.mark.django_db
def test_home_shows_the_demo(demo: Any, client: Client) -> None:
    """The whole page on the demo: facts, newcomers, partners, map."""
    response = client.get("/")
    home = response.context["home"]
    assert home.facts.people > 400
    assert len(home.patches) == PATCHES
    assert len(home.arrivals.people) == 8
    assert [row.rank for row in home.partners] == [1, 2, 3]
    assert len(home.points) > 25
    html = response.content.decode()
    hidden = Member.objects.filter(visibility=Member.Visibility.HIDDEN)
    assert hidden.exists()
    assert WindowTotals.objects.filter(days=90).exists()
    assert not [member.name for member in hidden if member.name and member.name in html]
    for row in home.partners:
        assert row.name in html
