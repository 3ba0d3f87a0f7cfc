"""Criterion 1 against a loopback forum: what it says, how it breaks, and where it is not followed to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from pytest_django.fixtures import Settings as SettingsFixture

from meetups.models import Application, CriterionCheck
from meetups.services import checks, forum_threads
from meetups.services.check_facts import interest_facts
from portal.clients.discourse import DiscourseClient
from portal.members.models import Member
from portal.places.models import Place
from tests.clients.factories import QUICK, still
from tests.meetups.factories import NOW, InterestFactory, application_in, person
from tests.members.factories import IdentityFactory, MemberFactory
from tests.upstreams import faults
from tests.upstreams.discourse import DiscourseApp, DiscourseWorld, Item
from tests.upstreams.server import Server

pytestmark = pytest.mark.django_db
DAY = "2026-11-01T10:00:00.000Z"
ADA = {"id": 5, "username": "ada", "name": "Ada"}
BO = {"id": 6, "username": "bo", "name": "Bo Diddley"}
CY = {"id": 7, "username": "cy", "name": "Cy"}


@pytest.fixture
def world() -> DiscourseWorld:
    """A thread by Ada in a category of the International one, answered by Bo."""
    world = DiscourseWorld()
    top = world.add_category("International by country")
    germany = world.add_category("Germany", parent_category_id=top["id"])
    world.add_category("Support")
    topic = world.add_topic(germany, "A group in Leipzig", ADA, DAY)
    topic.update(visible=True, closed=False, archived=False)
    world.add_post(topic, BO, DAY)
    return world


@pytest.fixture
def topic(world: DiscourseWorld) -> Item:
    return world.topics[1]


@pytest.fixture
def server(world: DiscourseWorld, settings: SettingsFixture, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The forum lives in a folder; the client is quick and does not sleep."""
    monkeypatch.setattr(forum_threads, "LIMITS", QUICK)
    client = partial(DiscourseClient, surroundings=still())
    monkeypatch.setattr(forum_threads, "DiscourseClient", client)
    with Server({"/forum": DiscourseApp(world)}) as running:
        links = {
            **settings.COMMUNITY.links,
            "forum": running.url("/forum"),
            "international_forum": running.url("/forum/c/international-by-country"),
        }
        settings.COMMUNITY = replace(settings.COMMUNITY, links=links)
        settings.ALLOWED_PRIVATE_HOSTS = (running.host,)
        yield running


def look(server: Server, path: str = "/t/a-group/1", **values: Any) -> CriterionCheck:
    """One check of an application with that thread."""
    application = values.pop("application", None) or application_in(
        "submitted", forum_url=f"{server.url('/forum')}{path}", **values
    )
    rows = checks.request_checks(application=application, asked_by=None, now=NOW)
    check = next(row for row in rows if row.criterion == "interest")
    assert checks.run_check(check=check, now=NOW)
    return CriterionCheck.objects.get(pk=check.pk)


def identity(member: Member, user: dict[str, Any], server: Server, **values: Any) -> None:
    values = {"service": "discourse", "site": server.host, "username": user["username"], **values}
    IdentityFactory(member=member, uid=str(user["id"]), **values)


def test_thread_with_two_people_passes(server: Server) -> None:
    check = look(server)
    assert (check.outcome, check.state) == ("pass", "done")
    assert check.explanation == "2 people besides the organisers write in the thread: ada, bo."
    assert check.evidence == {
        "interested_here": 0,
        "thread": f"{server.url('/forum')}/t/a-group/1",
        "title": "A group in Leipzig",
        "posts": 2,
        "posts_read": 2,
        "category": "Germany",
        "people": ["ada", "bo"],
    }
    assert [request.path for request in server.log] == ["/t/1.json", "/categories.json"]
    assert "api-key" not in server.log[0].headers


@pytest.mark.parametrize("path", ["/t/its-old-name/1", "/t/1", "/t/1/2", "/t/x/1.json?u=ada"])
def test_renumbered_slug_is_the_same_thread(server: Server, path: str) -> None:
    assert look(server, path).outcome == "pass"


def test_redirect_on_the_forum_itself_is_followed(server: Server) -> None:
    server.break_next("t/1.json", faults.status(301, Location=f"{server.url('/forum')}/t/a-group-in-leipzig/1.json"))
    assert look(server).outcome == "pass"
    assert [request.path for request in server.log][:2] == ["/t/1.json", "/t/a-group-in-leipzig/1.json"]


