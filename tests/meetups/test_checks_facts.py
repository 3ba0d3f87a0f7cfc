"""The checks on real rows: what is read for each criterion, and that it ends in the right outcome."""

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from meetups.checking.findings import Finding
from meetups.models import Application, CriterionCheck, Event, Group, Series, VenueConfirmation
from meetups.services import checks
from meetups.services.drafts import new_token
from portal.members.models import Member
from portal.places.models import Place
from tests.meetups.factories import (
    NOW,
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    OrganiserFactory,
    SeriesFactory,
    application_in,
    seat_of,
)
from tests.members.factories import AffiliationFactory, IdentityFactory, OrganisationFactory
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db


def find(criterion: str, application: Application, now: datetime = NOW) -> Finding:
    application = Application.objects.select_related("place", "applicant").get(pk=application.pk)
    return checks._JUDGES[criterion](application, now)


def submitted(**values: Any) -> Application:
    return application_in("submitted", **values)


# 2 place


def beside(place: Place, *, latitude: float = 0, longitude: float = 0, **values: Any) -> Place:
    return PlaceFactory(latitude=place.latitude + latitude, longitude=place.longitude + longitude, **values)


@pytest.fixture
def koeln(db: None) -> Place:
    return town("Köln")


def test_place_can_never_be_a_country(koeln: Place) -> None:
    """The gazetteer holds towns: a place has a point, a zone and a country it lies in; no row is a country."""
    field = Application._meta.get_field("place")
    assert field.related_model is Place
    assert {"latitude", "longitude", "time_zone", "country_code"} <= {one.name for one in Place._meta.fields}
    assert not Place.objects.named("Germany").exists()
    assert not Place.objects.named("Deutschland").exists()


def test_town_of_its_own_passes(koeln: Place) -> None:
    GroupFactory(place=town("Berlin"), name="Berlin Circle")
    finding = find("place", submitted(place=koeln))
    assert (finding.outcome, finding.evidence["radius_km"]) == ("pass", 50)
    assert [(row["name"], row["km"]) for row in finding.evidence["neighbours"]] == [("Berlin Circle", 479)]


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        ("onboarding", "fail"),
        ("active", "fail"),
        ("quiet", "fail"),
        ("dormant", "warn"),
        ("suspended", "warn"),
        ("archived", "pass"),
    ],
)
def test_group_in_the_same_town(koeln: Place, state: str, outcome: str) -> None:
    GroupFactory(place=koeln, state=state)
    assert find("place", submitted(place=koeln)).outcome == outcome


def test_own_group_of_an_application_is_no_neighbour(koeln: Place) -> None:
    group = GroupFactory(place=koeln)
    assert find("place", application_in("approved", place=koeln, group=group)).outcome == "pass"


def test_community_elsewhere_does_not_cover_a_town(koeln: Place) -> None:
    GroupFactory(place=koeln, kind=Group.Kind.EXTERNAL, external_url="https://t.me/x", name="Telegram Köln")
    finding = find("place", submitted(place=koeln))
    assert (finding.outcome, finding.evidence["neighbours"][0]["kind"]) == ("pass", "elsewhere")


def test_open_application_near_is_a_warning_and_a_decided_one_is_nothing(koeln: Place) -> None:
    bonn = beside(koeln, latitude=-0.2, name="Bonn")
    other = application_in("in_review", place=bonn, group_name="Bonn Circle")
    application = submitted(place=koeln)
    finding = find("place", application)
    assert (finding.outcome, finding.explanation) == (
        "warn",
        "An open application is 22 km away, in Bonn: Bonn Circle.",
    )
    Application.objects.filter(pk=other.pk).update(state="withdrawn")
    assert find("place", application).outcome == "pass"


def test_radius_is_a_setting(koeln: Place, settings: Any) -> None:
    GroupFactory(place=beside(koeln, latitude=-0.2))
    application = submitted(place=koeln)
    assert find("place", application).outcome == "warn"
    settings.GROUP_RADIUS_KM = 20
    assert find("place", application).outcome == "pass"


