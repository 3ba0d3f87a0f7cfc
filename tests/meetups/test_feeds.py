"""Calendars by address: which dates stand in which, what never does, and answers that need no body."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from meetups.models import CalendarKey, Event, Group
from meetups.services import events, series
from portal.members.models import Member
from tests.meetups.factories import (
    EventFactory,
    GroupFactory,
    GroupMembershipFactory,
    OrganiserFactory,
    SeriesFactory,
    person,
)
from tests.places.factories import PlaceFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINE = "/meetups/calendar/"


def dates(client: Client, path: str) -> dict[str, dict]:
    """By UID."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(one["UID"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def titles(client: Client, path: str) -> list[str]:
    return [str(one["SUMMARY"]) for one in dates(client, path).values()]


def path_of(group: Group) -> str:
    return f"{group.get_absolute_url()}calendar.ics"


def test_group_calendar_holds_its_public_dates_in_order(client: Client, group: Group) -> None:
    now = timezone.now()
    for title, days, state in (
        ("Soon", 3, "published"), ("Later", 40, "published"), ("Was", -30, "held"), ("Long ago", -91, "held"),
        ("Off", 9, "cancelled"), ("Was off", -59, "cancelled"), ("Off long ago", -61, "cancelled"),
        ("Draft", 5, "draft"),
    ):  # fmt: skip
        EventFactory(group=group, title=title, state=state, starts_at=now + days * DAY, cancel_reason="Flood")
    EventFactory(title="Of others")
    assert titles(client, path_of(group)) == ["Cancelled: Was off", "Was", "Soon", "Cancelled: Off", "Later"]
    off = [one for one in dates(client, path_of(group)).values() if one["STATUS"] == "CANCELLED"]
    assert len(off) == 2
    assert "This date is called off: Flood" in off[0]["DESCRIPTION"]


def test_moved_date_keeps_its_uid_and_counts_up(client: Client, group: Group) -> None:
    event = EventFactory(group=group, changed_at=timezone.now() - DAY)
    before = dates(client, path_of(group))
    answers = {"starts_local": event.starts_local + DAY, "minutes": 90}
    events.edit_event(event=event, answers=answers, now=timezone.now())
    after = dates(client, path_of(group))
    assert list(before) == list(after) == [f"event-{event.uid}@localhost"]
    was, now = before.popitem()[1], after.popitem()[1]
    assert now["SEQUENCE"] == was["SEQUENCE"] + 1
    assert now["DTSTART"].dt - was["DTSTART"].dt == DAY
    assert now["LAST-MODIFIED"].dt > was["LAST-MODIFIED"].dt
    events.cancel_event(event=event, reason="Flood", now=timezone.now())
    (off,) = dates(client, path_of(group)).values()
    assert (off["UID"], off["SEQUENCE"], off["STATUS"]) == (was["UID"], was["SEQUENCE"] + 2, "CANCELLED")


def test_each_date_of_a_slot_is_an_entry_of_its_own(client: Client, group: Group) -> None:
    slot = SeriesFactory(group=group, publishes=True)
    series.expand_series(series=slot, now=timezone.now())
    found = dates(client, path_of(group))
    assert len(found) == series.AHEAD
    assert not any("RRULE" in one for one in found.values())
    assert {one["DTSTART"].dt.strftime("%A %H:%M") for one in found.values()} == {"Friday 18:00"}


def test_no_calendar_holds_a_meeting_link_or_a_name(client: Client, group: Group, organiser: Member) -> None:
    event = EventFactory(group=group, online_url="https://call.example.org/secret", created_by=organiser)
    for path in (path_of(group), "/meetups/calendar/all.ics", f"/meetups/events/{event.pk}.ics"):
        text = client.get(path).content.decode().replace("\r\n ", "")
        assert event.get_absolute_url() in text
        assert "call.example.org" not in text
        assert organiser.name not in text


