"""Starting an application, keeping answers, beginning again."""

from datetime import time

import pytest
from django.utils import timezone

from meetups.models import Application
from meetups.services import drafts
from portal.jobs.transitions import MoveRefused
from portal.members.models import Member
from tests.meetups.factories import ApplicationFactory, application_in, person
from tests.members.factories import AffiliationFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db


def start(member: Member) -> Application:
    return drafts.start_draft(member=member, user=member.user, kind="meetup", now=timezone.now())


def test_draft_has_its_applicant_as_first_organiser_who_agreed() -> None:
    member = person("Ana")
    AffiliationFactory(member=member, organisation__name="Acme")
    application = start(member)
    seat = application.organisers.get()
    assert (application.state, application.kind, application.agreed_at is not None) == ("draft", "meetup", True)
    assert (seat.member, seat.name, seat.email, seat.is_accepted, seat.organisation) == (
        member,
        "Ana",
        member.user.email,
        True,
        "Acme",
    )


def test_fourth_undecided_application_is_refused_until_one_ends() -> None:
    member = person()
    first = start(member)
    ApplicationFactory(applicant=member)
    application_in("on_hold", applicant=member)
    application_in("declined", applicant=member)
    with pytest.raises(MoveRefused, match="You have 3 applications under way"):
        start(member)
    Application.objects.filter(pk=first.pk).update(state="withdrawn")
    assert start(member).state == "draft"


def test_answers_are_kept_and_the_zone_follows_the_place() -> None:
    application = start(person())
    saved = drafts.save_answers(application=application, values={"place": town("Köln")}, now=timezone.now())
    assert saved.time_zone == "Europe/Berlin"
    saved = drafts.save_answers(application=saved, values={"time_zone": "Europe/Zurich"}, now=timezone.now())
    kept = drafts.save_answers(application=saved, values={"place": saved.place}, now=timezone.now())
    assert kept.time_zone == "Europe/Zurich"
    assert (
        drafts.save_answers(application=kept, values={"place": town("Lagos")}, now=timezone.now()).time_zone
        == "Africa/Lagos"
    )


@pytest.mark.parametrize("state", ["submitted", "in_review", "on_hold", "approved", "declined"])
def test_answers_of_a_sent_application_do_not_change(state: str) -> None:
    application = application_in(state)
    with pytest.raises(MoveRefused):
        drafts.save_answers(application=application, values={"group_name": "Other"}, now=timezone.now())


@pytest.mark.parametrize("state", ["declined", "withdrawn", "lapsed"])
def test_beginning_again_takes_the_answers_along(state: str) -> None:
    old = application_in(state, slot_time=time(19, 15))
    new = drafts.retry(application=old, member=old.applicant, user=old.applicant.user, now=timezone.now())
    assert (new.state, new.previous, new.group_name, new.slot_time, new.place) == (
        "draft",
        old,
        old.group_name,
        time(19, 15),
        old.place,
    )
    assert (new.launch_on, new.submitted_at, new.decided_at, new.revision) == (None, None, None, 0)
    assert new.organisers.count() == 1


def test_open_application_is_not_begun_again() -> None:
    old = application_in("submitted")
    with pytest.raises(MoveRefused):
        drafts.retry(application=old, member=old.applicant, user=old.applicant.user, now=timezone.now())