def test_radius_doubles_where_few_people_live(db: None) -> None:
    village = PlaceFactory(latitude=65.0, longitude=20.0, population=3000)
    GroupFactory(place=PlaceFactory(latitude=65.7, longitude=20.0))
    finding = find("place", submitted(place=village))
    assert (finding.outcome, finding.evidence["radius_km"], finding.evidence["people_near"]) == ("warn", 100, 3000)
    PlaceFactory(latitude=65.1, longitude=20.0, population=300_000)
    assert find("place", submitted(place=PlaceFactory(latitude=65.01, longitude=20.0))).evidence["radius_km"] == 50


def test_springfields_are_different_towns(db: None) -> None:
    GroupFactory(place=town("Springfield, Illinois"), name="Springfield Circle")
    assert find("place", submitted(place=town("Springfield, Missouri"))).outcome == "pass"


def test_neighbour_across_the_antimeridian_is_near(db: None) -> None:
    west = PlaceFactory(latitude=-16.8, longitude=179.9, name="Taveuni", country_code="FJ")
    east = PlaceFactory(latitude=-16.8, longitude=-179.9, name="Rabi", country_code="FJ")
    GroupFactory(place=east, name="Rabi Circle")
    finding = find("place", submitted(place=west))
    assert (finding.outcome, finding.evidence["neighbours"][0]["km"]) == ("warn", 21)


def test_label_of_a_country_fails(koeln: Place) -> None:
    assert find("place", submitted(place=koeln, region_label="Germany")).outcome == "fail"
    Application.objects.update(state="withdrawn")
    assert find("place", submitted(place=koeln, region_label="Rhineland")).outcome == "pass"


def test_place_check_has_a_fixed_number_of_queries(koeln: Place, django_assert_num_queries: Any) -> None:
    application = Application.objects.select_related("place").get(pk=submitted(place=koeln).pk)
    GroupFactory(place=beside(koeln, latitude=-0.2))
    with django_assert_num_queries(3):
        checks._JUDGES["place"](application, NOW)
    for number in range(1, 6):
        GroupFactory(place=beside(koeln, latitude=-0.2 - number / 100))
        submitted(place=beside(koeln, latitude=0.2 + number / 100))
    with django_assert_num_queries(3):
        checks._JUDGES["place"](application, NOW)


def online(**values: Any) -> Application:
    defaults = {"kind": "online", "place": None, "languages": ["de"], "time_zones_served": "CET", "platform": "Jitsi"}
    return submitted(**{**defaults, "platform_account": "ours", **values})


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "pass"),
        ({"languages": ["pt-br", "de"]}, "pass"),
        ({"languages": ["xx"]}, "fail"),
        ({"languages": []}, "fail"),
        ({"time_zone": "Europe/Atlantis"}, "fail"),
        ({"time_zones_served": ""}, "fail"),
    ],
)
def test_online_group_says_languages_and_zones(change: dict[str, Any], outcome: str) -> None:
    assert find("place", online(**change)).outcome == outcome


def test_online_groups_of_the_same_language_are_mentioned() -> None:
    for kind, language, name in [("online", "de", "Sofa"), ("online", "pt", "Armchair"), ("meetup", "de", "Town")]:
        GroupFactory(kind=kind, languages=[language], name=name)
    assert find("place", online()).evidence["same_language"] == ["Sofa"]


# 3 organisers


def verify(member: Member, email: str = "") -> Member:
    EmailAddress.objects.create(user=member.user, email=email or member.user.email, verified=True, primary=not email)
    return member


def pair(**values: Any) -> Application:
    """An application whose two organisers have confirmed addresses at different agencies."""
    application = submitted(**values)
    for number, seat in enumerate(application.organisers.select_related("member__user")):
        seat.email = f"someone@agency{number}.example"
        seat.save()
        EmailAddress.objects.filter(user=seat.member.user).update(email=seat.email)
    return application


