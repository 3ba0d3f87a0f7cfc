"""Importing a Slack workspace into the database: in full, again, interrupted, and after time has moved on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard.models import Contribution, Source, Stream
from portal.members.models import Identity
from tests.dashboard.factories import NOW, SourceFactory
from tests.dashboard.importers.slack_factories import fill, importer, stored, truth, ts, work, work_to_the_end
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SlackWorld:
    world = SlackWorld()
    for name in ("ada", "grace", "linus"):
        world.add_person(name)
    world.add_channel("general")
    world.add_channel("dev")
    return world


@pytest.fixture
def server(world: SlackWorld) -> Iterator[Server]:
    with Server({"": SlackApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return SourceFactory(service="slack", base_url=server.url(), options={"channels": "all"})


GENERAL, DEV = "C00000001", "C00000002"


def test_everything_comes_and_a_second_import_changes_nothing(world, server, source):
    fill(world, GENERAL, 60)
    fill(world, DEV, 20, seed=2)
    run = work(source, server)
    assert (run.state, run.error, run.n_rejected) == ("done", "", 0)
    assert stored(source) == truth(world)
    assert run.n_new == len(truth(world))
    again = work(source, server, now=NOW + timedelta(hours=1))
    assert (again.n_new, again.n_updated) == (0, 0)
    assert stored(source) == truth(world)


@pytest.mark.parametrize(("size", "empty"), [(7, 0), (5, 2), (1, 1)])
def test_short_and_empty_pages_end_nothing(world, server, source, size, empty):
    fill(world, GENERAL, 30)
    world.page_size, world.empty_pages = size, empty
    run = work(source, server)
    assert (run.state, run.error) == ("done", "")
    assert stored(source) == truth(world)
    assert set(Stream.objects.values_list("channel__name", "name")) == {
        ("#general", "messages"), ("#dev", "messages"), ("Acme", "people"), ("Acme", "listed")
    }  # fmt: skip


def test_time_moves_on_and_few_calls_bring_it_in(world, server, source):
    """New and late replies, new, edited and deleted messages, deleted replies, a thread taken down whole."""
    roots = fill(world, GENERAL, 100)
    fill(world, DEV, 10, seed=2)
    work(source, server)
    world.say(GENERAL, "U00000001", ts(-0.5))
    world.say(GENERAL, "U00000002", ts(-0.6), thread=roots[3]["ts"])  # had no thread
    world.say(GENERAL, "U00000002", ts(-0.7), thread=roots[99]["ts"])  # 200 days old
    world.say(GENERAL, "U00000003", ts(-0.8), thread=roots[97]["ts"], subtype="thread_broadcast")
    roots[1]["edited"] = {"user": "U00000001", "ts": ts(-0.3)}
    world.delete(GENERAL, roots[2]["ts"])
    world.delete(GENERAL, roots[5]["ts"])  # with replies: a tombstone stays
    world.delete(GENERAL, world.below(GENERAL, roots[10]["ts"])[0]["ts"])
    for reply in world.below(GENERAL, roots[15]["ts"]):
        world.delete(GENERAL, reply["ts"])
    for reply in world.below(GENERAL, roots[20]["ts"]):
        world.delete(GENERAL, reply["ts"])
    world.delete(GENERAL, roots[20]["ts"])
    before = len(server.log)
    run = work(source, server, now=NOW + timedelta(hours=25))
    assert (run.state, run.error) == ("done", "")
    assert stored(source) == truth(world)
    assert Contribution.objects.get(external_id=f"message:{GENERAL}:{roots[1]['ts']}").source_updated_at
    assert len(server.log) - before <= 18
    again = work(source, server, now=NOW + timedelta(hours=26))
    assert (again.n_new, again.n_updated, stored(source)) == (0, 0, truth(world))


class Killed(BaseException):
    """The end of a process."""


@pytest.mark.parametrize("kill_after", [1, 2, 3, 5, 8])
def test_killed_again_and_again_while_people_talk_on_the_end_is_the_truth(world, server, source, kill_after):
    roots = fill(world, GENERAL, 60)
    world.page_size = 25
    for step in range(8):
        left = [kill_after]

        def stop_at(standing, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        try:
            work(source, server, now=NOW + timedelta(minutes=step), progress=stop_at)
        except Killed:
            world.say(GENERAL, "U00000001", ts(-step / 100, step))
            world.say(GENERAL, "U00000002", ts(-step / 100, 500 + step), thread=roots[step * 4]["ts"])
    work_to_the_end(source, server, now=NOW + timedelta(hours=1))
    work(source, server, now=NOW + timedelta(hours=26))  # older threads are looked at once a day
    assert stored(source) == truth(world)


def test_limits_of_each_method_are_kept_and_nothing_is_lost(world, server, source):
    fill(world, GENERAL, 60)
    world.budget = 4
    n_runs = work_to_the_end(source, server)
    assert n_runs >= 3
    assert stored(source) == truth(world)


def test_run_waits_as_long_as_it_was_told(world, server, source):
    fill(world, GENERAL, 30)
    world.budget = 2
    run = work(source, server)
    assert run.is_open
    assert (run.next_try_at - NOW).total_seconds() == pytest.approx(30, abs=2)
    asked = len(server.log)
    assert work(source, server, now=NOW + timedelta(seconds=20)).is_open
    assert len(server.log) == asked


def test_app_of_the_wrong_class_is_found_out(world, server, source):
    """One call a minute with 15 messages: slow, but all of it comes, and the reason is told."""
    fill(world, GENERAL, 40)
    world.page_size, world.budget = 15, 1
    run = work(source, server)
    assert run.is_open
    assert run.error.startswith("Slack gives this app one call a minute and 15 messages a call")
    work_to_the_end(source, server, now=NOW + timedelta(minutes=1))
    assert stored(source) == truth(world)


def test_late_reply_to_an_old_thread_is_found_once_a_day(world, server, source):
    (root, *_) = fill(world, GENERAL, 5, days=300)[::-1]
    work(source, server)
    late = world.say(GENERAL, "U00000002", ts(-0.01), thread=root["ts"])
    work(source, server, now=NOW + timedelta(hours=1))
    assert f"message:{GENERAL}:{late['ts']}" not in stored(source)
    work(source, server, now=NOW + timedelta(hours=25))
    assert stored(source) == truth(world)


def test_reply_put_off_the_record_later_is_taken_out(world, server, source):
    root = world.say(GENERAL, "U00000001", ts(1))
    secret = world.say(GENERAL, "U00000002", ts(0.9), thread=root["ts"])
    shy = world.say(GENERAL, "U00000002", ts(0.8), thread=root["ts"])
    work(source, server)
    assert len(stored(source)) == 3
    secret["text"], shy["text"] = ":no_entry_sign: forget this", ":bust_in_silhouette: not my name"
    work(source, server, now=NOW + timedelta(hours=25))
    assert stored(source) == truth(world)
    assert {uid for *_, uid in stored(source).values()} == {"U00000001", None}


def test_thread_broadcast_is_stored_once(world, server, source):
    root = world.say(GENERAL, "U00000001", ts(1))
    world.say(GENERAL, "U00000002", ts(0.5), thread=root["ts"], subtype="thread_broadcast")
    work(source, server)
    assert [kind for kind, *_ in stored(source).values()] == ["message", "reply"]
    assert stored(source) == truth(world)


def test_what_no_person_wrote_is_left_out(world, server, source):
    for number, subtype in enumerate(("channel_join", "channel_leave", "channel_topic", "bot_message", "tombstone")):
        world.say(GENERAL, "U00000001", ts(2, number), subtype=subtype)
    world.say(GENERAL, "U00000001", ts(3), bot_id="B1")
    world.say(GENERAL, "USLACKBOT", ts(4))
    kept = [world.say(GENERAL, "U00000001", ts(5, n), subtype=s) for n, s in enumerate(("me_message", "file_share"))]
    work(source, server)
    assert set(stored(source)) == {f"message:{GENERAL}:{one['ts']}" for one in kept}


def test_names_follow_people_and_nobody_silent_is_kept(world, server, source):
    for _ in range(450):
        world.add_person("silent")
    world.add_person("robot", is_bot=True)
    world.say(GENERAL, "U00000001", ts(1))
    world.say(GENERAL, "U00000454", ts(2))
    work(source, server)
    shown = Identity.objects.order_by("uid").values_list("uid", "username", "name", "is_bot_hint", "member__handle")
    assert list(shown) == [
        ("U00000001", "ada", "Ada", False, "ada"),
        ("U00000454", "robot", "Robot", True, "robot"),
    ]
    world.people["U00000001"].update(deleted=True, profile={"display_name": "ada.l", "real_name": "Ada L"})
    work(source, server, now=NOW + timedelta(hours=1))
    assert shown.all()[0] == ("U00000001", "ada.l", "Ada L", False, "ada.l")
    assert not any("secret.example" in str(row) for row in Identity.objects.values_list())


def test_workspace_of_a_limited_plan_keeps_what_is_no_longer_shown(world, server, source):
    roots = fill(world, GENERAL, 50, days=80)
    work(source, server)
    before = stored(source)
    world.is_limited = True
    world.messages[GENERAL] = [one for one in world.messages[GENERAL] if one["ts"] > roots[20]["ts"]]
    work(source, server, now=NOW + timedelta(hours=1))
    hidden = {key for key, value in before.items() if key not in truth(world)}
    assert {key for key in hidden if before[key][0] == "message"} <= set(stored(source))


def test_channel_that_lost_the_app_says_so_and_goes_on_by_itself(world, server, source):
    fill(world, GENERAL, 5)
    fill(world, DEV, 5, seed=2)
    world.errors["conversations.history", DEV] = {"error": "not_in_channel"}
    run = work(source, server)
    assert run.state == "done"
    assert "#dev messages: Slack shows this channel to its members only: invite the app there" in run.error
    assert {channel for _, channel, *_ in stored(source).values()} == {GENERAL}
    world.errors.clear()
    assert work(source, server, now=NOW + timedelta(hours=2)).error == ""
    assert stored(source) == truth(world)


def test_token_revoked_in_the_middle_stops_the_source_with_a_sentence(world, server, source):
    fill(world, GENERAL, 30)
    world.errors["conversations.replies", ""] = {"error": "token_revoked"}
    run = work(source, server)
    assert (run.state, run.error) == (
        "failed",
        "The token was revoked at Slack: install the app in the workspace again and set its token for this source.",
    )
    world.errors.clear()
    work(source, server, now=NOW + timedelta(hours=1))
    assert stored(source) == truth(world)


def test_missing_scope_names_it(world, server, source):
    world.errors["conversations.list", ""] = {"error": "missing_scope", "needed": "channels:read", "provided": "chat"}
    run = work(source, server)
    assert (run.state, run.error) == (
        "failed",
        "The token lacks the permission channels:read (it has chat): add it under “OAuth & Permissions” in the "
        "settings of the app, install the app again, and set the new token.",
    )


def test_listed_channel_that_is_not_there_is_told_and_the_others_come(world, server, source):
    fill(world, GENERAL, 5)
    run = work(source, server, channels="#General, gone")
    assert run.state == "done"
    assert "The workspace has no public channel “gone”" in run.error
    assert stored(source) == truth(world)


def test_renamed_and_archived_channel_keeps_its_rows(world, server, source):
    fill(world, GENERAL, 5)
    work(source, server)
    world.channels[GENERAL].update(name="lobby", is_archived=True)
    run = work(source, server, now=NOW + timedelta(hours=1))
    assert (run.n_new, run.n_updated) == (0, 0)
    assert source.channels.get(key=GENERAL).name == "#lobby"
    assert source.channels.get(key=GENERAL).is_archived is True


def test_import_makes_no_more_calls_than_it_must(world, server, source):
    fill(world, GENERAL, 1100, days=60)
    run = work(source, server)
    threads = {one["thread_ts"] for one in world.messages[GENERAL] if "thread_ts" in one}
    # auth.test, channels, people, two pages of messages, an empty channel asked twice, and one call for each thread
    assert run.n_requests + 2 == len(server.log) == 7 + len(threads)
    assert importer(server)._client.http.requests == 0