def test_redirect_to_another_host_is_not_followed(server: Server, world: DiscourseWorld) -> None:
    with Server({"": DiscourseApp(world)}) as elsewhere:
        world.moved_to = elsewhere.url()
        check = look(server)
        assert elsewhere.log == []
    assert (check.outcome, check.state) == ("unknown", "done")
    assert check.explanation == "The forum pointed to another address, and the link was not followed."


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/", "http://[::1]/", "file:///"]
)
def test_redirect_into_a_private_network_is_not_followed(server: Server, world: DiscourseWorld, target: str) -> None:
    world.moved_to = target
    assert look(server).outcome == "unknown"
    assert len(server.log) == 1


def test_address_elsewhere_is_refused_without_asking_anybody(server: Server) -> None:
    application = application_in("submitted", forum_url="https://forum.example.com/t/x/1")
    check = look(server, application=application)
    assert check.outcome == "fail"
    assert check.explanation == f"Only threads on the community's own forum count: {server.url('/forum')}."
    assert server.log == []


def test_forum_on_a_private_address_that_is_not_listed_is_not_asked(server: Server, settings: SettingsFixture) -> None:
    settings.ALLOWED_PRIVATE_HOSTS = ()
    assert look(server).outcome == "unknown"
    assert server.log == []


@pytest.mark.parametrize(("status", "words"), [(404, "does not have this thread"), (410, "does not have this thread")])
def test_removed_thread_fails(server: Server, topic: Item, status: int, words: str) -> None:
    topic["status"] = status
    check = look(server)
    assert check.outcome == "fail"
    assert words in check.explanation


def test_thread_removed_later_fails_on_the_next_look(server: Server, topic: Item) -> None:
    first = look(server)
    topic["status"] = 404
    second = look(server, application=first.application)
    assert (first.outcome, second.outcome) == ("pass", "fail")


def test_private_thread_fails(server: Server, topic: Item) -> None:
    topic["status"] = 403
    check = look(server)
    assert check.outcome == "fail"
    assert check.explanation.startswith("The thread is not public")


@pytest.mark.parametrize("status", [403, 404, 410])
def test_forum_that_refuses_everything_is_unknown(server: Server, topic: Item, status: int) -> None:
    topic["status"] = status
    server.break_next("categories.json", faults.status(status, faults.PAGE, Content_Type="text/html"))
    check = look(server)
    assert (check.outcome, check.state) == ("unknown", "done")
    assert check.explanation == f"The forum refused the question (status {status})."


def test_community_without_a_forum_knows_nothing_of_threads(server: Server, settings: SettingsFixture) -> None:
    settings.COMMUNITY = replace(settings.COMMUNITY, links={**settings.COMMUNITY.links, "forum": ""})
    assert look(server).outcome == "unknown"
    assert server.log == []


@pytest.mark.parametrize(
    ("fault", "is_asked_again"),
    [
        (faults.status(500), True),
        (faults.status(502, faults.PAGE, Content_Type="text/html"), True),
        (faults.status(503), True),
        (faults.status(429), True),
        (faults.status(418), False),
        (faults.status(401), False),
        (faults.html(), True),
        (faults.truncated_json(), True),
        (faults.cut_off(), True),
        (faults.reset(), True),
        (faults.data(None), True),
        (faults.data([]), True),
        (faults.body(b"[" * 200_000), True),
        (faults.body(b""), True),
    ],
)
@pytest.mark.parametrize("path", ["t/1.json", "categories.json"])
def test_forum_with_a_problem_is_unknown_and_never_a_fail(
    server: Server, path: str, fault: Any, is_asked_again: bool
) -> None:
    server.break_next(path, fault, times=9)
    check = look(server)
    assert check.outcome == "unknown"
    assert (check.state == "waiting") is is_asked_again
    assert (check.next_try_at is not None) is is_asked_again


def test_slow_forum_is_unknown(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forum_threads, "LIMITS", replace(QUICK, total_seconds=0.4))
    server.break_next("t/1.json", faults.drip(0.2), times=9)
    assert look(server).outcome == "unknown"