def second(application: Application) -> Member:
    return application.organisers.exclude(member=application.applicant).get().member


def test_two_confirmed_accounts_pass() -> None:
    finding = find("organisers", pair())
    assert (finding.outcome, finding.evidence["accepted"], finding.evidence["invited"]) == ("pass", 2, 0)


def test_accounts_without_a_confirmed_address_fail() -> None:
    application = pair()
    EmailAddress.objects.filter(user=second(application).user).update(verified=False)
    finding = find("organisers", application)
    assert (finding.outcome, finding.explanation.startswith("1 organiser with a confirmed account")) == ("fail", True)


def test_invitation_that_waits_and_one_that_was_declined_do_not_count() -> None:
    application = pair()
    application.organisers.filter(member=second(application)).update(accepted_at=None, member=None)
    seat_of(application, email="no@example.org", declined_at=timezone.now())
    finding = find("organisers", application)
    assert (finding.outcome, finding.evidence["accepted"], finding.evidence["invited"]) == ("fail", 1, 1)


def test_same_person_with_two_accounts_and_one_mailbox_fails() -> None:
    application = pair()
    verify(application.applicant, "someone@gmail.com")
    verify(second(application), "some.one+2@googlemail.com")
    finding = find("organisers", application)
    assert (finding.outcome, "same mailbox" in finding.explanation) == ("fail", True)


def test_what_the_portal_knows_of_an_organiser_is_evidence() -> None:
    application = pair()
    member = application.applicant
    IdentityFactory(member=member, service="github")
    IdentityFactory(member=member, service="discourse")
    for _number in range(3):
        GroupMembershipFactory(member=member)
    EventFactory(created_by=member)
    EventFactory(created_by=member)
    EventFactory(created_by=member, state=Event.State.DRAFT)
    member.user.joined_at = NOW - timedelta(days=90)
    member.user.save()
    row = find("organisers", application).evidence["organisers"][0]
    assert {key: row[key] for key in ("days_here", "accounts_elsewhere", "events", "groups_joined", "groups_run")} == {
        "days_here": 90,
        "accounts_elsewhere": ["discourse", "github"],
        "events": 2,
        "groups_joined": 3,
        "groups_run": 0,
    }


def test_load_counts_living_groups_that_the_person_runs_now() -> None:
    application = pair()
    member = application.applicant
    for _number in range(2):
        OrganiserFactory(member=member)
    OrganiserFactory(member=member, group=GroupFactory(state=Group.State.ARCHIVED))
    OrganiserFactory(member=member, ended_at=NOW)
    assert find("organisers", application).outcome == "pass"
    OrganiserFactory(member=member)
    finding = find("organisers", application)
    assert (finding.outcome, "runs 3 groups already" in finding.explanation) == ("warn", True)


def test_one_company_on_the_seats_is_a_warning() -> None:
    application = pair()
    for seat, name in zip(application.organisers.all(), ("Acme GmbH", "ACME"), strict=True):
        seat.organisation = name
        seat.save()
    assert find("organisers", application).outcome == "warn"


@pytest.mark.parametrize(("rejected_at", "outcome"), [(None, "warn"), (NOW, "pass")])
def test_company_that_was_renamed_is_known_by_its_affiliation(rejected_at: datetime | None, outcome: str) -> None:
    application = pair()
    company = OrganisationFactory(name="New Name")
    AffiliationFactory(member=application.applicant, organisation=company)
    confirmed = {"rejected_at": rejected_at, "confirmed_at": None} if rejected_at else {}
    AffiliationFactory(member=second(application), organisation=company, **confirmed)
    application.organisers.filter(member=application.applicant).update(organisation="Old Name")
    assert find("organisers", application).outcome == outcome


# 4 room


