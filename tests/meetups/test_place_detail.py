"""A place's page: finding it, what it shows to whom, saying interest, and beginning an application."""

import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Application, Group, Interest
from portal.members.models import Member
from portal.places.models import Place
from tests.meetups.factories import GroupFactory, InterestFactory, application_in, person
from tests.members.factories import MemberFactory
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return town("Köln")


def url(place: Place, verb: str = "") -> str:
    return f"/meetups/places/{place.slug}/{verb + '/' if verb else ''}"


def near_koeln(km: int) -> Place:
    return PlaceFactory(latitude=50.93333 + km / 111.195, longitude=6.95)


def introduced(client: Client, place: Place) -> list[str]:
    return [other.member.name for other in client.get(url(place)).context["page"].introduced]


def test_page_shows_groups_here_and_near_with_their_distance(client: Client, place: Place) -> None:
    GroupFactory(name="Ours", place=place)
    GroupFactory(name="Further", place=near_koeln(120))
    GroupFactory(name="Nearer", place=near_koeln(30))
    GroupFactory(name="Too far", place=near_koeln(700))
    GroupFactory(name="Gone", place=place, state=Group.State.ARCHIVED)
    GroupFactory(name="Shut", place=place, state=Group.State.SUSPENDED)
    GroupFactory(name="Elsewhere", place=place, kind=Group.Kind.EXTERNAL, external_url="https://t.me/x")
    response = client.get(url(place))
    page = response.context["page"]
    assert [(one.group.name, one.km, one.is_here) for one in page.groups] == [
        ("Ours", 0, True), ("Nearer", 30, False), ("Further", 120, False),
    ]  # fmt: skip
    html = response.content.decode()
    assert "30 km away" in html
    assert "in this very town" in html
    assert page.panel.results[1].evidence.startswith("Köln already has Ours.")


def test_nearest_sleeping_group_is_offered_to_be_revived(client: Client, place: Place) -> None:
    GroupFactory(name="Awake", place=near_koeln(10))
    GroupFactory(name="Far sleeper", place=near_koeln(90), state=Group.State.QUIET)
    near = GroupFactory(name="Sleeper", place=near_koeln(60), state=Group.State.DORMANT)
    response = client.get(url(place))
    assert (response.context["page"].sleeping.group, response.context["page"].sleeping.km) == (near, 60)
    assert re.search(rf'href="{near.get_absolute_url()}">\s*Help revive it', response.content.decode())


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Group.State.ACTIVE, "People meet here already"),
        (Group.State.DORMANT, "The group here is asleep."),
        (Group.State.ARCHIVED, "No group meets here yet."),
    ],
)
def test_headline_says_whether_people_meet_here(client: Client, place: Place, state: str, words: str) -> None:
    GroupFactory(place=place, state=state)
    assert words in client.get(url(place)).content.decode()


def test_place_without_anything_near_says_so(client: Client, place: Place) -> None:
    html = client.get(url(place)).content.decode()
    assert "No group meets within 500 kilometres." in html
    assert "Help revive it" not in html
    assert "0 people so far" in html


def test_numbers_and_criteria_fill_up(client: Client, place: Place) -> None:
    for kind in ("join", "join", "organise", "host"):
        InterestFactory(place=place, kind=kind)
    response = client.get(url(place))
    html = response.content.decode()
    assert [number for number, _words in response.context["page"].counts] == [2, 1, 1, 0, 0]
    assert "4 people so far" in html
    for words in ("3 interested, 2 are enough.", "1 of 2 organisers.", "A venue is offered, to be confirmed."):
        assert words in html


def test_text_for_the_forum_names_nobody_and_links_there(client: Client, place: Place, settings) -> None:
    InterestFactory(place=place, member__name="Secret Name", wants_introduction=True)
    response = client.get(url(place))
    page, html = response.context["page"], response.content.decode()
    assert "1 person told this portal of interest in the place. 1 would join." in page.thread
    assert f"http://localhost:8000{url(place)}" in page.thread
    assert "Secret Name" not in html
    assert re.search(r'<textarea[^>]*id="thread-text"[^>]*readonly', html)
    for key in ("international_forum", "meetups_forum"):
        assert f'href="{settings.COMMUNITY.links[key]}"' in html


def test_anonymous_sees_numbers_sets_no_cookie_and_is_led_to_sign_in_and_back(client: Client, place: Place) -> None:
    InterestFactory(place=place)
    response = client.get(url(place))
    assert response.cookies.output() == ""
    html = response.content.decode()
    assert f"/accounts/login/?next={quote(url(place))}" in html
    assert 'method="post"' not in html
    for verb in ("interest", "withdraw", "apply"):
        answer = client.post(url(place, verb), {"kinds": ["join"]})
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert (Interest.objects.count(), Application.objects.count()) == (1, 0)


