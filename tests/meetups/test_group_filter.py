"""The directory's questions: where, in which language and when; what is wrong with an answer is said at its field."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import Event, Group
from tests.meetups.factories import EventFactory, GroupFactory
from tests.places.factories import PlaceFactory, RegionFactory, town

pytestmark = pytest.mark.django_db
URL = "/meetups/"


@pytest.fixture
def world() -> None:
    """Four towns and an online group."""
    GroupFactory(name="Cologne", place=town("Köln"), languages=["de"])
    GroupFactory(name="Berlin", place=town("Berlin"), languages=["de", "en"])
    GroupFactory(name="Suva", place=town("Suva"), languages=["en", "pt-br"])
    GroupFactory(name="Missouri", place=town("Springfield, Missouri"), languages=["en"])
    GroupFactory(name="Everywhere", kind=Group.Kind.ONLINE, place=None, languages=["pt-br"])
    town("Springfield, Illinois")
    town("Apia")


def names(client: Client, query: str) -> list[str]:
    return [card.group.name for card in client.get(URL + query).context["directory"].cards]


def errors(client: Client, query: str) -> dict[str, list[str]]:
    return dict(client.get(URL + query).context["directory"].filterset.form.errors)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?near=koln-de-07", ["Cologne", "Berlin", "Missouri", "Suva", "Everywhere"]),
        ("?near=K%C3%B6ln&km=50", ["Cologne"]),
        ("?near_text=koeln&km=500", ["Cologne", "Berlin"]),
        ("?near=2886242&near_text=K%C3%B6ln%2C+Germany&km=25", ["Cologne"]),
        ("?near=2886242&km=500&kind=online", []),
        ("?at=52.5,13.4&km=100", ["Berlin"]),
        ("?at=52.5,13.4&near=koln-de-07&km=25", ["Cologne"]),
        ("?at=-18.1,-179.9&km=250", ["Suva"]),
        ("?at=-18.1,180&km=250", ["Suva"]),
        ("?at=90,0&km=500", []),
        ("?language=de", ["Berlin", "Cologne"]),
        ("?language=pt-br", ["Everywhere", "Suva"]),
        ("?language=de&near=koln-de-07", ["Cologne", "Berlin"]),
    ],
)
def test_question_finds_groups(client: Client, query: str, expected: list[str]) -> None:
    assert names(client, query) == expected


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("?near_text=Springfield", "near", "2 towns have this name: choose one."),
        ("?near_text=Atlantis", "near", "No town called “Atlantis” is known here."),
        ("?near=atlantis-xx", "near", "No town called “atlantis-xx” is known here."),
        ("?near=999999", "near", "This town is not known here. Type its name."),
        ("?near_text=Deutschland", "near", "No town called “Deutschland”"),
        ("?near_text=Germany", "near", "Germany is a whole country. Name a town there."),
        ("?near_text=" + "x" * 10_000, "near", "No town called “" + "x" * 59 + "…” is known here."),
        ("?km=50", "near", "Name the town from which the 50 km are measured."),
        ("?near=koln-de-07&km=-5", "km", "Select a valid choice. -5 is not one of the available choices."),
        ("?near=koln-de-07&km=1e9", "km", "Select a valid choice."),
        ("?at=nowhere", "at", "This is no position on the globe"),
        ("?at=91,0", "at", "This is no position on the globe"),
        ("?at=0,181", "at", "This is no position on the globe"),
        ("?at=nan,inf", "at", "This is no position on the globe"),
        ("?at=" + "9" * 10_000, "at", "Ensure this value has at most 60 characters"),
        ("?language=tlh", "language", "Select a valid choice."),
        ("?region=atlantis", "region", "Select a valid choice."),
        ("?meets=never", "meets", "Select a valid choice."),
    ],
)
def test_bad_answer_is_said_at_its_field_and_the_list_stays(
    client: Client, query: str, field: str, sentence: str
) -> None:
    found = errors(client, query)
    assert found.keys() == {field}
    assert found[field][0].startswith(sentence)
    response = client.get(URL + query)
    assert sentence[:40].replace("“", "“") in response.content.decode()
    assert response.context["directory"].count > 0


@pytest.mark.usefixtures("world")
def test_ambiguous_town_is_chosen_without_javascript(client: Client) -> None:
    html = client.get(URL + "?near_text=Springfield&km=25").content.decode()
    assert 'value="4409896"' in html
    assert 'value="4250542"' in html
    assert names(client, "?near_text=Springfield&near=4409896&km=25") == ["Missouri"]


@pytest.mark.usefixtures("world")
def test_what_a_link_names_stands_in_the_field(client: Client) -> None:
    html = client.get(URL + "?near=koln-de-07").content.decode()
    assert 'value="Köln, Germany"' in html


@pytest.mark.usefixtures("world")
def test_cards_show_kilometres_and_the_text_says_the_order(client: Client) -> None:
    response = client.get(URL + "?near=koln-de-07&km=500")
    assert [card.km for card in response.context["directory"].cards] == [0, 479]
    html = response.content.decode()
    assert "479 km" in html
    assert "right here" in html
    assert "nearest to Köln first" in html
    assert "nearest to your position first" in client.get(URL + "?at=52.5,13.4").content.decode()


def test_position_is_rounded_before_anything_is_shown(client: Client) -> None:
    response = client.get(URL + "?at=52.52437,13.41053&km=50&view=map")
    assert (response.status_code, response["Location"]) == (302, "?at=52.5%2C13.4&km=50&view=map")
    assert client.get(response["Location"].join(["/meetups/", ""])).status_code == 200


@pytest.mark.usefixtures("world")
def test_chip_of_the_town_takes_the_distance_along(client: Client) -> None:
    chips = client.get(URL + "?near_text=koeln&near=&km=50&kind=meetup&view=map").context["directory"].chips
    assert chips == [
        {"kind": "Near", "label": "Köln, Germany", "remove_url": "?kind=meetup&view=map"},
        {"kind": "Distance", "label": "within 50 km", "remove_url": "?near_text=koeln&kind=meetup&view=map"},
        {"kind": "Kind", "label": "Meetup", "remove_url": "?near_text=koeln&km=50&view=map"},
    ]
    chips = client.get(URL + "?at=52.5,13.4&km=50").context["directory"].chips
    assert [(chip["label"], chip["remove_url"]) for chip in chips] == [
        ("your position", "?"),
        ("within 50 km", "?at=52.5%2C13.4"),
    ]


def test_region_is_countries_and_areas_and_only_offered_where_there_are_groups(client: Client) -> None:
    GroupFactory(name="Missouri", place=town("Springfield, Missouri"))
    GroupFactory(name="Illinois", place=town("Springfield, Illinois"))
    GroupFactory(name="Lisbon", place=PlaceFactory(country_code="PT"))
    GroupFactory(name="Cologne", place=town("Köln"))
    RegionFactory(name="Mixed", slug="mixed", country_codes=["PT"], area_codes=["US.MO", "FR.11"])
    RegionFactory(name="Empty", slug="empty", country_codes=["FR"])
    assert names(client, "?region=mixed") == ["Lisbon", "Missouri"]
    choices = client.get(URL).context["directory"].filterset.form.fields["region"].choices
    assert [value for value, _label in choices] == ["", "mixed"]
    assert errors(client, "?region=empty").keys() == {"region"}


def test_region_of_suspended_groups_alone_is_not_offered(client: Client) -> None:
    GroupFactory(state=Group.State.SUSPENDED, languages=["sw"])
    RegionFactory(slug="hidden")
    form = client.get(URL).context["directory"].filterset.form
    assert list(form.fields["region"].choices) == [("", "any region")]
    assert list(form.fields["language"].choices) == [("", "any language")]


def test_languages_that_occur_are_offered_by_name(client: Client) -> None:
    GroupFactory(languages=["pt-br", "de"])
    GroupFactory(languages=["de"])
    choices = client.get(URL).context["directory"].filterset.form.fields["language"].choices
    assert list(choices)[1:] == [("pt-br", "Brazilian Portuguese"), ("de", "German")]


@pytest.mark.parametrize(
    ("meets", "expected"), [("week", ["Soon"]), ("month", ["Soon", "Later"]), ("any", ["Soon", "Later", "Far"])]
)
def test_only_groups_with_a_public_date_in_reach(client: Client, meets: str, expected: list[str]) -> None:
    now = timezone.now()
    for name, days in (("Soon", 3), ("Later", 20), ("Far", 90)):
        EventFactory(group=GroupFactory(name=name), starts_at=now + timedelta(days=days))
    EventFactory(group=GroupFactory(name="Past"), starts_at=now - timedelta(days=2))
    EventFactory(group=GroupFactory(name="Drafted"), starts_at=now + timedelta(days=2), state=Event.State.DRAFT)
    EventFactory(group=GroupFactory(name="Off"), starts_at=now + timedelta(days=2), state=Event.State.CANCELLED)
    assert names(client, f"?meets={meets}") == expected


def test_folded_filters_open_when_one_is_in_use(client: Client) -> None:
    GroupFactory()
    assert '<details class="find__more">' in client.get(URL + "?text=circle").content.decode()
    html = client.get(URL + "?kind=meetup&status=active").content.decode()
    assert '<details class="find__more" open>' in html
    assert "2 in use" in html
    assert '<details class="find__more" open>' in client.get(URL + "?language=tlh").content.decode()


def test_community_elsewhere_names_its_platform(client: Client) -> None:
    GroupFactory(
        kind=Group.Kind.EXTERNAL, external_url="https://t.me/x", platform=Group.Platform.TELEGRAM, place=town("Lagos")
    )
    html = client.get(URL).content.decode()
    assert "Meets on Telegram" in html
    assert "Community elsewhere" in html