def ask(application: Application, **values: Any) -> VenueConfirmation:
    defaults = {
        "token": new_token(),
        "email": "host@example.org",
        "contact_name": "Ana",
        "venue_name": application.venue_name,
        "venue_address": application.venue_address,
    }
    return VenueConfirmation.objects.create(application=application, **{**defaults, **values})


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"confirmed_at": NOW}, "pass"),
        ({"declined_at": NOW}, "fail"),
        ({}, "warn"),
        ({"confirmed_at": NOW, "venue_name": "Another"}, "warn"),
        ({"confirmed_at": NOW, "venue_address": "Rua 2"}, "warn"),
    ],
)
def test_answer_of_the_host(values: dict[str, Any], outcome: str) -> None:
    application = submitted()
    assert find("room", application).outcome == "warn"
    ask(application, **values)
    assert find("room", application).outcome == outcome


def test_answer_about_the_room_of_another_application_does_not_count() -> None:
    ask(submitted(), confirmed_at=NOW)
    assert find("room", submitted()).outcome == "warn"


def test_room_evidence_holds_no_address_of_mail(koeln: Place) -> None:
    application = submitted(place=koeln, venue_address="Domstr. 1, Cologne", venue_contact_email="host@example.org")
    ask(application, confirmed_at=NOW)
    evidence = find("room", application).evidence
    assert (evidence["address_names_town"], evidence["kind"]) == (True, "Library")
    assert "host@example.org" not in str(evidence)


@pytest.mark.parametrize(
    ("address", "named"),
    [("Rua 1, 4000-123 Porto Novo", "Porto Novo"), ("Porto Novo 5, second floor", None), ("Rua 1, Cologne", None),
     ("Rua 1", None), ("Rua 1, a_b, %", None)],
)  # fmt: skip
def test_address_that_names_another_town_says_how_far_it_is(koeln: Place, address: str, named: str | None) -> None:
    PlaceFactory(name="Porto Novo", country_code="DE", latitude=koeln.latitude + 1, longitude=koeln.longitude)
    PlaceFactory(name="Porto Novo", country_code="DE", latitude=koeln.latitude + 2, longitude=koeln.longitude)
    PlaceFactory(name="Porto Novo", country_code="FR", latitude=koeln.latitude, longitude=koeln.longitude)
    evidence = find("room", submitted(place=koeln, venue_address=address)).evidence
    assert (evidence.get("other_town"), evidence.get("address_km")) == (named, 111 if named else None)


def test_online_group_needs_no_room() -> None:
    assert find("room", online()).outcome == "pass"
    assert find("room", online(platform_account="")).outcome == "fail"


# 5 launch


@pytest.mark.parametrize(
    ("zone", "sent_on"),
    [("UTC", "2026-11-24"), ("Pacific/Auckland", "2026-11-25"), ("America/Los_Angeles", "2026-11-24")],
)
def test_day_it_was_sent_is_the_day_where_the_group_meets(zone: str, sent_on: str) -> None:
    sent_at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    application = submitted(time_zone=zone, submitted_at=sent_at, launch_on=date(2026, 12, 22))
    finding = find("launch", application, sent_at)
    assert finding.evidence["sent_on"] == sent_on
    assert finding.outcome == ("warn" if sent_on == "2026-11-25" else "pass")


def test_past_is_past_where_the_group_meets() -> None:
    now = datetime(2026, 12, 22, 23, 30, tzinfo=UTC)
    values = {"launch_on": date(2026, 12, 22), "submitted_at": datetime(2026, 11, 1, tzinfo=UTC)}
    assert find("launch", submitted(time_zone="Pacific/Auckland", **values), now).outcome == "fail"
    assert find("launch", submitted(time_zone="UTC", **values), now).outcome == "pass"


