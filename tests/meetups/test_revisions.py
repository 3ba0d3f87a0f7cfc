"""What was sent is frozen, and what differs between two revisions is said in words."""

from datetime import time

import pytest
from django.utils import timezone

from meetups.criteria import KEYS
from meetups.models import ApplicationRevision
from meetups.revisions import FIELDS, Change, differences
from meetups.services.applications import Words, move
from meetups.services.drafts import save_answers
from meetups.services.revisions import frozen
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import User
from tests.meetups.factories import ApplicationFactory, application_in, ready_application
from tests.places.factories import town

BASE = {
    "kind": "meetup",
    "group_name": "Circle",
    "place": {"id": 1, "name": "Köln, Germany"},
    "languages": ["de"],
    "organisers": [{"member": 1, "name": "Ana", "organisation": ""}],
    "venue_kind": "library",
    "venue_access": [],
    "launch_on": "2027-01-01",
    "launch_time": "18:30:00",
    "slot_ordinal": 1,
    "slot_weekday": 4,
    "slot_minutes": 120,
}


def test_nothing_differs_from_itself() -> None:
    assert differences(BASE, dict(BASE)) == {}


@pytest.mark.parametrize(
    ("criterion", "answer", "change"),
    [
        ("interest", {"group_name": "Ring"}, Change("Name", "Circle", "Ring")),
        ("place", {"place": {"id": 2, "name": "Bonn, Germany"}}, Change("Town", "Köln, Germany", "Bonn, Germany")),
        ("place", {"languages": ["de", "pt"]}, Change("Languages", "German", "German, Portuguese")),
        ("place", {"kind": "online"}, Change("Kind of group", "in a town or region", "online")),
        (
            "organisers",
            {"organisers": [{"member": 2, "name": "Bo", "organisation": "Acme"}]},
            Change("Organisers", "Ana", "Bo (Acme)"),
        ),
        ("room", {"venue_kind": "office"}, Change("Kind of room", "Library", "Office")),
        ("room", {"venue_capacity": 20}, Change("Room for how many", "", "20")),
        ("room", {"venue_access": ["toilet"]}, Change("Getting in", "", "Accessible toilet")),
        ("launch", {"launch_on": "2027-02-05"}, Change("Date", "Friday 1 January 2027", "Friday 5 February 2027")),
        ("launch", {"launch_time": None}, Change("Starts at", "18:30", "")),
        ("rhythm", {"slot_ordinal": -1}, Change("Which", "first", "last")),
        ("rhythm", {"slot_weekday": 0}, Change("Weekday", "Friday", "Monday")),
    ],
)
def test_a_difference_is_said_in_words_at_its_criterion(criterion: str, answer: dict, change: Change) -> None:
    assert differences(BASE, {**BASE, **answer}) == {criterion: [change]}


def test_empty_and_missing_answers_are_one() -> None:
    assert differences({}, {"group_name": "", "venue_access": [], "place": None}) == {}


def test_differences_come_in_the_order_of_the_handbook() -> None:
    after = {**BASE, "slot_minutes": 90, "group_name": "Ring", "venue_name": "Hall"}
    assert list(differences(BASE, after)) == ["interest", "room", "rhythm"]


def test_revisions_know_the_six_criteria() -> None:
    assert tuple(FIELDS) == KEYS


@pytest.mark.django_db
def test_every_answer_a_difference_looks_at_is_frozen() -> None:
    answers = frozen(ready_application())
    assert {field.key for fields in FIELDS.values() for field in fields} == set(answers)


@pytest.mark.django_db
def test_frozen_answers_are_plain_values_with_the_accepted_organisers() -> None:
    application = ready_application(place=town("Köln"), launch_time=time(18, 30))
    application.organisers.filter(member=application.applicant).update(organisation="Acme", name="Ana")
    application.organisers.create(name="Not yet", email="n@example.org", token="t")
    answers = frozen(application)
    assert answers["place"] == {"id": application.place_id, "name": application.place.label}
    assert answers["launch_time"] == "18:30:00"
    assert [seat["name"] for seat in answers["organisers"]] == ["Ana", "Second Organiser"]
    assert answers["organisers"][0] == {"member": application.applicant_id, "name": "Ana", "organisation": "Acme"}


@pytest.mark.django_db
def test_each_sending_freezes_a_revision_that_stays(reviewer: User) -> None:
    application = ready_application(venue_name="Public Library")
    user = application.applicant.user
    move(application=application, to="submitted", actor=user, now=timezone.now())
    words = Words(public_note="Which room?", criteria=["room"])
    move(application=application, to="changes_requested", actor=reviewer, now=timezone.now(), words=words)
    save_answers(application=application, values={"venue_name": "Culture House"}, now=timezone.now())
    move(application=application, to="submitted", actor=user, now=timezone.now())
    first, second = application.revisions.all()
    assert [(row.number, row.sent_by) for row in (first, second)] == [(1, user), (2, user)]
    assert differences(first.answers, second.answers) == {
        "room": [Change("Name of the place", "Public Library", "Culture House")]
    }


@pytest.mark.django_db
def test_a_sending_that_is_refused_freezes_nothing() -> None:
    application = ApplicationFactory()
    with pytest.raises(MoveRefused):
        move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    assert not ApplicationRevision.objects.exists()


@pytest.mark.django_db
def test_application_comes_back_to_the_reviewer_who_is_told(reviewer: User) -> None:
    application = application_in("changes_requested", assignee=reviewer)
    again = move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    assert again.assignee == reviewer
    [message] = Message.objects.filter(kind="application_back")
    assert message.address == reviewer.email
    assert message.context["url"].endswith(f"/admin/meetups/application/{application.pk}/change/")
    assert message.context["revision"] == 2


@pytest.mark.django_db
def test_nobody_is_told_who_may_not_review_any_more() -> None:
    clerk = application_in("submitted").applicant.user
    application = application_in("changes_requested", assignee=clerk)
    move(application=application, to="submitted", actor=application.applicant.user, now=timezone.now())
    assert not Message.objects.filter(kind="application_back").exists()