def test_forum_that_is_down_is_unknown_and_asked_again_when_it_is_back(server: Server) -> None:
    server.break_next("t/1.json", faults.status(503), times=5)
    check = look(server)
    assert (check.outcome, check.state) == ("unknown", "waiting")
    assert check.next_try_at >= NOW + timedelta(minutes=2)
    assert checks.run_check(check=check, now=check.next_try_at)
    assert (check.outcome, check.state, check.attempt) == ("pass", "done", 2)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"closed": True}, "warn"),
        ({"archived": True}, "warn"),
        ({"visible": False}, "fail"),
        ({"archetype": "private_message"}, "fail"),
        ({"archetype": "banner"}, "fail"),
        ({"deleted_at": DAY}, "fail"),
        ({"category_id": 1}, "pass"),
        ({"category_id": 3}, "warn"),
        ({"category_id": 99}, "warn"),
        ({"category_id": None}, "warn"),
    ],
)
def test_state_and_category_of_the_thread(server: Server, topic: Item, change: Item, outcome: str) -> None:
    topic.update(change)
    assert look(server).outcome == outcome


def test_category_deep_in_the_international_tree_counts(server: Server, world: DiscourseWorld, topic: Item) -> None:
    saxony = world.add_category("Saxony", parent_category_id=2)
    topic["category_id"] = saxony["id"]
    assert look(server).outcome == "pass"


def test_category_that_the_list_leaves_out_is_asked_for(server: Server, world: DiscourseWorld) -> None:
    listed = {"category_list": {"categories": [world.categories[1]]}}
    server.break_next("categories.json", faults.data(listed))
    assert look(server).outcome == "pass"
    assert server.log[-1].path == "/c/2/show.json"


def test_category_is_not_judged_where_the_community_names_none(server: Server, topic: Item, settings: Any) -> None:
    settings.COMMUNITY = replace(settings.COMMUNITY, links={**settings.COMMUNITY.links, "international_forum": ""})
    topic["category_id"] = 3
    check = look(server)
    assert (check.outcome, check.evidence["category"]) == ("pass", "Support")


def test_organisers_are_known_by_their_identities(server: Server, world: DiscourseWorld, topic: Item) -> None:
    organiser = person("Somebody")
    identity(organiser, ADA, server)
    first = look(server, applicant=organiser)
    assert (first.outcome, first.evidence["people"]) == ("fail", ["bo"])
    world.add_post(topic, CY, DAY)
    second = look(server, application=first.application)
    assert (second.outcome, second.evidence["people"]) == ("pass", ["bo", "cy"])


def test_identity_on_another_forum_is_somebody_else(server: Server) -> None:
    organiser = person("Somebody")
    identity(organiser, ADA, server, site="forum.example.com", username="another")
    identity(organiser, BO, server, service="github", site="github.com", username="someone")
    assert look(server, applicant=organiser).outcome == "pass"


def test_second_account_of_an_organiser_is_known_when_it_was_linked(server: Server) -> None:
    organiser = person("Somebody")
    identity(organiser, {"id": 55, "username": "somebody"}, server)
    identity(organiser, ADA, server)
    assert look(server, applicant=organiser).outcome == "fail"


def test_second_account_of_an_organiser_is_suspected_by_its_name(server: Server) -> None:
    organiser = person("bo diddley")
    identity(organiser, {"id": 55, "username": "somebody"}, server)
    check = look(server, applicant=organiser)
    assert (check.outcome, check.evidence["perhaps_organisers"]) == ("warn", ["bo"])


def test_two_accounts_of_one_person_are_one(server: Server) -> None:
    twice = MemberFactory()
    identity(twice, ADA, server)
    identity(twice, BO, server)
    check = look(server)
    assert (check.outcome, check.evidence["people"]) == ("fail", ["ada"])


def test_bots_we_know_do_not_count(server: Server) -> None:
    identity(MemberFactory(bot_state="bot"), BO, server)
    assert look(server).outcome == "fail"


@pytest.mark.parametrize(
    "change",
    [
        {"hidden": True},
        {"user_deleted": True},
        {"deleted_at": DAY},
        {"post_type": 3},
        {"user_id": -1, "username": "system"},
        {"user_id": None, "username": None},
    ],
)
def test_posts_that_do_not_stand_count_for_nobody(server: Server, world: DiscourseWorld, change: Item) -> None:
    world.posts[2].update(change)
    check = look(server)
    assert (check.outcome, check.evidence["people"]) == ("fail", ["ada"])


def test_long_thread_is_read_page_by_page(server: Server, world: DiscourseWorld, topic: Item) -> None:
    world.posts[2]["deleted_at"] = DAY
    for _number in range(50):
        world.add_post(topic, ADA, DAY)
    world.add_post(topic, CY, DAY)
    check = look(server)
    assert (check.outcome, check.evidence["people"]) == ("pass", ["ada", "cy"])
    assert (check.evidence["posts"], check.evidence["posts_read"]) == (52, 52)
    pages = [[int(value) for _name, value in call.pairs] for call in server.calls(r"/t/1/posts\.json")]
    assert [len(page) for page in pages] == [20, 12]
    assert pages[1][-1] == 53


