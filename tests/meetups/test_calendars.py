"""Calendar files: what they hold, that they stay the same, and that no text breaks out of its line."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from meetups import recurrence
from meetups.calendars import Entry, calendar_file, one_line, plain
from meetups.forms.clocks import ZONES

NOW = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)
ENTRY = Entry(
    uid="event-1@example.org",
    sequence=3,
    starts_at=datetime(2026, 10, 2, 16, 0, 0, 987, tzinfo=UTC),
    ends_at=datetime(2026, 10, 2, 18, 0, tzinfo=UTC),
    zone="Europe/Berlin",
    title="First Friday",
    text="Come along",
    place="Library, Rua 1",
    url="https://example.org/e/1",
    category="Workshop",
    is_cancelled=False,
    created_at=NOW - timedelta(days=9),
    changed_at=NOW,
)
HOSTILE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def at(local: str, zone: str, minutes: int = 120, **values: object) -> Entry:
    starts = recurrence.attach(datetime.fromisoformat(local), zone)[0].astimezone(UTC)
    return replace(ENTRY, starts_at=starts, ends_at=starts + timedelta(minutes=minutes), zone=zone, **values)


def written(*entries: Entry, name: str = "Dates") -> bytes:
    return calendar_file(name=name, url="https://example.org/all.ics", host="example.org", entries=entries)


def read(*entries: Entry, name: str = "Dates") -> list[dict]:
    return list(Calendar.from_ical(written(*entries, name=name)).walk("VEVENT"))


def test_entry_says_all_of_a_date_and_the_same_each_time() -> None:
    body = written(ENTRY, name="Leipzig, Circle; 1")
    assert body == written(ENTRY, name="Leipzig, Circle; 1")
    text = body.decode()
    for line in (
        "UID:event-1@example.org",
        "SEQUENCE:3",
        "DTSTAMP:20261001T120000Z",
        "LAST-MODIFIED:20261001T120000Z",
        "DTSTART;TZID=Europe/Berlin:20261002T180000",
        "DTEND;TZID=Europe/Berlin:20261002T200000",
        "STATUS:CONFIRMED",
        "SUMMARY:First Friday",
        "LOCATION:Library\\, Rua 1",
        "URL:https://example.org/e/1",
        "CATEGORIES:Workshop",
        "NAME:Leipzig\\, Circle\\; 1",
        "X-WR-CALNAME:Leipzig\\, Circle\\; 1",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        "METHOD:PUBLISH",
    ):
        assert f"\r\n{line}\r\n" in text
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
    off = written(replace(ENTRY, is_cancelled=True)).decode()
    assert "\r\nSTATUS:CANCELLED\r\n" in off
    assert "\r\nTRANSP:TRANSPARENT\r\n" in off


def test_zone_is_named_and_defined_only_as_far_as_needed() -> None:
    utc = replace(ENTRY, zone="UTC", uid="2@example.org")
    text = written(ENTRY, utc, replace(ENTRY, zone="America/New_York", uid="3@example.org")).decode()
    assert [line for line in text.split("\r\n") if line.startswith("TZID:")] == [
        "TZID:America/New_York", "TZID:Europe/Berlin",
    ]  # fmt: skip
    assert "DTSTART:20261002T160000Z" in text
    assert "1970" not in text
    assert text.index("END:VTIMEZONE") < text.index("BEGIN:VEVENT")


@pytest.mark.parametrize(
    ("local", "zone", "shown"),
    [
        # The night the clock goes forward: 02:30 does not exist and became 03:00.
        ("2027-03-28 02:30", "Europe/Berlin", "DTSTART;TZID=Europe/Berlin:20270328T030000"),
        ("2026-11-01 18:00", "America/New_York", "DTSTART;TZID=America/New_York:20261101T180000"),
        ("2026-10-04 02:15", "Australia/Lord_Howe", "DTSTART;TZID=Australia/Lord_Howe:20261004T02"),
    ],
)
def test_wall_time_stays_what_people_read_on_the_clock(local: str, zone: str, shown: str) -> None:
    assert shown in written(at(local, zone)).decode()


def test_change_of_a_few_weeks_is_in_the_definition() -> None:
    """Morocco puts its clock back for Ramadan: the library's own definition of the zone knows nothing of it."""
    text = written(at("2026-03-01 18:00", "Africa/Casablanca")).decode()
    for line in ("DTSTART:20260215T030000", "DTSTART:20260322T020000", "TZOFFSETTO:+0000", "TZOFFSETTO:+0100"):
        assert f"\r\n{line}\r\n" in text


def test_end_that_the_clock_shows_twice_is_told_by_its_length() -> None:
    text = written(at("2026-10-25 01:00", "Europe/Berlin", minutes=90)).decode()
    assert "DTEND;TZID=Europe/Berlin:20261025T023000" in text
    text = written(at("2026-10-25 01:00", "Europe/Berlin", minutes=150)).decode()
    assert "DURATION:PT2H30M" in text
    assert "DTEND" not in text


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(sorted(ZONES)),
    hour=st.integers(0, 2 * 365 * 24),
    minutes=st.integers(15, 1440),
)
def test_another_library_reads_the_same_moments_from_our_zone(zone: str, hour: int, minutes: int) -> None:
    """dateutil knows nothing but the definition in the file, as a client without zone data would."""
    local = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)
    entry = at(f"{local:%Y-%m-%d %H:%M}", zone, minutes)
    body = written(entry)
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    starts = event["DTSTART"].dt
    if "TZID" in event["DTSTART"].params:
        rules = tzical(io.StringIO(body.decode().replace("\r\n ", "")))
        known = rules.get(event["DTSTART"].params["TZID"])
        starts = starts.replace(tzinfo=known)
        expected = entry.starts_at.astimezone(ZoneInfo(zone))
        assert starts.utcoffset() == expected.utcoffset()
    assert starts.astimezone(UTC) == entry.starts_at
    ends = event["DTEND"].dt.astimezone(UTC) if "DTEND" in event else entry.starts_at + event["DURATION"].dt
    assert ends == entry.ends_at


@settings(max_examples=150, deadline=None)
@given(title=HOSTILE, text=HOSTILE, place=HOSTILE, name=HOSTILE)
def test_no_text_breaks_out_of_its_line(title: str, text: str, place: str, name: str) -> None:
    body = written(replace(ENTRY, title=title, text=text, place=place), name=name)
    lines = body.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert not set(body) & (set(range(32)) - {10, 13})
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert event["UID"] == ENTRY.uid
    assert str(event["SUMMARY"]) == one_line(title)
    assert str(event["DESCRIPTION"]) == plain(text)
    assert str(event["STATUS"]) == "CONFIRMED"


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nBEGIN:VEVENT\r\nUID:x",
        "x\nEND:VCALENDAR",
        "a;b,c\\n\\N",
        "\u2028ATTENDEE:mailto:x@y",
        "\x00\x1b[31mred",
        "é" * 400,
    ],
)
def test_text_that_looks_like_a_calendar_stays_text(text: str) -> None:
    events = read(replace(ENTRY, title=text, text=text), name=text)
    assert len(events) == 1
    assert events[0]["UID"] == ENTRY.uid
    assert "ATTENDEE" not in events[0]


def test_marks_that_turn_the_reading_direction_are_dropped() -> None:
    assert plain("a\u202eb\u2066c\x07d\r\ne\rf") == "abcd\ne\nf"
