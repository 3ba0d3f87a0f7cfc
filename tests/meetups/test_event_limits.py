"""Events: bounds of days, zones and lengths, links, and forms that are sent twice."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetups import tasks
from meetups.forms.events import EventForm
from meetups.models import Event, Group, Series
from meetups.services import events
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import Member
from tests.meetups.factories import EventFactory, GroupFactory, GroupMembershipFactory, SeriesFactory, person
from tests.meetups.test_event_pages import FORM
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("day", "zone"), [("0001-01-01", "Asia/Tokyo"), ("9999-12-31", "America/Los_Angeles")])
def test_day_out_of_bounds_is_refused_with_a_sentence(
    client: Client, group: Group, organiser: Member, day: str, zone: str
) -> None:
    client.force_login(organiser.user)
    event = EventFactory(group=group, state="draft")
    data = FORM | {"day": day, "time": "23:30" if day > "2" else "00:30", "time_zone": zone}
    for url in (f"/meetups/groups/{group.slug}/events/new/", f"/meetups/events/{event.pk}/edit/"):
        assert "Choose a day between 1 January 2000 and" in client.post(url, data).content.decode()
    assert Event.objects.count() == 1


def test_days_from_2000_to_five_years_ahead_are_taken() -> None:
    last = timezone.localdate() + timedelta(days=5 * 365 + 1)
    for day, good in (("2000-01-01", True), ("1999-12-31", False), (last, True), (last + timedelta(days=1), False)):
        assert ("day" not in EventForm(FORM | {"day": str(day)}).errors) is good


@pytest.mark.parametrize(("url", "good"), [("https://meet.example/x", True), ("ftp://meet.example/x", False)])
def test_meeting_link_is_one_a_browser_opens(url: str, good: bool) -> None:
    assert ("online_url" not in EventForm(FORM | {"online_url": url}).errors) is good


def test_form_sent_twice_makes_one_event(client: Client, group: Group, organiser: Member) -> None:
    client.force_login(organiser.user)
    url = f"/meetups/groups/{group.slug}/events/new/"
    response = client.get(url)
    key = str(response.context["form"]["key"].value())
    assert 'type="hidden" name="key"' in response.content.decode()
    first, second = (client.post(url, FORM | {"key": key}) for _ in range(2))
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert str(Event.objects.get().uid) == key


def test_key_of_somebody_elses_event_makes_no_second_and_shows_nothing(client: Client, group: Group) -> None:
    foreign, by = EventFactory(), person()
    event, _moved = events.create_event(group=group, by=by, answers=_answers(), now=timezone.now(), key=foreign.uid)
    assert (event.group, event.uid != foreign.uid) == (group, True)


def _answers() -> dict[str, object]:
    form = EventForm(FORM | {"key": str(uuid4())})
    assert form.is_valid()
    return form.answers()


def test_cancelling_looks_at_the_event_as_it_is_now() -> None:
    event = EventFactory(state="draft")
    GroupMembershipFactory(group=event.group, member=person())
    events.publish_event(event=Event.objects.get(pk=event.pk), now=timezone.now())
    events.cancel_event(event=event, reason="Storm", now=timezone.now())
    assert Message.objects.filter(kind="event_cancelled").count() == 1
    begun = EventFactory()
    Event.objects.filter(pk=begun.pk).update(starts_at=timezone.now() - timedelta(minutes=5))
    with pytest.raises(MoveRefused, match="begun already"):
        events.cancel_event(event=begun, reason="Late", now=timezone.now())


def test_cancelled_event_says_nothing_of_a_meeting_link(client: Client) -> None:
    event = EventFactory(state="cancelled", cancel_reason="Storm", online_url="https://meet.example/x")
    for user in (None, UserFactory()):
        if user:
            client.force_login(user)
        html = client.get(event.get_absolute_url()).content.decode()
        assert "Storm" in html
        assert "meeting link" not in html.lower()


def test_slug_of_an_event_is_cut_to_its_field() -> None:
    assert events.event_slug("Straße & Köln") == events.event_slug("Strasse Koln")
    assert len(events.event_slug("㎏" * 120)) == 160
    assert events.event_slug("a" * 159 + " b") == "a" * 159
    assert events.event_slug("!!!") == "event"


@pytest.mark.parametrize("build", [GroupFactory, SeriesFactory, EventFactory])
def test_zone_that_does_not_exist_is_refused(build) -> None:
    row = build()
    row.time_zone = "Europe/Nowhere"
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert set(refusal.value.message_dict) == {"time_zone"}


@pytest.mark.parametrize("build", [SeriesFactory, EventFactory])
@pytest.mark.parametrize("minutes", [0, 14, 1441])
def test_length_is_a_quarter_of_an_hour_to_a_day(build, minutes: int) -> None:
    row = build()
    row.minutes = minutes
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert "minutes" in refusal.value.message_dict


def test_event_without_length_is_refused_in_the_admin(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    event = EventFactory()
    data = {
        "group": event.group_id,
        "kind": "meetup",
        "format": "help",
        "title": "Evening",
        "starts_local_0": "2027-06-04",
        "starts_local_1": "18:00",
        "minutes": "0",
        "time_zone": "Europe/Lisbon",
    }
    response = client.post(reverse("admin:meetups_event_change", args=[event.pk]), data)
    assert (response.status_code, "minutes" in response.context["adminform"].form.errors) == (200, True)


def test_broken_slot_stops_no_other(caplog) -> None:
    broken, whole = SeriesFactory(), SeriesFactory()
    Series.objects.filter(pk=broken.pk).update(time_zone="Europe/Nowhere")
    tasks.series.expand_series()
    assert (broken.events.count(), whole.events.count()) == (0, 6)
    assert f"series {broken.pk} got no dates" in caplog.text


def test_joining_promises_the_mail_that_is_sent(client: Client, group: Group, stranger: Member) -> None:
    client.force_login(stranger.user)
    html = client.post(f"/meetups/groups/{group.slug}/join/", follow=True).content.decode()
    assert "Choose on its page what we write to you." in html
    assert "is set or called off" not in html


def test_created_event_keeps_its_wall_time() -> None:
    assert _answers()["starts_local"] == datetime(2027, 6, 4, 18, 0)  # noqa: DTZ001 - wall time