def test_calendar_that_is_known_already_is_not_sent_again(client: Client, group: Group) -> None:
    event = EventFactory(group=group)
    first = client.get(path_of(group))
    assert first.content == client.get(path_of(group)).content
    assert first["Cache-Control"] == "public, max-age=900"
    again = client.get(path_of(group), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    since = client.get(path_of(group), headers={"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304
    Event.objects.filter(pk=event.pk).update(changed_at=timezone.now() + DAY)
    for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        assert client.get(path_of(group), headers=headers).status_code == 200
    Group.objects.filter(pk=group.pk).update(name="Renamed")
    assert "Renamed" in client.get(path_of(group)).content.decode()


def test_suspended_groups_and_drafts_are_in_no_calendar(client: Client, organiser: Member, group: Group) -> None:
    shown, draft = EventFactory(group=group), EventFactory(group=group, state="draft")
    client.force_login(organiser.user)
    assert client.get(f"/meetups/events/{draft.pk}.ics").status_code == 404
    assert len(titles(client, "/meetups/calendar/all.ics")) == 1
    Group.objects.filter(pk=group.pk).update(state="suspended", state_since=timezone.now())
    assert client.get(path_of(group)).status_code == 404
    assert client.get(f"/meetups/events/{shown.pk}.ics").status_code == 404
    assert titles(client, "/meetups/calendar/all.ics") == []


def test_calendars_of_a_town_and_of_what_is_online(client: Client) -> None:
    here = PlaceFactory(latitude=50.0, longitude=10.0)
    EventFactory(group=GroupFactory(place=PlaceFactory(latitude=50.5, longitude=10.0)), title="56 km away")
    EventFactory(group=GroupFactory(place=PlaceFactory(latitude=51.5, longitude=10.0)), title="167 km away")
    EventFactory(group=GroupFactory(kind="online", place=None), title="On the net", kind="online")
    camp = EventFactory(group=None, kind="camp", title="Camp")
    assert titles(client, f"/meetups/places/{here.slug}/calendar.ics") == ["56 km away"]
    assert titles(client, "/meetups/calendar/online.ics") == ["On the net"]
    assert len(titles(client, "/meetups/calendar/all.ics")) == 4
    assert titles(client, f"/meetups/events/{camp.pk}.ics") == ["Camp"]


def test_own_calendar_has_a_secret_address_that_its_owner_replaces(signed_in, member, group, stranger) -> None:
    EventFactory(group=group, title="Mine")
    EventFactory(group=OrganiserFactory(member=member).group, title="I run this")
    EventFactory(title="Not mine")
    client = signed_in(member)
    assert "calendar/mine/" not in client.get(MINE).content.decode()
    client.post(MINE)
    first = CalendarKey.objects.get().token
    page = client.get(MINE)
    assert f"/meetups/calendar/mine/{first}.ics" in page.content.decode()
    assert (page["Referrer-Policy"], page["Cache-Control"]) == ("no-referrer", "no-store")
    address = f"/meetups/calendar/mine/{first}.ics"
    assert sorted(titles(signed_in(None), address)) == ["I run this", "Mine"]
    answer = signed_in(None).get(address)
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex", "private, max-age=300")
    # Somebody else's page makes their own.
    signed_in(stranger).post(MINE)
    assert CalendarKey.objects.get(member=stranger).token != first
    signed_in(member).post(MINE)
    second = CalendarKey.objects.get(member=member).token
    assert second != first
    assert signed_in(None).get(address).status_code == 404
    signed_in(member).post(MINE, {"do": "drop"})
    assert signed_in(None).get(f"/meetups/calendar/mine/{second}.ics").status_code == 404
    assert CalendarKey.objects.get().member == stranger
    assert signed_in(None).post(MINE)["Location"].startswith("/accounts/login/")


def test_closed_account_has_no_calendar(client: Client) -> None:
    gone = person(is_active=False)
    key = CalendarKey.objects.create(member=gone, token="a" * 43)
    assert client.get(f"/meetups/calendar/mine/{key.token}.ics").status_code == 404


@pytest.mark.parametrize("number", [1, 12])
def test_calendar_takes_the_same_queries_however_full(client, number, django_assert_num_queries) -> None:
    for _ in range(number):
        EventFactory()
        EventFactory(state="held", starts_at=timezone.now() - 9 * DAY)
    with django_assert_num_queries(3):
        assert len(dates(client, "/meetups/calendar/all.ics")) == 2 * number


def test_page_offers_the_calendar_to_every_program(client: Client, group: Group) -> None:
    GroupMembershipFactory(group=group)
    ways = client.get(group.get_absolute_url()).context["page"].ways
    address = f"http://localhost:8000{path_of(group)}"
    assert (ways.url, ways.webcal) == (address, address.replace("http://", "webcal://"))
    assert parse_qs(urlsplit(ways.google).query) == {"cid": [ways.webcal]}
    for url, host in ((ways.outlook, "outlook.live.com"), (ways.office, "outlook.office.com")):
        assert urlsplit(url).hostname == host
        assert parse_qs(urlsplit(url).query) == {"url": [address], "name": [group.name]}
    html = client.get(group.get_absolute_url()).content.decode()
    assert f'value="{address}"' in html
    assert 'type="text/calendar"' in html
    elsewhere = GroupFactory(kind="external", external_url="https://example.org/")
    assert "calendar.ics" not in client.get(elsewhere.get_absolute_url()).content.decode()


def test_event_page_puts_one_date_into_calendars(client: Client, group: Group) -> None:
    event = EventFactory(group=group, title="Q&A: a+b=c", time_zone="Europe/Berlin", venue_name="Hall")
    keep = client.get(event.get_absolute_url()).context["keep"]
    found = parse_qs(urlsplit(keep.google).query)
    assert (found["text"], found["location"], found["ctz"]) == (["Q&A: a+b=c"], ["Hall"], ["Europe/Berlin"])
    assert found["dates"] == [f"{event.starts_at:%Y%m%dT%H%M%SZ}/{event.ends_at:%Y%m%dT%H%M%SZ}"]
    assert parse_qs(urlsplit(keep.outlook).query)["subject"] == ["Q&A: a+b=c"]
    over = EventFactory(group=group, starts_at=timezone.now() - 9 * DAY)
    assert client.get(over.get_absolute_url()).context["keep"] is None