def test_names_are_for_those_who_said_something_here_themselves(
    signed_in, place: Place, stranger: Member, organiser: Member, lead
) -> None:
    InterestFactory(place=place, member=person("Open Person"), wants_introduction=True)
    InterestFactory(place=place, member=person("Silent Person"))
    other_place = PlaceFactory()
    elsewhere = InterestFactory(place=other_place).member
    withdrawn = InterestFactory(place=place, withdrawn_at=timezone.now()).member
    mine = InterestFactory(place=place).member
    for who in (None, stranger, organiser, lead, elsewhere, withdrawn):
        html = signed_in(who).get(url(place)).content.decode()
        assert "Open Person" not in html
        assert "Silent Person" not in html
    html = signed_in(mine).get(url(place)).content.decode()
    assert "Open Person" in html
    assert "Silent Person" not in html


def test_hidden_erased_merged_and_withdrawn_people_are_never_named(signed_in, place: Place) -> None:
    me = InterestFactory(place=place, member=person("Myself"), wants_introduction=True).member
    kept = InterestFactory(place=place, member=person("Shown"), wants_introduction=True).member
    InterestFactory(place=place, member=kept, kind="speak", wants_introduction=True)
    for member in (
        MemberFactory(name="Hidden", visibility=Member.Visibility.HIDDEN),
        MemberFactory(name="Erased", erased_at=timezone.now()),
        MemberFactory(name="Merged", merged_into=me),
        MemberFactory(name="Bot", bot_state=Member.BotState.BOT),
    ):
        InterestFactory(place=place, member=member, wants_introduction=True)
    InterestFactory(
        place=place, member=MemberFactory(name="Withdrew"), wants_introduction=True, withdrawn_at=timezone.now()
    )
    client = signed_in(me)
    assert introduced(client, place) == ["Shown"]
    html = client.get(url(place)).content.decode()
    assert "would join, would speak" in html
    for name in ("Hidden", "Erased", "Merged", "Withdrew"):
        assert f">{name}<" not in html


def test_hidden_reader_is_told_that_nobody_meets_them(signed_in, place: Place) -> None:
    hidden, shown = person(), person()
    Member.objects.filter(pk=hidden.pk).update(visibility=Member.Visibility.HIDDEN)
    assert "You chose to be named nowhere" in signed_in(hidden).get(url(place)).content.decode()
    assert "You chose to be named nowhere" not in signed_in(shown).get(url(place)).content.decode()


def test_handle_is_shown_where_somebody_wants_no_name(signed_in, place: Place) -> None:
    me = InterestFactory(place=place).member
    shy = MemberFactory(name="Real Name", handle="handy", visibility=Member.Visibility.HANDLE)
    InterestFactory(place=place, member=shy, wants_introduction=True)
    html = signed_in(me).get(url(place)).content.decode()
    assert "handy" in html
    assert "Real Name" not in html


def test_stranger_says_interest_by_post_and_takes_it_back(signed_in, place: Place, stranger: Member) -> None:
    client = signed_in(stranger)
    for verb in ("interest", "withdraw", "apply"):
        assert client.get(url(place, verb))["Location"] == url(place)
    assert (Interest.objects.count(), Application.objects.count()) == (0, 0)
    html = client.post(
        url(place, "interest"), {"kinds": ["join", "host"], "wants_introduction": "on"}, follow=True
    ).content.decode()
    assert "Noted. We write to you when a group starts in Köln." in html
    assert set(Interest.objects.values_list("member", "kind", "wants_introduction")) == {
        (stranger.pk, "join", True), (stranger.pk, "host", True),
    }  # fmt: skip
    assert len(re.findall(r"<input[^>]*checked", html)) == 3
    assert "Take it all back" in html
    other = InterestFactory(place=place)
    client.post(url(place, "withdraw"))
    assert list(Interest.objects.filter(withdrawn_at=None)) == [other]
    assert "Take it all back" not in client.get(url(place)).content.decode()


@pytest.mark.parametrize("data", [{}, {"kinds": ["dance"]}])
def test_nothing_ticked_or_nonsense_is_said_at_the_field(signed_in, place: Place, stranger: Member, data) -> None:
    response = signed_in(stranger).post(url(place, "interest"), {**data, "wants_introduction": "on"})
    assert response.context["form"].has_error("kinds")
    assert "field--error" in response.content.decode()
    assert not Interest.objects.exists()


