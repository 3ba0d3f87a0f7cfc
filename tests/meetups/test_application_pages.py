"""Applying on the page: six parts, resumed anywhere, checked, sent."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from meetups.models import Application
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, application_in, person, ready_application, seat_of
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db
PARTS = ("interest", "place", "organisers", "room", "launch", "rhythm")


@pytest.fixture
def ana(db: None) -> Member:
    return person("Ana Silva", email="ana@example.org")


@pytest.fixture
def draft(ana: Member, client: Client) -> Application:
    """Begun by Ana on the page, nothing answered yet."""
    client.force_login(ana.user)
    client.post("/meetups/apply/", {"kind": "meetup", "agree": "on"})
    return Application.objects.get()


def part_url(application: Application, part: str) -> str:
    return f"/meetups/applications/{application.public_id}/{part}/"


def save(client: Client, application: Application, part: str, **data: object):
    response = client.post(part_url(application, part), data)
    application.refresh_from_db()
    return response


def test_start_needs_an_account(client: Client) -> None:
    assert client.get("/meetups/apply/")["Location"] == "/accounts/login/?next=/meetups/apply/"


def test_start_needs_the_promise(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    response = client.post("/meetups/apply/", {"kind": "meetup"})
    assert "agree" in response.context["form"].errors
    assert not Application.objects.exists()


def test_start_lists_own_drafts_and_those_one_was_invited_to(client: Client, draft: Application, ana: Member) -> None:
    shared = ApplicationFactory(group_name="Shared circle")
    seat_of(shared, ana)
    ApplicationFactory(group_name="Foreign circle")
    html = client.get("/meetups/apply/").content.decode()
    assert "Shared circle" in html
    assert "Foreign circle" not in html
    assert f"/meetups/applications/{draft.public_id}/check/" in html


def test_six_parts_fill_a_draft_that_another_device_goes_on_with(
    client: Client, draft: Application, ana: Member
) -> None:
    koeln = town("Köln")
    launch = timezone.localdate() + timedelta(days=60)
    save(client, draft, "interest", group_name="Köln Circle", forum_url="https://forum.mautic.org/t/koeln/12")
    other_device = Client()
    other_device.force_login(ana.user)
    assert 'value="Köln Circle"' in other_device.get(part_url(draft, "interest")).content.decode()
    save(other_device, draft, "place", place_text="Koeln", languages=["de", "en"])
    assert (draft.place, draft.time_zone, draft.languages) == (koeln, "Europe/Berlin", ["de", "en"])
    save(other_device, draft, "room", venue_kind="library", venue_name="Public Library", venue_access=["step_free"])
    save(other_device, draft, "launch", launch_on=launch.isoformat(), launch_time="18:30", launch_title="Hello")
    response = save(
        other_device, draft, "rhythm", slot_ordinal="-1", slot_weekday="3", slot_time="18:00", slot_minutes="120",
        time_zone="Europe/Berlin",
    )  # fmt: skip
    assert response["Location"] == f"/meetups/applications/{draft.public_id}/check/"
    assert draft.slot_text == "last Thursday of the month, 18:00"
    html = other_device.get(part_url(draft, "check")).content.decode()
    assert "One thing is missing" in html
    assert "Two organisers must have accepted" in html


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_at_any_time_and_an_empty_post_loses_nothing(
    part: str, client: Client, draft: Application
) -> None:
    html = client.get(part_url(draft, part)).content.decode()
    assert 'aria-current="step"' in html
    assert "of 6" in html
    response = save(client, draft, part, slot_minutes="120")
    assert response.status_code == 302
    assert draft.state == "draft"


def test_unknown_part_does_not_exist(client: Client, draft: Application) -> None:
    assert client.get(part_url(draft, "money")).status_code == 404


def test_good_answers_are_kept_when_another_is_wrong(client: Client, draft: Application) -> None:
    response = save(
        client,
        draft,
        "room",
        venue_kind="library",
        venue_name="Botho Library",
        venue_contact_email="mpho@botho",
        venue_address="Plot 1",
    )
    assert response.status_code == 200
    assert (draft.venue_kind, draft.venue_name, draft.venue_address, draft.venue_contact_email) == (
        "library",
        "Botho Library",
        "Plot 1",
        "",
    )
    html = response.content.decode()
    assert 'value="mpho@botho"' in html
    assert "This address is not complete" in html
    assert 'href="#id_venue_contact_email"' in html


@pytest.mark.parametrize("name", ["The Crown Pub", "Wine-Bar"])
def test_bar_or_pub_is_refused_with_the_reason(name: str, client: Client, draft: Application) -> None:
    response = save(client, draft, "room", venue_kind="other", venue_name=name)
    assert draft.venue_name == ""
    assert "bars and pubs cannot be used" in response.content.decode()
    assert f'value="{name}"' in response.content.decode()


@pytest.mark.parametrize("name", ["Barcelona Activa", "Public Library", "Barcamp HQ"])
def test_names_that_only_contain_bar_or_pub_pass(name: str, client: Client, draft: Application) -> None:
    save(client, draft, "room", venue_kind="other", venue_name=name)
    assert draft.venue_name == name


def test_forum_thread_must_be_on_our_forum(client: Client, draft: Application) -> None:
    response = save(
        client, draft, "interest", group_name="Circle", forum_url="https://forum.mautic.org.evil.example/t/1"
    )
    assert (draft.group_name, draft.forum_url) == ("Circle", "")
    assert "is not on our forum" in response.content.decode()


def test_several_towns_of_one_name_are_offered_to_choose_from(client: Client, draft: Application) -> None:
    one, two = town("Springfield, Missouri"), town("Springfield, Illinois")
    html = save(client, draft, "place", place_text="Springfield").content.decode()
    assert draft.place is None
    assert f'value="{one.pk}"' in html
    assert f'value="{two.pk}"' in html
    save(client, draft, "place", place_text="Springfield", place=str(two.pk))
    assert (draft.place, draft.time_zone) == (two, "America/Chicago")


@pytest.mark.parametrize("text", ["Germany", "Deutschland und Umgebung", "Atlantis"])
def test_country_or_unknown_town_is_no_place(text: str, client: Client, draft: Application) -> None:
    town("Köln")
    response = save(client, draft, "place", place_text=text)
    assert draft.place is None
    assert response.status_code == 200
    assert f'value="{text}"' in response.content.decode()
    assert response.context["form"].errors.keys() == {"place"}


def test_launch_in_the_past_is_refused_and_a_near_one_only_waits(client: Client, draft: Application) -> None:
    yesterday, soon = timezone.localdate() - timedelta(days=1), timezone.localdate() + timedelta(days=10)
    save(client, draft, "launch", launch_on=yesterday.isoformat(), launch_time="18:00")
    assert draft.launch_on is None
    assert draft.launch_time is not None
    save(client, draft, "launch", launch_on=soon.isoformat(), launch_time="18:00")
    assert draft.launch_on == soon
    assert "less than four weeks ahead" in client.get(part_url(draft, "launch")).content.decode()


@pytest.mark.parametrize(("zone", "is_past"), [("Pacific/Kiritimati", True), ("Pacific/Pago_Pago", False)])
def test_launch_is_past_or_not_on_the_clock_of_the_group(
    zone: str, is_past: bool, client: Client, draft: Application, time_machine
) -> None:
    Application.objects.update(time_zone=zone)
    time_machine.move_to("2026-11-24T23:30:00Z", tick=False)
    client.force_login(draft.applicant.user)
    save(client, draft, "launch", launch_on="2026-11-24")
    assert (draft.launch_on is None) is is_past


def test_next_twelve_dates_are_shown_once_the_slot_is_complete(client: Client, draft: Application) -> None:
    data = {
        "slot_ordinal": "1",
        "slot_weekday": "4",
        "slot_time": "18:00",
        "slot_minutes": "90",
        "time_zone": "Asia/Kolkata",
    }
    assert save(client, draft, "rhythm", **data, stay="1")["Location"] == part_url(draft, "rhythm")
    response = client.get(part_url(draft, "rhythm"))
    assert len(response.context["dates"]) == 12
    assert "IST" in response.content.decode()


def test_fifth_friday_is_not_on_the_list(client: Client, draft: Application) -> None:
    assert "slot_ordinal" in save(client, draft, "rhythm", slot_ordinal="5", slot_weekday="4").context["form"].errors
    assert draft.slot_ordinal is None


def test_online_group_is_asked_for_reach_and_platform(client: Client, ana: Member) -> None:
    client.force_login(ana.user)
    client.post("/meetups/apply/", {"kind": "online", "agree": "on"})
    application = Application.objects.get()
    save(client, application, "place", languages=["en"], time_zones_served="Americas", time_zone="America/Lima")
    save(client, application, "room", platform="Jitsi", platform_account="Ana")
    assert (application.languages, application.time_zone, application.platform) == (["en"], "America/Lima", "Jitsi")
    gaps = client.get(part_url(application, "check")).context["gaps"]
    assert {gap.part for gap in gaps} == {"interest", "organisers", "launch", "rhythm"}


def test_check_page_links_each_gap_to_its_field(client: Client, draft: Application) -> None:
    response = client.post(part_url(draft, "check"))
    html = response.content.decode()
    for part, field in (
        ("interest", "group_name"),
        ("place", "place"),
        ("room", "venue_name"),
        ("rhythm", "slot_time"),
        ("organisers", "invite"),
    ):
        assert f'href="{part_url(draft, part)}#id_{field}"' in html
        assert f'id="id_{field}"' in client.get(part_url(draft, part)).content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_draft_somebody_else_prepared_is_agreed_to_by_its_applicant_alone(signed_in) -> None:
    application = ready_application(agreed_at=None)
    second = application.organisers.exclude(member=application.applicant).get().member
    html = signed_in(second).post(part_url(application, "check"), {"agree": "1"}).content.decode()
    assert 'href="#id_agree"' in html
    application.refresh_from_db()
    assert (application.agreed_at, application.state) == (None, "draft")
    assert 'id="id_agree"' in signed_in(application.applicant).get(part_url(application, "check")).content.decode()
    signed_in(application.applicant).post(part_url(application, "check"), {"agree": "1"})
    application.refresh_from_db()
    assert (application.agreed_at is not None, application.state) == (True, "submitted")


def test_sending_is_a_post_and_closes_the_parts(client: Client) -> None:
    application = ready_application()
    client.force_login(application.applicant.user)
    client.get(part_url(application, "check"))
    application.refresh_from_db()
    assert application.state == "draft"
    assert client.post(part_url(application, "check"))["Location"] == application.get_absolute_url()
    application.refresh_from_db()
    assert application.state == "submitted"
    assert client.get(part_url(application, "room")).status_code == 302
    client.post(part_url(application, "room"), {"venue_name": "Other"})
    application.refresh_from_db()
    assert application.venue_name == "Public Library"
    html = client.get(application.get_absolute_url()).content.decode()
    assert "You have an answer by" in html


def test_withdrawing_asks_first_and_needs_a_post(client: Client, submitted: Application) -> None:
    client.force_login(submitted.applicant.user)
    client.get(part_url(submitted, "withdraw"))
    submitted.refresh_from_db()
    assert submitted.state == "submitted"
    client.post(part_url(submitted, "withdraw"))
    submitted.refresh_from_db()
    assert submitted.state == "withdrawn"
    client.post(part_url(submitted, "again"))
    assert Application.objects.get(state="draft").previous == submitted


def test_fourth_application_is_refused_with_a_sentence(client: Client, ana: Member) -> None:
    ApplicationFactory.create_batch(3, applicant=ana)
    client.force_login(ana.user)
    response = client.post("/meetups/apply/", {"kind": "meetup", "agree": "on"})
    assert "You have 3 applications under way" in response.content.decode()
    assert Application.objects.count() == 3


@pytest.mark.parametrize("page", [*PARTS, "check", "withdraw"])
def test_pages_of_an_application_exist_for_its_organisers_alone(page, signed_in, stranger, reviewer, organiser) -> None:
    application = ready_application()
    second = application.organisers.exclude(member=application.applicant).get().member
    invited = seat_of(application)
    assert invited.is_waiting
    for who in (stranger, organiser, reviewer):
        assert signed_in(who).get(part_url(application, page)).status_code == 404
        assert signed_in(who).post(part_url(application, page), {"group_name": "Mine"}).status_code == 404
    assert signed_in(None).get(part_url(application, page)).status_code == 302
    for who in (application.applicant, second):
        assert signed_in(who).get(part_url(application, page)).status_code == 200


def test_detail_is_for_its_organisers_and_the_team(signed_in, stranger, organiser, reviewer, lead, submitted) -> None:
    url = submitted.get_absolute_url()
    assert [signed_in(who).get(url).status_code for who in (stranger, organiser)] == [404, 404]
    assert [signed_in(who).get(url).status_code for who in (submitted.applicant, reviewer, lead)] == [200] * 3
    assert signed_in(None).get(url).status_code == 302


def test_detail_shows_public_notes_and_never_private_ones(signed_in) -> None:
    application = application_in("changes_requested")
    application.history.create(
        from_state="in_review", to_state="changes_requested", public_note="Which room?", private_note="SECRET"
    )
    for who in (application.applicant,):
        html = signed_in(who).get(application.get_absolute_url()).content.decode()
        assert "Which room?" in html
        assert "SECRET" not in html


def test_neighbour_shows_in_the_panel_with_its_distance(client: Client, draft: Application) -> None:
    application_in(
        "submitted", group_name="Bonn Circle", place=PlaceFactory(name="Bonn", latitude=50.73, longitude=7.1)
    )
    save(client, draft, "place", place_text="Köln", place=str(town("Köln").pk))
    assert "Bonn Circle is only 25 km away" in client.get(part_url(draft, "place")).content.decode()
