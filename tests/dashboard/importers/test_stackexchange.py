"""Importing a tag from a loopback Stack Exchange: whole, again, interrupted, broken, and after changes."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Contribution, DeadLetter, ImportRun, Source, Stream
from dashboard.services import runs
from tests.dashboard.importers.factories import NOW, stackexchange_importer
from tests.upstreams import faults
from tests.upstreams.server import Server
from tests.upstreams.stackexchange import StackExchangeApp, StackExchangeWorld

pytestmark = pytest.mark.django_db

DAY = 86_400
START = int(NOW.timestamp()) - 400 * DAY
ADA = {"user_id": 5, "display_name": "Ada &amp; Co", "user_type": "registered", "link": "https://so.example/users/5"}
GRACE = {"user_id": 6, "display_name": "grace", "user_type": "registered"}
GONE = {"display_name": "user77", "user_type": "does_not_exist"}


@pytest.fixture
def world() -> StackExchangeWorld:
    return StackExchangeWorld()


@pytest.fixture
def server(world: StackExchangeWorld) -> Iterator[Server]:
    with Server({"": StackExchangeApp(world)}) as running:
        yield running


@pytest.fixture
def source(server: Server) -> Source:
    return Source.objects.create(
        name="so",
        service="stackexchange",
        base_url=server.url(),
        options={"site": "stackoverflow", "tag": "acme"},
    )


def fill(world: StackExchangeWorld, count: int, start: int = START) -> None:
    """Questions an hour apart, each with two answers and three comments."""
    for number in range(count):
        at = start + number * 3600
        question = world.add_question(ADA if number % 3 else GRACE, at)
        first = world.add_answer(question, GRACE, at + 60)
        world.add_answer(question, GONE if number % 5 == 0 else ADA, at + 120)
        world.add_comment(question, ADA, at + 180)
        world.add_comment(first, GRACE, at + 240)
        world.add_comment(first, ADA, at + 300)


def run(source: Source, server: Server, *, now: datetime = NOW, rounds: int = 1, token: str = "") -> ImportRun:
    """Runs as a worker has them, with waits that are over at once; the last one."""
    for _ in range(rounds):
        found = runs.ask_for_run(source=source)
        now = max(now, found.next_try_at or now)
        runs.run_import(found, now=now, create=lambda config, at=now: stackexchange_importer(server, token, now=at))
        now += timedelta(minutes=5)
    found.refresh_from_db()
    return found


def truth(world: StackExchangeWorld) -> set[tuple[str, str, str, str, int]]:
    """Every post and comment as the site has it: id, state, author, thread, likes."""
    found = set()
    for kind, shelf in (("question", world.questions), ("answer", world.answers), ("comment", world.comments)):
        for number, item in shelf.items():
            post = world.answers.get(item.get("post_id", 0), item)
            thread = post.get("question_id") or item["post_id"]
            state = "accepted" if item.get("is_accepted") else ""
            author = str(item["owner"].get("user_id", "")) if item["owner"] else ""
            found.add((f"{kind}:{number}", state, author, f"question:{thread}", max(item["score"], 0)))
    return found


def stored() -> set[tuple[str, str, str, str, int]]:
    rows = Contribution.objects.filter(deleted_at=None).values_list(
        "external_id", "state", "identity__uid", "thread", "likes"
    )
    return {
        (key, state, "" if uid.startswith("deleted:") else uid, thread, likes)
        for key, state, uid, thread, likes in rows
    }


def test_whole_tag_is_imported_with_people_and_threads(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 130)
    done = run(source, server)
    assert (done.state, done.error, done.n_new) == ("done", "", 130 * 6)
    assert stored() == truth(world)
    row = Contribution.objects.select_related("identity", "channel").filter(identity__uid="5").latest("occurred_at")
    assert (row.identity.username, row.channel.name) == ("Ada & Co", "acme")
    assert (row.identity.service, row.identity.site) == ("stackexchange", "stackoverflow")


def test_second_import_changes_nothing(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 30)
    run(source, server)
    before = list(Contribution.objects.order_by("pk").values())
    again = run(source, server, now=NOW + timedelta(days=1))
    assert (again.state, again.n_new, again.n_updated, again.n_skipped) == ("done", 0, 0, 180)
    assert list(Contribution.objects.order_by("pk").values()) == before


def test_calls_are_close_to_the_least_the_service_allows(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 600)
    done = run(source, server)
    lists = {"questions": 600, "answers": 1200, "question comments": 600, "answer comments": 1200}
    assert done.n_requests <= 1.2 * sum(-(-count // 100) for count in lists.values())
    assert stored() == truth(world)


def test_edits_votes_acceptances_deletions_and_new_posts_are_followed(
    world: StackExchangeWorld, server: Server, source: Source
):
    fill(world, 120)
    run(source, server)
    answers, comments = list(world.answers.values()), list(world.comments.values())
    questions = list(world.questions.values())
    world.accept(answers[8])
    questions[3].update(title="Now with a better title", last_edit_date=int(NOW.timestamp()))
    questions[4]["score"], answers[5]["score"] = 7, -3
    answers[10]["owner"] = GONE
    world.remove(questions[20])
    world.remove(answers[60])
    world.remove(comments[90])
    world.remove(questions[119])
    world.remove(questions[0])
    questions[50]["tags"] = ["other"]  # no longer of this tag
    world.add_comment(questions[70], GRACE, START + DAY)
    fill(world, 2, int(NOW.timestamp()))
    later = run(source, server, now=NOW + timedelta(days=1))
    moved = questions[50]
    for item in [one for one in answers if one["question_id"] == moved["question_id"]]:
        world.remove(item)
    world.remove(moved)
    assert (later.state, stored()) == ("done", truth(world))
    assert Contribution.objects.get(external_id=f"question:{questions[3]['question_id']}").title.startswith("Now with")
    gone = Contribution.objects.get(external_id=f"question:{questions[20]['question_id']}")
    assert (gone.deleted_at is not None, gone.title) == (True, "")
    accepted = Contribution.objects.get(external_id=f"answer:{answers[8]['answer_id']}")
    assert accepted.credited_at is not None
    assert accepted.credited_at.date() == (NOW + timedelta(days=1)).date()


def test_post_that_comes_back_is_shown_again(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 5)
    run(source, server)
    (first, *_) = world.questions.values()
    del world.questions[first["question_id"]]
    run(source, server, now=NOW + timedelta(days=1))
    assert len(stored()) == 24
    world.questions[first["question_id"]] = first
    run(source, server, now=NOW + timedelta(days=2))
    assert stored() == truth(world)
    assert Contribution.objects.get(external_id=f"question:{first['question_id']}").title != ""


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["questions", "questions/answers", "questions/comments", "answers/comments"])
@pytest.mark.parametrize("seconds", [3, 45])
def test_backoff_is_obeyed_on_success_and_kept_between_runs(
    world: StackExchangeWorld, server: Server, source: Source, method: str, seconds: int
):
    fill(world, 350)
    world.backoffs = {method: [seconds] * 50}
    found = run(source, server)
    if seconds > 5:
        assert found.state == "waiting"
        assert found.next_try_at is not None
        assert timedelta(seconds=40) <= found.next_try_at - NOW <= timedelta(seconds=50)
        rests = Stream.objects.get().cursor["manners"]["rests"]
        assert rests == {method: int(NOW.timestamp()) + 45}
    for _ in range(40):
        if found.state == "done":
            break
        found = run(source, server)
    assert (found.state, stored()) == ("done", truth(world))


def test_same_question_is_not_asked_twice_within_a_minute(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 3)
    run(source, server)
    calls = len(server.log)
    waiting = run(source, server, now=NOW + timedelta(seconds=30))
    assert (waiting.state, len(server.log)) == ("waiting", calls)
    assert waiting.next_try_at == NOW + timedelta(seconds=60)
    assert run(source, server).state == "done"


def test_used_up_quota_waits_for_the_next_day(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 250)
    world.quota_max = 4
    waiting = run(source, server)
    assert (waiting.state, waiting.next_try_at) == ("waiting", NOW.replace(hour=0, minute=1) + timedelta(days=1))
    assert len(server.log) == 4
    world.used, world.quota_max = 0, 300
    assert run(source, server).state == "done"
    assert stored() == truth(world)


@pytest.mark.parametrize(
    ("message", "seconds"),
    [("too many requests from this IP, more requests available in 40000 seconds", 40_000), ("slow down", 120)],
)
def test_throttle_violation_is_waited_out_in_full(
    world: StackExchangeWorld, server: Server, source: Source, message: str, seconds: int
):
    fill(world, 20)
    world.errors = [(502, message)]
    waiting = run(source, server)
    assert waiting.next_try_at is not None
    assert abs(waiting.next_try_at - NOW - timedelta(seconds=seconds)) < timedelta(seconds=1)
    assert run(source, server).state == "done"
    assert stored() == truth(world)


@pytest.mark.parametrize(
    ("number", "text", "part"),
    [
        (400, "No site found for name `x`", "No site found"),
        (405, "key required", "refuses the key"),
        (404, "no method found", "does not know this call"),
    ],
)
def test_errors_are_told_by_their_number(
    world: StackExchangeWorld, server: Server, source: Source, number: int, text: str, part: str
):
    world.errors = [(number, text)]
    failed = run(source, server)
    assert failed.state == "failed"
    assert part in failed.error
    assert text in failed.error


@pytest.mark.thorough
@pytest.mark.parametrize("where", ["/questions\\?", "/questions/.*/answers", "/answers/.*/comments"])
@pytest.mark.parametrize(
    "send",
    [
        faults.status(503),
        faults.status(500, b"<html>oops"),
        faults.cut_off(),
        faults.reset(),
        faults.truncated_json(),
        faults.html(),
        faults.status(200, b"[]"),
        faults.status(200, b'{"items": null}'),
        faults.status(400, b'{"error_id": 503, "error_name": "temporarily_unavailable"}'),
        faults.status(429, Retry_After="30"),
        faults.status(403, b"\xff undefined"),
        faults.bomb(60),
        faults.data({"items": [], "has_more": True}),
    ],
    ids=["503", "500", "cut", "reset", "half", "html", "list", "null", "id503", "429", "403", "bomb", "empty"],
)
def test_broken_answer_loses_nothing(world: StackExchangeWorld, server: Server, source: Source, send: Any, where: str):
    fill(world, 120)
    server.break_next(where, send)
    found = run(source, server)
    Stream.objects.update(is_enabled=True)  # as the action "try again" of the admin does
    for hours in range(1, 4):
        if found.state == "done":
            break
        found = run(source, server, now=NOW + timedelta(hours=hours))
    assert (found.state, stored()) == ("done", truth(world))


@pytest.mark.thorough
@pytest.mark.parametrize("pages", range(1, 16, 2))
def test_killed_after_any_page_the_end_is_the_same(
    world: StackExchangeWorld, server: Server, source: Source, pages: int
):
    class Killed(BaseException):
        pass

    fill(world, 150)
    found = runs.ask_for_run(source=source)
    importer = stackexchange_importer(server)
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


def test_item_without_its_time_is_a_dead_letter_and_the_rest_goes_on(
    world: StackExchangeWorld, server: Server, source: Source
):
    fill(world, 3)
    question, answer = next(iter(world.questions.values())), next(iter(world.answers.values()))
    run(source, server)
    del answer["creation_date"]
    question["owner"] = None
    again = run(source, server, now=NOW + timedelta(days=1))
    assert (again.state, again.n_rejected) == ("done", 1)
    letter = DeadLetter.objects.get()
    assert (letter.external_id, letter.reason) == (
        f"answer:{answer['answer_id']}",
        "“creation_date” is missing or no time",
    )
    assert len(stored()) == 18  # what could not be understood is no deletion


def test_wild_texts_are_stored_clean(world: StackExchangeWorld, server: Server, source: Source):
    wild = "\x00 \ud800 \u202e \U0001f600 &lt;b&gt; " + "x" * 100_000
    world.add_question({**ADA, "display_name": wild}, START, title=wild, link="javascript:alert(1)", score="many")
    run(source, server)
    row = Contribution.objects.select_related("identity").get()
    assert row.title.startswith("\U0001f600 <b> xxx")
    assert row.identity.username.startswith("\U0001f600 <b> xxx")
    assert row.url.startswith("https://stackoverflow.com/q/")


def test_questions_asked_while_reading_and_those_of_one_second_are_all_read(
    world: StackExchangeWorld, server: Server, source: Source
):
    for _ in range(250):
        world.add_question(ADA, START)
    for number in range(260):
        world.add_question(GRACE, START + 5 + number)

    class Busy(StackExchangeApp):
        def respond(self, request: Any) -> Any:
            self.world.add_question(ADA, int(NOW.timestamp()) + len(self.world.questions))
            return super().respond(request)

    server.apps[""] = Busy(world)
    run(source, server)
    server.apps[""] = StackExchangeApp(world)
    assert run(source, server, now=NOW + timedelta(days=1)).state == "done"
    assert stored() == truth(world)


def test_questions_out_of_order_are_read_by_page_and_nothing_is_deleted(
    world: StackExchangeWorld, server: Server, source: Source
):
    fill(world, 230)

    class Shuffled(StackExchangeApp):
        def _tagged(self, request: Any) -> Any:
            found = super()._tagged(request)
            return sorted(found, key=lambda one: one["question_id"] * 7919 % 1000)

    server.apps[""] = Shuffled(world)
    run(source, server)
    again = run(source, server, now=NOW + timedelta(days=1))
    assert (again.state, again.n_updated, stored()) == ("done", 0, truth(world))


def test_list_that_repeats_itself_is_stopped(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 230)

    class Deaf(StackExchangeApp):
        def _tagged(self, request: Any) -> Any:
            plain = {name: value for name, value in request.query.items() if name != "max"}
            return super()._tagged(type(request)(request.method, request.path, plain, request.headers))

    server.apps[""] = Deaf(world)
    found = run(source, server)
    assert "sends the same page again" in found.error
    assert len(server.log) < 5


def test_tag_that_shows_nothing_deletes_nothing(world: StackExchangeWorld, server: Server, source: Source):
    fill(world, 3)
    run(source, server)
    world.questions, kept = {}, world.questions
    assert run(source, server, now=NOW + timedelta(days=1)).state == "done"
    world.questions = kept
    assert stored() == truth(world)


def test_more_than_25_pages_need_no_deep_paging(world: StackExchangeWorld, server: Server, source: Source):
    for number in range(2_700):
        world.add_question(ADA, START + number * 60)
    done = run(source, server)
    assert (done.state, done.n_new) == ("done", 2_700)
    assert max(int(request.query["page"]) for request in server.log) == 1


def test_probe_tells_quota_key_and_an_unknown_tag(world: StackExchangeWorld, server: Server):
    (unknown, quota, key) = stackexchange_importer(server).probe()
    assert unknown == "No question on stackoverflow has the tag “acme”: is it written as on the site?"
    assert quota == "299 of 300 calls are left today; a tag of 600 questions takes about 30."
    assert key.startswith("No key is set: 300 calls a day")
    fill(world, 1)
    world.key = "word"
    assert stackexchange_importer(server, "word").probe() == [
        "9998 of 10000 calls are left today; a tag of 600 questions takes about 30."
    ]
    (refused,) = stackexchange_importer(server, "other").probe()
    assert "doesn't match a known application" in refused
