"""Importing a loopback subreddit: whole, beyond the thousand that are listed, broken, and after deletions."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Contribution, DeadLetter, ImportRun, Source, Stream
from dashboard.services import runs
from dashboard.services.known import StoredRows
from portal.members.models import Identity, Member
from tests.dashboard.importers.factories import NOW, reddit_importer
from tests.upstreams import faults
from tests.upstreams.reddit import RedditApp, RedditWorld, listing, thing
from tests.upstreams.server import Server

pytestmark = pytest.mark.django_db

DAY = 86_400
NOW_SECONDS = int(NOW.timestamp())
START = NOW_SECONDS - 60 * DAY


@pytest.fixture
def world() -> RedditWorld:
    return RedditWorld()


@pytest.fixture
def server(world: RedditWorld) -> Iterator[Server]:
    with Server({"": RedditApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return Source.objects.create(name="sub", service="reddit", base_url=server.url(), options={"subreddit": "acme"})


def fill(world: RedditWorld, count: int, start: int = START) -> None:
    """Submissions an hour apart, each with a comment, a reply and a comment of somebody else."""
    for number in range(count):
        at = start + number * 3600
        submission = world.add_submission(f"author{number % 7}", at)
        comment = world.add_comment(submission, "Grace", at + 60)
        world.add_comment(comment, f"author{number % 7}", at + 120)
        world.add_comment(submission, "AutoModerator", at + 180)


def run(source: Source, server: Server, *, now: datetime = NOW, token: str = "app:secret") -> ImportRun:
    """A run as a worker has it, with waits that are over at once."""
    found = runs.ask_for_run(source=source)
    now = max(now, found.next_try_at or now)
    stored = StoredRows(source.pk)
    runs.run_import(
        found, now=now, create=lambda config: reddit_importer(server, token, now=now, stored=stored), budget=None
    )
    found.refresh_from_db()
    return found


def truth(world: RedditWorld) -> set[tuple[str, str, str, int]]:
    """Everything that is shown of the subreddit: id, author, thread, likes."""
    found = set()
    for name, item in world.things.items():
        if item.get("removed_by_category") or item.get("body", item.get("selftext")) in ("[deleted]", "[removed]"):
            continue
        kind = "submission" if name.startswith("t3") else "comment"
        thread = item.get("link_id", name).removeprefix("t3_")
        author = item.get("author_fullname", "")
        found.add((f"{kind}:{item['id']}", author, f"submission:{thread}", max(item["score"], 0)))
    return found


def stored() -> set[tuple[str, str, str, int]]:
    rows = Contribution.objects.filter(deleted_at=None).values_list("external_id", "identity__uid", "thread", "likes")
    return {(key, "" if uid.startswith("deleted:") else uid, thread, likes) for key, uid, thread, likes in rows}


def test_subreddit_is_imported_with_people_and_threads(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 130)
    done = run(source, server)
    assert (done.state, done.error, done.n_new) == ("done", "", 520)
    assert stored() == truth(world)
    row = Contribution.objects.select_related("identity__member", "channel").filter(kind="submission").earliest("pk")
    assert row.url.startswith("https://www.reddit.com/r/acme/comments/")
    assert (row.channel.name, row.identity.site) == ("r/acme", server.host)
    bot = Identity.objects.select_related("member").get(username="AutoModerator")
    assert bot.member.bot_state == "bot"


def test_calls_carry_the_agent_reddit_asks_for_and_a_token(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 1)
    run(source, server)
    assert {request.headers["user-agent"] for request in server.log} == {"web:app:1 (by /u/operator)"}
    assert [request.path for request in server.log][:2] == ["/api/v1/access_token", "/r/acme/new"]
    assert len(server.calls("access_token")) == 1


def test_second_import_changes_nothing(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 60)
    run(source, server)
    before = list(Contribution.objects.order_by("pk").values())
    again = run(source, server, now=NOW + timedelta(hours=1))
    assert (again.state, again.n_new, again.n_updated) == ("done", 0, 0)
    assert list(Contribution.objects.order_by("pk").values()) == before


def test_next_import_reads_down_to_what_is_known(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 500, NOW_SECONDS - 1000 * DAY)
    run(source, server)
    calls = len(server.log)
    fill(world, 3, NOW_SECONDS - 3 * 3600)
    later = run(source, server, now=NOW + timedelta(hours=1))
    assert (later.n_new, stored()) == (12, truth(world))
    assert len(server.log) - calls == 5  # a token, submissions, two days of comments, a look at the twelve


def test_comments_beyond_the_thousand_come_from_their_threads(
    world: RedditWorld, server: Server, source: Source
) -> None:
    world.limit, world.shown, world.depth, world.stub_size = 900, 40, 3, 150
    fill(world, 20, START - 400 * DAY)
    large = world.add_submission("ada", START)
    parent = large
    for number in range(12):  # deeper than the tree shows
        parent = world.add_comment(parent, "Grace", START + number)
    for number in range(1_200):
        world.add_comment(large, f"author{number % 40}", START + 100 + number)
    done = run(source, server)
    assert done.state == "done"
    assert truth(world) - stored() == set()
    assert stored() == truth(world)
    stubs = [request.query["children"].split(",") for request in server.calls("/api/morechildren")]
    assert max(map(len, stubs)) <= 100
    assert len({one for ids in stubs for one in ids}) == sum(map(len, stubs))
    notes = {stream.name: stream.note for stream in Stream.objects.all()}
    assert notes == {"submissions": "", "comments": "", "edits": ""}


def test_limit_of_a_thousand_is_told(world: RedditWorld, server: Server, source: Source) -> None:
    for number in range(1_300):
        world.add_submission("ada", START - number * 3600)
    done = run(source, server)
    assert (done.state, done.error, done.n_new) == ("done", "", 1_000)
    sentence = (
        "Reddit lists only about the newest 1,000 submissions: older ones are missing here and can be imported from a "
        "file."
    )
    assert Stream.objects.get(name="submissions").note == sentence
    run(source, server, now=NOW + timedelta(hours=1))
    assert Stream.objects.get(name="submissions").note == sentence


def test_edits_and_deletions_of_ninety_days_are_followed(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 70)
    run(source, server)
    submissions, comments = world.of("t3"), world.of("t1")
    submissions[3]["score"] = 44
    comments[4].update(edited=float(NOW_SECONDS - 5), score=-7)
    world.take_away(submissions[10])
    world.take_away(submissions[11], by_moderators=True)
    world.take_away(comments[20])
    world.take_away(comments[21], by_moderators=True)
    del world.things[comments[30]["name"]]
    assert run(source, server, now=NOW + timedelta(hours=1)).state == "done"
    assert stored() == truth(world)
    gone = Contribution.objects.select_related("identity").get(external_id=f"submission:{submissions[10]['id']}")
    assert (gone.title, gone.url, gone.identity.username, gone.identity.uid) == ("", "", "", f"deleted:{source.pk}")


def test_first_import_leaves_out_what_was_taken_away(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 5)
    world.take_away(world.of("t3")[0])
    world.take_away(world.of("t1")[3], by_moderators=True)
    run(source, server)
    assert Contribution.objects.count() == 18
    assert stored() == truth(world)


def test_closed_account_is_forgotten_everywhere(world: RedditWorld, server: Server, source: Source) -> None:
    old = world.add_submission("ada", NOW_SECONDS - 400 * DAY)
    world.add_submission("ada", NOW_SECONDS - 10 * DAY)
    world.add_submission("grace", NOW_SECONDS - 500 * DAY)
    run(source, server)
    world.close_account("ada")
    old["is_unlisted"] = True
    world.limit = 1
    run(source, server, now=NOW + timedelta(hours=1))
    assert stored() == truth(world)
    assert not Identity.objects.filter(uid="t2_ada").exists()
    assert not Member.objects.filter(handle="ada").exists()
    assert Identity.objects.filter(uid="t2_grace").exists()


def test_deleted_anchor_does_not_end_a_list(world: RedditWorld, server: Server, source: Source) -> None:
    for number in range(350):
        world.add_submission("ada", START + number * 60)
    newest = world.of("t3")

    class Vanishing(RedditApp):
        def respond(self, request: Any) -> Any:
            if request.query.get("after") == newest[199]["name"]:
                newest[199]["is_unlisted"] = True
            return super().respond(request)

    server.apps[""] = Vanishing(world)
    assert run(source, server).state == "done"
    assert stored() == truth(world)


def test_list_that_points_to_itself_is_stopped(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 1)
    item = world.of("t3")[0]
    world.things["t3_zz"] = {**item, "id": "zz", "name": "t3_zz"}
    circle = listing([thing("t3", item)], item["name"])
    server.break_next("/r/acme/new", faults.data(circle), times=50)
    run(source, server)
    assert "sends the same page again" in Stream.objects.get(name="submissions").last_error
    assert len(server.calls("/new")) == 2


def test_stub_that_stands_for_itself_is_asked_once(world: RedditWorld, server: Server, source: Source) -> None:
    world.limit, world.shown = 800, 10
    submission = world.add_submission("ada", START)
    for number in range(810):
        world.add_comment(submission, "grace", START + number)
    endless = {"json": {"data": {"things": [thing("more", {"id": "1", "children": ["1"], "parent_id": "t3_1"})]}}}
    server.break_next("morechildren", faults.data(endless), times=500)
    assert run(source, server).state == "done"
    assert len(server.calls("morechildren")) <= 11


def test_token_is_renewed_when_it_is_refused(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 250)
    world.token_calls = 3
    assert run(source, server).state == "done"
    assert stored() == truth(world)
    assert len(server.calls("access_token")) >= 4


@pytest.mark.parametrize(
    ("token", "part"),
    [("app:wrong", "refuses id and secret"), ("", "as id:secret"), ("justid", "as id:secret")],
)
def test_wrong_token_is_told_with_the_policy(
    world: RedditWorld, server: Server, source: Source, token: str, part: str
) -> None:
    failed = run(source, server, token=token)
    assert failed.state == "failed"
    assert part in failed.error
    assert "Responsible Builder Policy" in failed.error
    assert len(server.calls("/r/")) == 0


def test_credentials_revoked_in_mid_run_stop_it_and_new_ones_go_on(
    world: RedditWorld, server: Server, source: Source
) -> None:
    fill(world, 250)
    world.token_calls = 2
    kept, importer = world.pair, reddit_importer(server)

    class Revoking(RedditApp):
        def respond(self, request: Any) -> Any:
            if len(server.log) == 4:
                self.world.pair = "app:new"
            return super().respond(request)

    importer.close()
    server.apps[""] = Revoking(world)
    failed = run(source, server, token=kept)
    assert (failed.state, Contribution.objects.count() > 0) == ("failed", True)
    server.apps[""] = RedditApp(world)
    assert run(source, server, token="app:new", now=NOW + timedelta(hours=1)).state == "done"
    assert stored() == truth(world)


def test_used_up_calls_wait_for_the_seconds_told(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 250)
    world.remaining = 3
    waiting = run(source, server)
    assert waiting.state == "waiting"
    assert waiting.next_try_at is not None
    assert abs(waiting.next_try_at - NOW - timedelta(seconds=300)) < timedelta(seconds=2)
    assert [request.path for request in server.log].count("/api/v1/access_token") == 1
    assert len(server.log) == 4  # no call before its time
    world.remaining = 900
    assert run(source, server).state == "done"
    assert stored() == truth(world)


@pytest.mark.parametrize(("status", "part"), [(403, "private, quarantined"), (404, "banned")])
def test_closed_subreddit_is_told_and_nothing_is_deleted(
    world: RedditWorld, server: Server, source: Source, status: int, part: str
) -> None:
    fill(world, 15)
    run(source, server)
    world.status = status
    failed = run(source, server, now=NOW + timedelta(hours=1))
    assert failed.state == "failed"
    assert part in failed.error
    assert stored() == truth(world)


def test_look_that_finds_nothing_at_all_deletes_nothing(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 15)
    run(source, server)
    server.break_next("/api/info", faults.data(listing([])))
    run(source, server, now=NOW + timedelta(hours=1))
    assert "nothing was deleted here" in Stream.objects.get(name="edits").last_error
    assert stored() == truth(world)


BROKEN = {
    "503": faults.status(503),
    "500": faults.status(500, b"<html>oops"),
    "502": faults.status(502),
    "cut": faults.cut_off(),
    "reset": faults.reset(),
    "half": faults.truncated_json(),
    "html": faults.html(),
    "list": faults.data([]),
    "null": faults.data({"data": {"children": None}}),
    "429": faults.status(429, Retry_After="30"),
    "429 bare": faults.status(429),
    "401": faults.status(401),
    "bomb": faults.bomb(60),
}


@pytest.mark.thorough
@pytest.mark.parametrize("where", ["/r/acme/comments", "/api/morechildren", "/api/info"])
@pytest.mark.parametrize("send", BROKEN.values(), ids=BROKEN)
def test_broken_answer_loses_nothing(world: RedditWorld, server: Server, source: Source, send: Any, where: str) -> None:
    world.limit, world.shown = 100, 20
    fill(world, 12)
    for number in range(120):
        world.add_comment(world.of("t3")[0], "grace", START + number)
    server.break_next(where, send)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.importers.reddit_lists.CUT_FROM", 90)
        run(source, server)
        for hours in range(1, 4):
            done = run(source, server, now=NOW + timedelta(hours=hours))
    assert (done.state, stored()) == ("done", truth(world))


@pytest.mark.thorough
@pytest.mark.parametrize("pages", [1, 2, 3, 5, 8, 12])
def test_killed_after_any_page_the_end_is_the_same(
    world: RedditWorld, server: Server, source: Source, pages: int
) -> None:
    class Killed(BaseException):
        pass

    world.limit, world.shown = 850, 20
    fill(world, 300)
    found = runs.ask_for_run(source=source)
    importer = reddit_importer(server)
    whole, left = importer.pages, [pages]

    def dying(*arguments: Any, **named: Any) -> Iterator[Any]:
        for page in whole(*arguments, **named):
            if not left[0]:
                raise Killed
            left[0] -= 1
            yield page

    importer.pages = dying  # type: ignore[method-assign]
    with suppress(Killed):
        runs.run_import(found, now=NOW, create=lambda config: importer)
    for hours in range(1, 3):
        again = run(source, server, now=NOW + timedelta(hours=hours))
    assert (again.state, stored()) == ("done", truth(world))


def test_thing_without_its_time_is_a_dead_letter(world: RedditWorld, server: Server, source: Source) -> None:
    fill(world, 3)
    item = world.of("t3")[1]
    del item["created_utc"]
    world.of = lambda kind: sorted(  # type: ignore[method-assign]
        [one for name, one in world.things.items() if name.startswith(kind)], key=lambda one: one["id"], reverse=True
    )
    done = run(source, server)
    assert (done.state, len(stored())) == ("done", 11)
    letter = DeadLetter.objects.get()
    assert (letter.external_id, letter.reason) == (f"submission:{item['id']}", "“created_utc” is missing or no time")


def test_probe_tells_policy_limit_and_calls_left(world: RedditWorld, server: Server) -> None:
    fill(world, 1)
    calls, limit, policy = reddit_importer(server).probe()
    assert calls == "995 calls are left in this window of ten minutes."
    assert limit.startswith("Reddit lists only about the newest 1,000")
    assert "Responsible Builder Policy" in policy
    refused, _ = reddit_importer(server, "app:wrong").probe()
    assert refused.startswith("Reddit refuses id and secret")
