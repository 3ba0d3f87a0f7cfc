"""Approval makes the group: everything of it, and exactly once."""

import threading
from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.utils import timezone

from meetups.models import Application, ApplicationEvent, Event, Group
from meetups.services.applications import move
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import User
from portal.places.models import Place
from tests.meetups import factories
from tests.places.factories import town

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def approve(application: Application, lead: User, now: datetime = NOW) -> Application:
    return move(application=application, to="approved", actor=lead, now=now)


@pytest.fixture
def koeln(db: None) -> Place:
    return town("Köln")


@pytest.mark.django_db
def test_approval_makes_group_organisers_slot_launch_and_dates(koeln: Place, lead: User) -> None:
    application = factories.approvable(
        now=NOW,
        place=koeln,
        group_name="Köln Circle",
        time_zone="Europe/Berlin",
        launch_on=date(2027, 1, 1),  # a first Friday
        launch_time=time(19, 0),
        slot_time=time(18, 0),
        languages=["de", "en"],
    )
    group = approve(application, lead).group
    assert group is not None
    assert (group.slug, group.kind, group.state, group.time_zone) == (
        "koln-circle",
        "meetup",
        "onboarding",
        "Europe/Berlin",
    )
    assert (group.languages, group.forum_url, group.place) == (["de", "en"], application.forum_url, koeln)
    assert {"koln", "cologne", "germany"} <= set(group.search.split("|"))
    seats = {seat.member_id for seat in application.organisers.all()}
    assert {organiser.member_id for organiser in group.organisers.current()} == seats
    assert {membership.member_id for membership in group.memberships.all()} == seats
    series = group.series.get()
    assert (series.ordinal, series.weekday, series.starts_local, series.from_on) == (
        1,
        4,
        time(18, 0),
        date(2027, 1, 1),
    )
    dates = list(group.events.order_by("starts_at"))
    assert [event.original_on for event in dates] == [
        date(2027, 1, 1),
        date(2027, 2, 5),
        date(2027, 3, 5),
        date(2027, 4, 2),
        date(2027, 5, 7),
        date(2027, 6, 4),
    ]
    assert {event.state for event in dates} == {Event.State.DRAFT}
    assert dates[0].title == application.launch_title
    assert dates[0].starts_at == datetime(2027, 1, 1, 18, 0, tzinfo=UTC)  # 19:00 in Köln: the launch keeps its own hour


@pytest.mark.django_db
def test_launch_off_the_slot_is_an_event_of_its_own(lead: User) -> None:
    application = factories.approvable(now=NOW, launch_on=date(2027, 1, 13))
    events = approve(application, lead).group.events.order_by("starts_at")  # type: ignore[union-attr]
    assert [(event.series_id is None, event.starts_local.date()) for event in events[:2]] == [
        (True, date(2027, 1, 13)),
        (False, date(2027, 2, 5)),
    ]
    assert events.count() == 7


@pytest.mark.django_db
def test_approval_of_an_online_group_has_no_place(lead: User) -> None:
    application = factories.approvable(now=NOW, kind="online", place=None, time_zone="UTC", launch_on=date(2027, 1, 1))
    group = approve(application, lead).group
    assert group is not None
    assert (group.kind, group.place) == ("online", None)
    assert set(group.events.values_list("kind", flat=True)) == {"online"}


@pytest.mark.django_db
def test_approval_mails_every_organiser_the_page(lead: User) -> None:
    application = approve(factories.approvable(now=NOW, launch_on=date(2027, 1, 1)), lead)
    messages = Message.objects.filter(kind="application_approved")
    assert {message.address for message in messages} == set(application.organisers.values_list("email", flat=True))
    assert messages[0].context["target_url"].endswith(application.group.get_absolute_url())  # type: ignore[union-attr]


@pytest.mark.django_db
def test_names_that_are_taken_get_a_number(lead: User) -> None:
    factories.GroupFactory(name="Köln Circle", slug="koln-circle")
    application = factories.approvable(now=NOW, group_name="Koln Circle", launch_on=date(2027, 1, 1))
    assert approve(application, lead).group.slug == "koln-circle-2"  # type: ignore[union-attr]


@pytest.mark.django_db
def test_approving_twice_is_refused_and_makes_one_group(lead: User) -> None:
    application = factories.approvable(now=NOW, launch_on=date(2027, 1, 1))
    approve(application, lead)
    with pytest.raises(MoveRefused):
        approve(application, lead)
    assert Group.objects.count() == 1


@pytest.mark.django_db
def test_approval_with_one_organiser_left_is_refused(lead: User) -> None:
    application = factories.approvable(now=NOW)
    application.organisers.exclude(member=application.applicant).update(declined_at=timezone.now())
    with pytest.raises(MoveRefused, match="Fewer than two"):
        approve(application, lead)
    assert not Group.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_approvals_in_parallel_create_one_group() -> None:
    lead, second = factories.lead(), factories.lead()
    application = factories.approvable(now=NOW, launch_on=date(2027, 1, 1))
    barrier, outcomes = threading.Barrier(2), []

    def decide(actor: User) -> None:
        try:
            barrier.wait(timeout=10)
            approve(application, actor)
            outcomes.append("approved")
        except MoveRefused as refusal:
            outcomes.append(refusal.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[actor]) for actor in (lead, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["approved", "state"]
    assert Group.objects.count() == 1
    assert ApplicationEvent.objects.filter(to_state="approved").count() == 1
    assert Message.objects.filter(kind="application_approved").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_applications_for_one_place_in_the_same_second_leave_one_open() -> None:
    place = town("Köln")
    pair = [factories.ready_application(place=place) for _ in range(2)]
    barrier, outcomes = threading.Barrier(2), []

    def send(application: Application) -> None:
        try:
            barrier.wait(timeout=10)
            move(application=application, to="submitted", actor=application.applicant.user, now=NOW)
            outcomes.append("submitted")
        except MoveRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[application]) for application in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["refused", "submitted"]
    assert Application.objects.undecided().count() == 1