def test_one_button_begins_a_draft_and_later_leads_back_to_it(signed_in, place: Place, stranger: Member) -> None:
    theirs = application_in("draft", place=place)
    client = signed_in(stranger)
    assert "Go on with your draft" not in client.get(url(place)).content.decode()
    answer = client.post(url(place, "apply"))
    mine = Application.objects.exclude(pk=theirs.pk).get()
    assert answer["Location"] == f"/meetups/applications/{mine.public_id}/interest/"
    assert (mine.applicant, mine.place) == (stranger, place)
    assert answer["Location"] in client.get(url(place)).content.decode()
    assert client.post(url(place, "apply"))["Location"] == answer["Location"]


def test_too_many_drafts_are_refused_with_a_sentence(signed_in, place: Place, stranger: Member) -> None:
    for _ in range(3):
        application_in("draft", applicant=stranger)
    html = signed_in(stranger).post(url(place, "apply"), follow=True).content.decode()
    assert "You have 3 applications under way." in html
    assert not Application.objects.filter(place=place).exists()


def test_open_application_is_mentioned_without_its_name(client: Client, place: Place) -> None:
    application_in("declined", place=place)
    application_in("draft", place=place)
    assert "is with the team already" not in client.get(url(place)).content.decode()
    application_in("submitted", place=place, group_name="Secret Plan")
    html = client.get(url(place)).content.decode()
    assert "is with the team already" in html
    assert "Secret Plan" not in html


def test_place_nobody_knows_is_not_found(signed_in, stranger: Member) -> None:
    client = signed_in(stranger)
    for verb in ("", "interest", "withdraw", "apply"):
        assert client.get(f"/meetups/places/atlantis/{verb}{'/' if verb else ''}").status_code == 404


@pytest.mark.parametrize("number", [1, 12])
@pytest.mark.parametrize(("who", "queries"), [("anonymous", 5), ("stranger", 10), ("interested", 11)])
def test_place_takes_the_same_queries_whatever_is_there(
    signed_in, place: Place, stranger: Member, django_assert_num_queries: DjangoAssertNumQueries, number, who, queries
) -> None:
    client = signed_in(None if who == "anonymous" else stranger)
    client.get("/meetups/")
    for _ in range(number):
        GroupFactory(place=place)
        GroupFactory(place=near_koeln(50), state=Group.State.DORMANT)
        InterestFactory(place=place, wants_introduction=True)
        application_in("draft", place=place)
    if who == "interested":
        InterestFactory(place=place, member=stranger)
    with django_assert_num_queries(queries):
        page = client.get(url(place)).context["page"]
    assert (len(page.groups), page.tally["join"]) == (min(number, 6), number + (who == "interested"))
    assert len(page.introduced) == (number if who == "interested" else 0)


@pytest.mark.parametrize("query", ["?place_text=koeln", "?place=2886242", "?or=groups&place_text=K%C3%B6ln&place="])
def test_one_town_leads_to_its_page(client: Client, place: Place, query: str) -> None:
    answer = client.get(f"/meetups/places/{query}")
    assert (answer.status_code, answer["Location"]) == (302, url(place))


def test_emptied_town_is_asked_for_again(client: Client, place: Place) -> None:
    response = client.get(f"/meetups/places/?place={place.pk}&place_text=")
    assert response.context["form"].errors == {"place": ["Name a town, such as “Lagos” or “Springfield, Missouri”."]}


def test_towns_of_one_name_are_offered(client: Client) -> None:
    town("Springfield, Missouri")
    town("Springfield, Illinois")
    for query in ("?place_text=Springfield", "?or=groups&place_text=Springfield"):
        html = client.get(f"/meetups/places/{query}").content.decode()
        assert html.count('type="radio"') == 2


def test_country_is_no_place_to_meet_in(client: Client) -> None:
    html = client.get("/meetups/places/?place_text=Germany").content.decode()
    assert "Germany is a whole country. Name a town there." in html
    assert "field--error" not in client.get("/meetups/places/").content.decode()


def test_words_that_are_no_town_are_searched_among_groups_where_asked(client: Client) -> None:
    answer = client.get("/meetups/places/?or=groups&place_text=automation+circle&place=")
    assert answer["Location"] == "/meetups/?text=automation+circle"
    assert client.get("/meetups/places/?place_text=automation").status_code == 200


def test_other_pages_lead_to_the_place(client: Client, place: Place) -> None:
    group = GroupFactory(place=place)
    assert f'href="{url(place)}"' in client.get(group.get_absolute_url()).content.decode()
    online = GroupFactory(kind=Group.Kind.ONLINE, place=None)
    assert "/meetups/places/" not in client.get(online.get_absolute_url()).content.decode()
    html = client.get("/meetups/?text=atlantis+%26+co").content.decode()
    assert re.search(r'href="/meetups/places/\?place_text=atlantis%20%26%20co">\s*Tell me when', html)
