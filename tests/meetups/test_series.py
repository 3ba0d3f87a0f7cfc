"""Slots become events: the next six, once, and nothing that people touched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings

from meetups import tasks
from meetups.models import Event, Group, Series
from meetups.services import events
from meetups.services.series import expand_series, series_to_expand
from tests.meetups.factories import GroupFactory, SeriesFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_expand_makes_the_next_six_dates_as_drafts() -> None:
    series = SeriesFactory()
    assert expand_series(series=series, now=NOW) == 6
    assert list(series.events.order_by("starts_at").values_list("original_on", "state")) == [
        (date(2026, 12, 4), "draft"),
        (date(2027, 1, 1), "draft"),
        (date(2027, 2, 5), "draft"),
        (date(2027, 3, 5), "draft"),
        (date(2027, 4, 2), "draft"),
        (date(2027, 5, 7), "draft"),
    ]
    summer = series.events.get(original_on=date(2027, 4, 2))
    assert (summer.starts_at.hour, summer.starts_local.hour, summer.venue_name) == (17, 18, series.venue_name)


def test_expand_twice_makes_nothing_twice() -> None:
    series = SeriesFactory()
    expand_series(series=series, now=NOW)
    assert expand_series(series=series, now=NOW) == 0
    assert expand_series(series=series, now=NOW + timedelta(days=20)) == 1
    assert series.events.count() == 7


def test_expand_publishes_at_once_where_the_group_wants_it() -> None:
    series = SeriesFactory(publishes=True)
    expand_series(series=series, now=NOW, ahead=1)
    assert series.events.get().state == Event.State.PUBLISHED


def test_expand_never_touches_what_people_touched() -> None:
    series = SeriesFactory()
    expand_series(series=series, now=NOW)
    first, second, *_ = series.events.order_by("starts_at")
    events.cancel_event(event=first, reason="Holiday", now=NOW)
    moved = {"starts_local": datetime(2027, 1, 2, 17, 0), "title": "Moved"}  # noqa: DTZ001 - wall time
    events.edit_event(event=second, answers=moved, now=NOW)
    before = list(Event.objects.order_by("pk").values())
    assert expand_series(series=series, now=NOW) == 0
    assert list(Event.objects.order_by("pk").values()) == before


def test_expand_stops_on_the_last_day_of_the_series() -> None:
    series = SeriesFactory(until_on=date(2027, 1, 1))
    assert expand_series(series=series, now=NOW) == 2


def test_expand_skips_a_date_that_began_an_hour_ago() -> None:
    series = SeriesFactory()
    now = datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
    expand_series(series=series, now=now, ahead=1)
    assert not series.events.exists()
    expand_series(series=series, now=now, ahead=2)
    assert series.events.get().original_on == date(2027, 1, 1)


@pytest.mark.parametrize("state", [Group.State.DORMANT, Group.State.ARCHIVED, Group.State.SUSPENDED])
def test_groups_that_sleep_get_no_dates(state: str) -> None:
    series = SeriesFactory(group=GroupFactory(state=state))
    assert expand_series(series=series, now=NOW) == 0
    assert series_to_expand() == []


def test_paused_series_gets_no_dates() -> None:
    series = SeriesFactory(is_paused=True)
    assert expand_series(series=series, now=NOW) == 0
    assert series_to_expand() == []


def test_task_expands_every_living_series_and_is_in_the_schedule() -> None:
    living, paused = SeriesFactory(), SeriesFactory(is_paused=True)
    tasks.series.expand_series()
    assert (living.events.count(), paused.events.count()) == (6, 0)
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.series.expand_series.name in scheduled
    assert Series.objects.count() == 2
