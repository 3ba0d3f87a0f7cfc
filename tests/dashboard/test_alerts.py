"""What the team is told: each cause once, in the admin and in its channel."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard import kinds
from dashboard.models import Alert, Channel, Source, WeightVersion
from dashboard.services import alert_posts, alerts, summaries
from portal.members.models import Member
from tests.dashboard.factories import NOW, TODAY, ChannelFactory, at, member_of, record, save
from tests.members.factories import UserFactory
from tests.upstreams import faults
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld


@pytest.fixture
def channel(weights: WeightVersion) -> Any:
    channel = ChannelFactory()
    Source.objects.update(last_good_at=NOW)
    return channel


def found() -> list[tuple[str, str]]:
    """Kinds and whom or what they are about, after the summaries were built."""
    summaries.rebuild(today=TODAY)
    alerts.find(now=NOW)
    rows = Alert.objects.select_related("member", "contribution", "source").order_by("kind", "pk")
    return [(row.kind, alerts.sentence(row)) for row in rows]


def test_first_deed_is_told_once_and_old_ones_never(channel: Channel) -> None:
    save(channel, record("1", day=1, who="new"), record("2", day=30, who="old"))
    assert found() == [("first", "login-new did something here for the first time.")]
    save(channel, record("3", day=0, who="new"))
    assert len(found()) == 1


def test_question_is_told_after_two_days_and_not_once_answered(channel: Channel) -> None:
    for number, day in enumerate((1, 3, 4, 20)):
        title, thread = f"Question {number}", f"t{number}"
        save(channel, record(f"q{number}", kinds.QUESTION, day=day, who="old", thread=thread, title=title))
    save(
        channel,
        record("a", kinds.ANSWER, day=2, who="other", thread="t2"),
        record("b", day=300, who="old"),
        record("c", day=300, who="other"),
    )
    told = [row for row in found() if row[0] == "unanswered"]
    assert told == [("unanswered", "Nobody has answered for 48 hours: Question 1")]


def test_core_that_went_quiet_is_told(channel: Channel) -> None:
    for n in range(12):
        merged = at(40 + n * 5)
        save(channel, record(f"c{n}", kinds.CHANGE, day=40 + n * 5, who="core", state="merged", credited_at=merged))
    save(channel, record("x", day=45, who="visitor"))
    assert found() == [("core_quiet", "login-core, a core contributor, has done nothing for 40 days.")]
    assert len(found()) == 1


def test_return_after_ninety_days_is_told(channel: Channel) -> None:
    save(channel, record("1", day=120, who="back"), record("2", day=1, who="back"))
    save(channel, record("3", day=60, who="here"), record("4", day=1, who="here"))
    assert found() == [("back", "login-back is back after 90 days or more.")]


def test_source_that_is_late_is_told_once_for_each_time(channel: Channel) -> None:
    Source.objects.update(last_good_at=NOW - timedelta(hours=25), name="forum")
    late = ("source_late", "The source “forum” has not been imported for a day.")
    assert found() == [late]
    assert found() == [late]
    Source.objects.update(last_good_at=NOW - timedelta(hours=24, minutes=30))
    assert found() == [late, late]
    Source.objects.update(is_enabled=False, last_good_at=NOW - timedelta(days=9))
    assert len(found()) == 2


def test_burst_of_a_person_is_told_and_of_a_bot_not(channel: Channel) -> None:
    for who in ("fast", "bot", "slow"):
        number = alerts.BURST if who != "slow" else alerts.BURST - 1
        save(channel, record(f"{who}-old", day=60, who=who), record(f"{who}-b", day=50, who=who))
        save(channel, *[record(f"{who}{n}", day=0, who=who) for n in range(number)])
    Member.objects.filter(pk=member_of("bot").pk).update(bot_state=Member.BotState.BOT)
    assert found() == [("burst", "30 contributions by login-fast within an hour: is it spam?")]


@pytest.mark.usefixtures("channel")
def test_post_stands_once_even_when_its_answer_is_lost(settings: Any) -> None:
    world = SlackWorld()
    world.now, room = int(NOW.timestamp()), world.add_channel("team")
    with Server({"": SlackApp(world)}) as server:
        settings.SLACK_API_URL, settings.ALLOWED_PRIVATE_HOSTS = f"{server.url()}/", [server.host]
        settings.UPDATES_SLACK_TOKEN, settings.ALERTS_SLACK_CHANNEL = "xoxb-1", room
        Source.objects.update(last_good_at=NOW - timedelta(hours=25), name="<forum>")
        alerts.find(now=NOW)
        alert = Alert.objects.get()
        server.break_next("chat.postMessage", faults.cut_off())
        assert not alert_posts.post_alert(alert=alert, now=NOW)
        assert alert_posts.post_alert(alert=alert, now=NOW + timedelta(minutes=10))
        (message,) = world.messages[room]
    assert message["blocks"][0]["text"]["text"] == "The source “&lt;forum&gt;” has not been imported for a day."


@pytest.mark.usefixtures("channel")
def test_without_a_channel_nothing_is_posted() -> None:
    Source.objects.update(last_good_at=NOW - timedelta(hours=25))
    alerts.find(now=NOW)
    assert list(alerts.to_be_posted()) == []


@pytest.mark.usefixtures("channel")
def test_team_settles_what_it_looked_at_and_nobody_else(client: Client, admin_client: Client) -> None:
    Source.objects.update(last_good_at=NOW - timedelta(hours=25), name="forum")
    alerts.find(now=NOW)
    page, chosen = "/admin/dashboard/alert/", {"action": "settle", "_selected_action": [Alert.objects.get().pk]}
    client.force_login(UserFactory(is_staff=True))
    assert client.post(page, chosen).status_code in {302, 403}
    assert Alert.objects.get().settled_at is None
    assert "“forum” has not been imported" in admin_client.get(page).content.decode()
    admin_client.post(page, chosen)
    assert Alert.objects.get().settled_at is not None
    assert "“forum” has not been imported" not in admin_client.get(page).content.decode()