def test_endless_thread_is_read_in_part_and_says_so(server: Server, world: DiscourseWorld, topic: Item) -> None:
    world.posts[2]["deleted_at"] = DAY
    for _number in range(400):
        world.add_post(topic, ADA, DAY)
    check = look(server)
    assert len(server.calls(r"/t/1/posts\.json")) == forum_threads.MOST_PAGES
    assert (check.outcome, check.evidence["posts"], check.evidence["posts_read"]) == ("warn", 401, 220)


def test_page_of_posts_that_breaks_is_unknown(server: Server, world: DiscourseWorld, topic: Item) -> None:
    for _number in range(30):
        world.add_post(topic, ADA, DAY)
    server.break_next(r"/t/1/posts\.json", faults.status(503), times=9)
    assert look(server).outcome == "unknown"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"title": None, "post_stream": None, "category_id": {}},
        {"title": 7, "post_stream": {"posts": None, "stream": None}},
        {"post_stream": {"posts": [None, 7, {}], "stream": [None, "x", -3, 1.5, True]}},
        {"post_stream": [], "archetype": None},
        {"title": "a\x00b\ud800", "post_stream": {"posts": [{"user_id": 3, "username": "a\x00b", "name": "\x00"}]}},
    ],
)
def test_odd_topics_do_not_break_the_check(server: Server, answer: Item) -> None:
    server.break_next("t/1.json", faults.data(answer))
    check = look(server)
    has_posts = isinstance(answer.get("post_stream"), dict) and answer["post_stream"]["posts"] is not None
    assert check.outcome == ("fail" if has_posts else "unknown")
    assert "broke off" not in check.explanation


def test_thread_of_two_open_applications_counts_for_the_first(server: Server) -> None:
    first = application_in("in_review", group_name="Leipzig", forum_url=f"{server.url('/forum')}/t/old-slug/1/2")
    application_in("declined", group_name="Decided", forum_url=first.forum_url)
    application_in("draft", group_name="Draft", forum_url=first.forum_url)
    application_in("submitted", group_name="Other thread", forum_url=f"{server.url('/forum')}/t/x/2")
    second = look(server, group_name="Halle")
    assert (second.outcome, second.evidence["same_thread"]) == ("fail", ["Leipzig"])
    again = look(server, application=first)
    assert (again.outcome, again.evidence["same_thread"]) == ("warn", ["Halle"])


def test_interest_on_the_page_of_the_town_is_counted_beside(server: Server) -> None:
    application = application_in("submitted", forum_url=f"{server.url('/forum')}/t/a-group/1")
    place: Place = application.place
    for kind in ("join", "host"):
        InterestFactory(place=place, member=application.applicant, kind=kind)
    InterestFactory(place=place)
    InterestFactory(place=place, withdrawn_at=NOW)
    InterestFactory()
    check = look(server, application=application)
    assert check.evidence["interested_here"] == 1


def test_online_group_needs_a_thread_too(server: Server) -> None:
    check = look(server, kind=Application.Kind.ONLINE, place=None)
    assert check.outcome == "pass"


def test_number_of_queries_does_not_grow_with_the_thread(
    server: Server, world: DiscourseWorld, topic: Item, django_assert_num_queries: Any
) -> None:
    application = application_in("submitted", forum_url=f"{server.url('/forum')}/t/a-group/1")
    with django_assert_num_queries(6):
        interest_facts(application, now=NOW)
    for number in range(10, 40):
        identity(MemberFactory(), user := {"id": number, "username": f"u{number}", "name": ""}, server)
        world.add_post(topic, user, DAY)
    with django_assert_num_queries(6):
        assert len(interest_facts(application, now=NOW).thread.posters) == 32


@pytest.mark.parametrize("answer", [{}, {"errors": ["Maintenance"]}, {"id": 1, "post_stream": None}])
def test_object_that_is_no_thread_is_trouble_and_no_verdict(
    answer: Item, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DiscourseClient, "topic", lambda *args, **kwargs: answer)
    found = forum_threads.read_thread(1, now=NOW)
    assert (found.thread, found.lost) == (None, "")
    assert found.trouble
    assert found.retry_at is not None
