"""Pages of events, and who may use them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from meetups.models import Event, Group
from tests.meetups.factories import EventFactory, GroupFactory, allow
from tests.members.factories import UserFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Help table",
    "format": "help",
    "day": "2027-06-04",
    "time": "18:00",
    "minutes": "120",
    "time_zone": "Europe/Lisbon",
    "venue_name": "Library",
}


def titles(client: Client, query: str = "") -> list[str]:
    return [event.title for event in client.get("/meetups/events/" + query).context["page"].object_list]


def test_list_shows_what_comes_by_date_and_what_was_on_its_tab(client: Client) -> None:
    now = timezone.now()
    EventFactory(title="Later", starts_at=now + timedelta(days=9))
    EventFactory(title="Sooner", starts_at=now + timedelta(days=2))
    EventFactory(title="Running", starts_at=now - timedelta(minutes=30))
    EventFactory(title="Off", starts_at=now + timedelta(days=3), state="cancelled")
    EventFactory(title="Over", starts_at=now - timedelta(days=3), state="held")
    EventFactory(title="Draft", state="draft")
    EventFactory(title="Suspended", group=GroupFactory(state=Group.State.SUSPENDED))
    assert titles(client) == ["Running", "Sooner", "Off", "Later"]
    assert titles(client, "?when=past") == ["Over"]


def test_list_narrows_by_kind_format_and_country(client: Client) -> None:
    EventFactory(title="Köln", format="help", group=GroupFactory(place=town("Köln")))
    EventFactory(title="Camp", kind="camp", group=None)
    EventFactory(title="Call", kind="online", group=GroupFactory(kind="online", place=None))
    assert titles(client, "?country=DE") == ["Köln"]
    assert titles(client, "?kind=camp") == ["Camp"]
    assert titles(client, "?format=help") == ["Köln"]
    assert "No dates here" in client.get("/meetups/events/?kind=conference").content.decode()


@pytest.mark.parametrize("number", [1, 30])
def test_list_takes_the_same_queries_whatever_its_size(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/meetups/events/")
    for _ in range(number):
        EventFactory()
    with django_assert_num_queries(3):
        client.get("/meetups/events/")


def test_list_narrows_to_one_group_that_stays_in_the_form(client: Client) -> None:
    mine = EventFactory(title="Mine")
    EventFactory(title="Other")
    assert titles(client, f"?group={mine.group.slug}") == ["Mine"]
    html = client.get(f"/meetups/events/?group={mine.group.slug}").content.decode()
    assert f'<input type="hidden" name="group" value="{mine.group.slug}"' in html


def test_event_without_a_group_has_a_page(client: Client) -> None:
    event = EventFactory(kind="conference", group=None)
    assert event.title in client.get(event.get_absolute_url()).content.decode()


def test_old_title_in_the_address_leads_to_the_new_one(client: Client) -> None:
    event = EventFactory(title="New words", slug="new-words")
    response = client.get(f"/meetups/events/{event.pk}-old-words/")
    assert (response.status_code, response["Location"]) == (301, event.get_absolute_url())


def test_meeting_link_is_never_shown_to_visitors(client: Client, stranger) -> None:
    event = EventFactory(online_url="https://meet.example.org/room", about="Come in")
    for url in (event.get_absolute_url(), event.group.get_absolute_url(), "/meetups/events/", "/meetups/"):
        assert "meet.example.org" not in client.get(url).content.decode()
    client.force_login(stranger.user)
    assert 'href="https://meet.example.org/room"' in client.get(event.get_absolute_url()).content.decode()


def test_meeting_link_of_a_cancelled_event_is_gone(client: Client, stranger) -> None:
    event = EventFactory(online_url="https://meet.example.org/room", state="cancelled")
    client.force_login(stranger.user)
    assert "meet.example.org" not in client.get(event.get_absolute_url()).content.decode()


def test_draft_exists_for_its_organisers_and_staff_alone(
    signed_in, group, organiser, other_organiser, member, stranger
) -> None:
    draft = EventFactory(group=group, state="draft")
    url = draft.get_absolute_url()
    assert [signed_in(who).get(url).status_code for who in (None, stranger, member, other_organiser)] == [404] * 4
    staff = allow(UserFactory(is_staff=True), "change_event")
    assert [signed_in(who).get(url).status_code for who in (organiser, staff)] == [200, 200]


@pytest.mark.parametrize("verb", ["edit", "publish", "cancel", "held"])
def test_verbs_are_for_organisers_of_this_group(
    verb, signed_in, group, organiser, other_organiser, member, stranger
) -> None:
    event = EventFactory(group=group, state="draft" if verb == "publish" else "published")
    url = f"/meetups/events/{event.pk}/{verb}/"
    before = Event.objects.filter(pk=event.pk).values().get()
    refused = [
        signed_in(who).post(url, {"reason": "x", "attended": "1", **FORM}).status_code for who in (stranger, member)
    ]
    assert refused == [403, 403]
    assert signed_in(other_organiser).post(url, {"reason": "x", "attended": "1", **FORM}).status_code == 403
    assert signed_in(None).post(url).status_code == 302
    assert Event.objects.filter(pk=event.pk).values().get() == before
    assert signed_in(organiser).get(url).status_code == (405 if verb == "publish" else 200)


def test_creating_is_for_organisers_of_this_group(signed_in, group, organiser, other_organiser, stranger) -> None:
    url = f"/meetups/groups/{group.slug}/events/new/"
    assert [signed_in(who).post(url, FORM).status_code for who in (stranger, other_organiser)] == [403, 403]
    assert not Event.objects.exists()
    response = signed_in(organiser).post(url, FORM)
    event = Event.objects.get()
    assert response["Location"] == event.get_absolute_url()
    assert (event.state, event.created_by, event.group) == ("draft", organiser, group)
    assert event.starts_at.isoformat() == "2027-06-04T17:00:00+00:00"


def test_organiser_of_a_suspended_group_may_do_nothing(signed_in, group, organiser) -> None:
    event = EventFactory(group=group)
    Group.objects.update(state=Group.State.SUSPENDED)
    assert signed_in(organiser).get(f"/meetups/events/{event.pk}/edit/").status_code == 403
    assert signed_in(organiser).get(event.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": "31.02.2027"}, "day"),
        ({"time": "25:00"}, "time"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"minutes": "5"}, "minutes"),
        ({"venue_name": ""}, "venue_name"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"title": ""}, "title"),
    ],
)
def test_wrong_answer_is_said_at_its_field_and_nothing_is_lost(wrong, field, signed_in, group, organiser) -> None:
    response = signed_in(organiser).post(
        f"/meetups/groups/{group.slug}/events/new/", {**FORM, "about": "Bring soup", **wrong}
    )
    assert field in response.context["form"].errors
    assert "Bring soup" in response.content.decode()
    assert not Event.objects.exists()


def test_edit_form_shows_wall_time_and_saves_it(signed_in, group, organiser) -> None:
    signed_in(organiser).post(f"/meetups/groups/{group.slug}/events/new/", FORM)
    event = Event.objects.get()
    html = signed_in(organiser).get(f"/meetups/events/{event.pk}/edit/").content.decode()
    assert 'value="2027-06-04"' in html
    assert 'value="18:00"' in html
    signed_in(organiser).post(f"/meetups/events/{event.pk}/edit/", {**FORM, "time": "19:30"})
    event.refresh_from_db()
    assert (event.starts_at.isoformat(), event.sequence) == ("2027-06-04T18:30:00+00:00", 1)


def test_publish_cancel_and_hold_by_their_pages(signed_in, group, organiser) -> None:
    client = signed_in(organiser)
    event = EventFactory(group=group, state="draft")
    client.post(f"/meetups/events/{event.pk}/publish/")
    event.refresh_from_db()
    assert event.state == "published"
    assert client.post(f"/meetups/events/{event.pk}/cancel/", {"reason": ""}).status_code == 200
    client.post(f"/meetups/events/{event.pk}/cancel/", {"reason": "Flood"})
    event.refresh_from_db()
    assert (event.state, event.cancel_reason) == ("cancelled", "Flood")
    past = EventFactory(group=group, starts_at=timezone.now() - timedelta(hours=3))
    client.post(f"/meetups/events/{past.pk}/held/", {"attended": "9"})
    past.refresh_from_db()
    assert (past.state, past.attended) == ("held", 9)


def test_event_to_come_is_not_held_and_the_page_says_why(signed_in, group, organiser) -> None:
    event = EventFactory(group=group)
    response = signed_in(organiser).post(f"/meetups/events/{event.pk}/held/", {"attended": "9"})
    assert "has not begun yet" in response.content.decode()


def test_community_elsewhere_plans_no_dates_here(signed_in, organiser) -> None:
    elsewhere = GroupFactory(kind="external", external_url="https://example.org/us")
    elsewhere.organisers.create(member=organiser, accepted_at=timezone.now())
    response = signed_in(organiser).post(f"/meetups/groups/{elsewhere.slug}/events/new/", FORM)
    assert response.status_code == 404
    assert not Event.objects.exists()