def test_event_in_the_same_town_on_the_same_day_is_mentioned(koeln: Place) -> None:
    day = datetime(2027, 3, 5, 19, 0, tzinfo=UTC)
    here = GroupFactory(place=koeln, state=Group.State.DORMANT)
    same = {"starts_local": day, "starts_at": day, "group": here}
    EventFactory(title="Same day", **same)
    EventFactory(title="Draft", state=Event.State.DRAFT, **same)
    EventFactory(title="Cancelled", state=Event.State.CANCELLED, **same)
    EventFactory(title="Day after", **{**same, "starts_local": day + timedelta(days=1)})
    EventFactory(title="Elsewhere", **{**same, "group": GroupFactory()})
    finding = find("launch", submitted(place=koeln, launch_on=day.date(), submitted_at=NOW))
    assert finding.outcome == "pass"
    assert [row["title"] for row in finding.evidence["same_day"]] == ["Same day"]


def test_public_holiday_is_mentioned(koeln: Place) -> None:
    application = submitted(place=koeln, launch_on=date(2027, 5, 1), submitted_at=NOW)
    finding = find("launch", application)
    assert (finding.outcome, bool(finding.evidence["holiday"])) == ("pass", True)
    dates = find("rhythm", submitted(place=town("Berlin"), launch_on=date(2027, 1, 1))).evidence["dates"]
    assert [row["on"] for row in dates if "holiday" in row] == ["2027-01-01"]


# 6 rhythm


def test_slot_is_previewed_and_launch_fits(koeln: Place) -> None:
    application = submitted(place=koeln, time_zone="Europe/Berlin", launch_on=date(2027, 2, 5))
    finding = find("rhythm", application)
    assert (finding.outcome, finding.evidence["dates"][0]["on"]) == ("pass", "2027-02-05")
    Application.objects.filter(pk=application.pk).update(launch_on=date(2027, 2, 6))
    assert find("rhythm", application).outcome == "warn"


def test_neighbours_with_the_same_slot_are_mentioned(koeln: Place) -> None:
    bonn = beside(koeln, latitude=-0.2)
    SeriesFactory(group=GroupFactory(place=bonn, name="Same time"), starts_local=time(19, 30))
    SeriesFactory(group=GroupFactory(place=bonn, name="Earlier"), starts_local=time(15, 0))
    SeriesFactory(group=GroupFactory(place=bonn, name="Other day"), weekday=Series.Weekday.MONDAY)
    SeriesFactory(group=GroupFactory(place=bonn, name="Paused"), is_paused=True)
    SeriesFactory(group=GroupFactory(place=bonn, name="Asleep", state=Group.State.DORMANT))
    SeriesFactory(group=GroupFactory(place=town("Berlin"), name="Far away"))
    assert find("rhythm", submitted(place=koeln)).evidence["same_slot"] == ["Same time"]


@pytest.mark.parametrize("zone", ["", "Europe/Atlantis", "../../etc/passwd"])
def test_zone_that_is_none_breaks_no_check(zone: str) -> None:
    assert zone not in zoneinfo.available_timezones()
    application = pair(time_zone=zone)
    outcomes = {key: find(key, application).outcome for key in ("place", "organisers", "room", "launch", "rhythm")}
    assert outcomes["rhythm"] == "fail"
    assert "unknown" not in outcomes.values()


@pytest.mark.parametrize("kind", ["meetup", "online"])
def test_empty_answers_break_no_check(kind: str) -> None:
    empty = dict.fromkeys(("group_name", "forum_url", "interest_note", "venue_kind", "venue_name", "venue_address"), "")
    none = dict.fromkeys(("place", "launch_on", "launch_time", "slot_ordinal", "slot_weekday", "slot_time"))
    application = submitted(kind=kind, languages=[], time_zone="", **empty, **none)
    for check in checks.request_checks(application=application, asked_by=None, now=NOW):
        checks.run_check(check=check, now=NOW)
    outcomes = CriterionCheck.objects.filter(application=application).order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["fail", "fail", "warn", "fail", "fail", "fail"]
