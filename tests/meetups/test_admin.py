"""The admin: a queue to read, moves by the service, states that no form can write."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group as Role
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from zeal import zeal_ignore

from meetups.models import Application, ApplicationEvent, Event, Group
from portal.members.models import Member, User
from tests.meetups.factories import (
    EventFactory,
    GroupFactory,
    SeriesFactory,
    application_in,
    check_of,
    verdict_of,
    with_verdicts,
)
from tests.members.factories import UserFactory
from tests.places.factories import PlaceFactory, town

pytestmark = pytest.mark.django_db
LIST = "admin:meetups_application_changelist"


def detail(application: Application) -> str:
    return reverse("admin:meetups_application_change", args=[application.pk])


def move_url(application: Application, to: str) -> str:
    return reverse("admin:meetups_application_move", args=[application.pk, to])


@pytest.fixture
def chief(db: None) -> User:
    return UserFactory(is_staff=True, is_superuser=True)


def test_queue_is_ordered_by_the_promised_day_and_shows_criteria(signed_in, reviewer: User) -> None:
    today = timezone.localdate()
    late = application_in("in_review", answer_by_on=today + timedelta(days=9), group_name="Late")
    soon = application_in("submitted", answer_by_on=today + timedelta(days=1), group_name="Soon")
    gone = application_in("declined", answer_by_on=today - timedelta(days=9), group_name="Gone")
    check_of(soon, "place", outcome="fail")
    check_of(soon, "place", outcome="warn")
    verdict_of(soon, "place", verdict="not_met")
    verdict_of(soon, "place", verdict="waived")
    response = signed_in(reviewer).get(reverse(LIST))
    assert list(response.context["cl"].queryset) == [soon, late, gone]
    html = response.content.decode()
    assert html.count("A town of its own: machine: look closer; team: waived") == 2  # the newest; label and title
    assert html.count("A town of its own: machine: not checked yet; team: no verdict") == 4
    assert ">◆~</span>" in html


def test_queue_is_searched_by_place_and_filtered_by_what_waits(signed_in, reviewer: User) -> None:
    found = application_in("submitted", place=town("Köln"))
    application_in("declined")
    client = signed_in(reviewer)
    assert list(client.get(reverse(LIST) + "?q=Köln").context["cl"].queryset) == [found]
    assert list(client.get(reverse(LIST) + "?queue=open").context["cl"].queryset) == [found]


@pytest.mark.parametrize("number", [1, 20])
def test_queue_takes_the_same_queries_whatever_its_length(
    number: int, signed_in, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(reviewer)
    client.get(reverse(LIST))
    for _ in range(number):
        with_verdicts(application_in("submitted", assignee=reviewer))
    with django_assert_num_queries(12):
        client.get(reverse(LIST))


def test_queue_is_for_the_team(signed_in, stranger: Member, organiser: Member, submitted: Application) -> None:
    clerk = UserFactory(is_staff=True)
    for url in (reverse(LIST), detail(submitted), move_url(submitted, "in_review")):
        assert signed_in(clerk).get(url).status_code == 403
        assert [signed_in(who).get(url).status_code for who in (None, stranger, organiser)] == [302] * 3


def test_detail_shows_answers_evidence_notes_and_allowed_moves(
    signed_in, reviewer: User, submitted: Application
) -> None:
    ApplicationEvent.objects.create(
        application=submitted, from_state="draft", to_state="submitted", public_note="PUBLIC", private_note="PRIVATE"
    )
    html = signed_in(reviewer).get(detail(submitted)).content.decode()
    for shown in ("Public Library", "first Friday of the month, 18:00", "PUBLIC", "PRIVATE", "0 of 6"):
        assert shown in html
    assert move_url(submitted, "in_review") in html
    assert move_url(submitted, "declined") not in html


def test_detail_has_no_form_that_could_write(signed_in, chief: User, submitted: Application) -> None:
    client = signed_in(chief)
    assert 'name="state"' not in client.get(detail(submitted)).content.decode()
    assert client.post(detail(submitted), {"state": "approved", "group_name": "Taken"}).status_code == 403
    assert client.post(reverse("admin:meetups_application_add"), {}).status_code == 403
    assert (
        client.post(reverse("admin:meetups_application_delete", args=[submitted.pk]), {"post": "yes"}).status_code
        == 403
    )
    submitted.refresh_from_db()
    assert (submitted.state, submitted.group_name != "Taken") == ("submitted", True)


@pytest.mark.parametrize("model", [Group, Event, Application])
def test_state_is_in_no_admin_form(model: type, rf, chief: User) -> None:
    request = rf.get("/")
    request.user = chief
    model_admin = admin.site._registry[model]
    assert "state" not in model_admin.get_form(request).base_fields


def test_reviewer_claims_asks_and_lead_approves(signed_in, reviewer: User, lead: User) -> None:
    application = application_in("submitted")
    client = signed_in(reviewer)
    client.get(move_url(application, "in_review"))
    application.refresh_from_db()
    assert application.state == "submitted"
    client.post(move_url(application, "in_review"), {"expected": "submitted"})
    application.refresh_from_db()
    assert (application.state, application.assignee) == ("in_review", reviewer)
    client.post(move_url(application, "approved"), {"expected": "in_review"})
    application.refresh_from_db()
    assert application.state == "in_review"
    with_verdicts(application)
    response = signed_in(lead).post(move_url(application, "approved"), {"public_note": "Welcome"}, follow=True)
    application.refresh_from_db()
    assert application.state == "approved"
    assert application.group is not None
    assert application.group.get_absolute_url() in response.content.decode()
    assert client.get(application.group.get_absolute_url()).status_code == 200


def test_move_from_a_stale_page_is_refused(signed_in, lead: User) -> None:
    application = application_in("in_review")
    response = signed_in(lead).post(move_url(application, "approved"), {"expected": "submitted"}, follow=True)
    assert "Somebody was faster" in response.content.decode()
    assert not Group.objects.exists()


@pytest.mark.parametrize(
    ("to", "data", "field"),
    [
        ("changes_requested", {"criteria": ["room"]}, "public_note"),
        ("on_hold", {"private_note": "x"}, "review_by_on"),
        ("declined", {"reason": "other"}, "public_note"),
        ("redirected", {"target": "nowhere"}, "target"),
    ],
)
def test_move_form_says_what_is_missing(to: str, data: dict, field: str, signed_in, lead: User) -> None:
    application = application_in("in_review")
    response = signed_in(lead).post(move_url(application, to), data)
    assert field in response.context["form"].errors
    application.refresh_from_db()
    assert application.state == "in_review"


def test_redirect_takes_the_address_of_a_group(signed_in, lead: User, group: Group) -> None:
    application = application_in("in_review")
    data = {"target": f"http://localhost:8000{group.get_absolute_url()}"}
    signed_in(lead).post(move_url(application, "redirected"), data)
    application.refresh_from_db()
    assert (application.state, application.redirected_to) == ("redirected", group)


def test_unknown_move_is_refused(signed_in, lead: User, submitted: Application) -> None:
    for to in ("draft", "withdrawn", "party"):
        signed_in(lead).post(move_url(submitted, to))
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_claiming_many_goes_row_by_row_through_the_service(signed_in, reviewer: User) -> None:
    one, two, done = application_in("submitted"), application_in("submitted"), application_in("declined")
    data = {"action": "claim_selected", "_selected_action": [one.pk, two.pk, done.pk]}
    with zeal_ignore():  # one lock for each row is the point
        html = signed_in(reviewer).post(reverse(LIST), data, follow=True).content.decode()
    assert list(Application.objects.order_by("pk").values_list("state", flat=True)) == [
        "in_review",
        "in_review",
        "declined",
    ]
    assert ApplicationEvent.objects.count() == 2
    assert "2 claimed." in html
    assert "cannot become" in html


def test_changing_a_group_keeps_its_state_and_refreshes_its_search_text(signed_in, chief: User) -> None:
    group = GroupFactory(name="Old name")
    url = reverse("admin:meetups_group_change", args=[group.pk])
    data = {
        "name": "New name",
        "slug": group.slug,
        "kind": group.kind,
        "place": group.place_id,
        "time_zone": group.time_zone,
    }
    inline = {f"organisers-{key}_FORMS": 0 for key in ("TOTAL", "INITIAL")}
    signed_in(chief).post(url, {**data, **inline, "state": "suspended"})
    group.refresh_from_db()
    assert (group.name, group.state) == ("New name", "active")
    assert group.search.startswith("new name|")


def test_changing_an_event_follows_its_wall_time_whatever_the_readers_zone(signed_in, chief: User) -> None:
    User.objects.filter(pk=chief.pk).update(time_zone="Asia/Tokyo")
    event = EventFactory(time_zone="Europe/Berlin")
    url = reverse("admin:meetups_event_change", args=[event.pk])
    data = {
        "group": event.group_id, "kind": "meetup", "format": "help", "title": "Other title",
        "starts_local_0": "2027-06-04", "starts_local_1": "18:00:00", "minutes": 60,
        "time_zone": "Europe/Berlin", "state": "held",
    }  # fmt: skip
    assert signed_in(chief).post(url, data).status_code == 302
    event.refresh_from_db()
    assert (event.starts_at.isoformat(), event.slug, event.sequence) == ("2027-06-04T16:00:00+00:00", "other-title", 1)
    assert event.state == "published"
    assert 'value="18:00:00"' in signed_in(chief).get(url).content.decode()


@pytest.mark.parametrize(
    ("model", "make"), [("group", GroupFactory), ("event", EventFactory), ("series", SeriesFactory)]
)
def test_lists_and_pages_of_the_admin_open(model: str, make, signed_in, chief: User) -> None:
    rows = make.create_batch(3)
    client = signed_in(chief)
    response = client.get(reverse(f"admin:meetups_{model}_changelist") + "?q=e")
    assert response.context["cl"].result_count in range(4)
    assert client.get(reverse(f"admin:meetups_{model}_change", args=[rows[0].pk])).status_code == 200


def test_admin_pages_carry_no_inline_style_or_script(signed_in, lead: User, submitted: Application) -> None:
    client: Client = signed_in(lead)
    for url in (detail(submitted), move_url(submitted, "in_review"), reverse(LIST)):
        html = client.get(url).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html


def test_roles_stand_ready_as_groups_of_the_admin() -> None:
    import_module("meetups.migrations.0004_reviewer_roles").make_roles(apps, None)
    roles = {role.name: set(role.permissions.values_list("codename", flat=True)) for role in Role.objects.all()}
    assert "decide_application" in roles["Application leads"]
    assert "decide_application" not in roles["Application reviewers"]
    assert {"review_application", "view_application"} <= roles["Application reviewers"] & roles["Application leads"]


def test_redirect_offers_what_is_near_to_choose_from(signed_in, lead: User) -> None:
    application = application_in("in_review")
    place = application.place
    beside = PlaceFactory(latitude=place.latitude + 0.2, longitude=place.longitude)
    near, far = GroupFactory(place=beside, name="Near circle"), GroupFactory(place=town("Suva"), name="Far circle")
    other = application_in("submitted", place=PlaceFactory(latitude=place.latitude + 0.5, longitude=place.longitude))
    client = signed_in(lead)
    html = client.get(move_url(application, "redirected")).content.decode()
    assert "Near circle" in html
    assert "22 km" in html
    assert "Far circle" not in html
    assert html.index("Near circle") < html.index(str(other))
    empty = client.post(move_url(application, "redirected"), {"public_note": ""})
    assert "target" in empty.context["form"].errors
    assert (
        "near" in client.post(move_url(application, "redirected"), {"near": f"group:{far.pk}"}).context["form"].errors
    )
    client.post(move_url(application, "redirected"), {"near": f"group:{near.pk}"})
    application.refresh_from_db()
    assert (application.state, application.redirected_to) == ("redirected", near)
