"""The directory: filters in the address, order, and a number of queries that never grows."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Group
from meetups.services.groups import search_text
from tests.meetups.factories import EventFactory, GroupFactory, GroupMembershipFactory
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db
URL = "/meetups/"


def names(client: Client, query: str = "") -> list[str]:
    """Names on the cards, in order."""
    response = client.get(URL + query)
    listed = [card.group.name for card in response.context["directory"].cards]
    drawn = re.findall(r'group-card__name"><a[^>]*>([^<]+)<', response.content.decode())
    assert drawn[: len(listed)] == listed
    return listed


def koeln(**values: object) -> Group:
    place = town("Köln")
    return GroupFactory(name="Domstadt", place=place, search=search_text(name="Domstadt", place=place), **values)


def test_groups_that_meet_soonest_come_first_then_names_without_accents() -> None:
    client = Client()
    now = timezone.now()
    for name in ("Zebra", "Ängel", "apple", "Óscar"):
        GroupFactory(name=name)
    late, soon = GroupFactory(name="Late"), GroupFactory(name="Soon")
    EventFactory(group=late, starts_at=now + timedelta(days=20))
    EventFactory(group=late, starts_at=now - timedelta(days=20))
    EventFactory(group=soon, starts_at=now + timedelta(days=2))
    EventFactory(group=soon, starts_at=now + timedelta(days=1), state="cancelled")
    EventFactory(group=GroupFactory(name="Drafted"), starts_at=now + timedelta(days=1), state="draft")
    assert names(client) == ["Soon", "Late", "Ängel", "apple", "Drafted", "Óscar", "Zebra"]


@pytest.mark.parametrize("text", ["koln", "KÖLN", "Cologne", "Koeln", "germ", "domstadt köln", "Domstatd", "colonge"])
def test_text_finds_names_places_and_countries_however_they_are_typed(client: Client, text: str) -> None:
    koeln()
    GroupFactory(name="Elsewhere")
    assert names(client, f"?text={text}") == ["Domstadt"]


def test_text_with_two_words_needs_both(client: Client) -> None:
    koeln()
    assert names(client, "?text=domstadt+lagos") == []


def test_country_kind_and_status_narrow_the_list(client: Client) -> None:
    koeln(state=Group.State.QUIET)
    GroupFactory(name="Ours")
    GroupFactory(name="Everywhere", kind=Group.Kind.ONLINE, place=None, search="everywhere")
    assert names(client, "?country=DE") == ["Domstadt"]
    assert names(client, "?kind=online") == ["Everywhere"]
    assert names(client, "?status=quiet") == ["Domstadt"]
    assert names(client, "?country=PT&status=quiet") == []


def test_only_countries_that_occur_are_offered(client: Client) -> None:
    koeln()
    koeln_options = re.findall(r'<option value="([A-Z]{2})"', client.get(URL).content.decode())
    assert koeln_options == ["DE"]


def test_unknown_country_is_said_at_the_field_and_ignored(client: Client) -> None:
    GroupFactory(name="Ours")
    response = client.get(URL + "?country=ZZ")
    assert response.context["directory"].filterset.form.errors.keys() == {"country"}
    assert names(client, "?country=ZZ") == ["Ours"]


def test_suspended_group_is_never_shown(client: Client) -> None:
    hidden = GroupFactory(name="Hidden", state=Group.State.SUSPENDED)
    GroupFactory(name="Shown")
    assert names(client) == ["Shown"]
    assert names(client, "?text=Hidden") == []
    assert names(client, "?status=suspended") == ["Shown"]
    assert client.get(hidden.get_absolute_url()).status_code == 404


def test_chips_name_the_filters_and_lead_to_the_list_without_them(client: Client) -> None:
    koeln()
    chips = client.get(URL + "?text=dom&country=DE&page=1").context["directory"].chips
    assert chips == [
        {"kind": "", "label": "dom", "remove_url": "?country=DE"},
        {"kind": "Country", "label": "Germany", "remove_url": "?text=dom"},
    ]


def test_count_is_announced_and_words_say_one_or_many(client: Client) -> None:
    GroupFactory(name="Ours")
    html = client.get(URL).content.decode()
    assert re.search(r'role="status"[^>]*>\s*<strong>\s*1 group\s*</strong>', html)
    assert re.search(r"1 group\s*·\s*1 country", html)


def test_empty_list_leads_on(client: Client) -> None:
    GroupFactory(name="Everywhere", kind=Group.Kind.ONLINE, place=None, search="everywhere")
    html = client.get(URL + "?text=atlantis").content.decode()
    assert "No group like that yet" in html
    assert 'href="/meetups/apply/"' in html
    assert 'href="/meetups/?kind=online"' in html
    assert "Everywhere" in html


def test_list_is_cut_into_pages_of_24_that_keep_the_filters(client: Client) -> None:
    GroupFactory.create_batch(25)
    assert len(names(client, "?country=PT")) == 24
    assert len(names(client, "?country=PT&page=2")) == 1
    assert "?country=PT&amp;page=2" in client.get(URL + "?country=PT").content.decode()


def test_card_says_date_year_local_time_and_zone(client: Client) -> None:
    group = GroupFactory()
    starts = timezone.now().replace(
        year=timezone.now().year + 1, month=1, day=15, hour=17, minute=0, second=0, microsecond=0
    )
    EventFactory(group=group, starts_at=starts, time_zone="Europe/Berlin", venue_name="City Library")
    html = client.get(URL).content.decode()
    assert re.search(rf"15 Jan {starts.year}, 18:00 CET", html)
    assert "City Library" in html


def test_map_shows_the_groups_of_the_filter_and_marks_the_quiet(client: Client) -> None:
    koeln(state=Group.State.QUIET)
    GroupFactory()
    GroupFactory(kind=Group.Kind.ONLINE, place=None)
    assert len(client.get(URL).context["directory"].points) == 2
    [point] = client.get(URL + "?country=DE").context["directory"].points
    assert (point.lat, point.lon, point.state, point.groups) == (50.93333, 6.95, "quiet", 1)


def test_map_draws_neighbours_as_one_dot_that_is_quiet_only_when_all_are(client: Client) -> None:
    place = town("Köln")
    GroupFactory(place=place, state=Group.State.QUIET)
    GroupFactory(place=PlaceFactory(latitude=place.latitude - 0.2, longitude=place.longitude))
    directory = client.get(URL).context["directory"]
    assert [(point.state, point.groups) for point in directory.points] == [("", 2)]
    assert (directory.count, directory.mapped) == (2, 2)


@pytest.mark.parametrize("number", [1, 30])
def test_directory_takes_seven_queries_whatever_its_size(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(URL)  # what the site remembers for a minute
    for group in GroupFactory.create_batch(number, languages=["en", "de"]):
        EventFactory(group=group)
        GroupMembershipFactory(group=group)
    with django_assert_num_queries(7):
        response = client.get(URL)
    assert len(response.context["directory"].cards) == min(number, 24)


@pytest.mark.parametrize("number", [1, 30])
def test_searched_directory_takes_eight_queries_whatever_its_size(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(URL)  # what the site remembers for a minute
    for group in GroupFactory.create_batch(number, languages=["en", "de"]):
        EventFactory(group=group)
        GroupMembershipFactory(group=group)
    with django_assert_num_queries(8):
        response = client.get(URL + "?text=circle&country=PT&kind=meetup&status=active")
    assert len(response.context["directory"].cards) == min(number, 24)


def test_text_is_as_long_as_a_name_and_eight_words_are_looked_for(client: Client) -> None:
    name = "One Two Three Four Five Six Seven Eight"
    GroupFactory(name=name)
    assert names(client, "?text=one+two+three+four+five+six+seven+eight+nine+ten") == [name]
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/meetups/?text=" + "ab+" * 500)
    assert response.status_code == 200
    assert not any("%ab%" in query["sql"] for query in queries)
