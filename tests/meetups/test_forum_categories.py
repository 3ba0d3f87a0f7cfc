"""The category of a new group on the forum, against a forum that plays its API on a loopback port."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest import mock

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from meetups import forum_text
from meetups.models import ForumCategory, Group
from meetups.services import forum_categories
from portal.jobs.transitions import MoveRefused
from portal.mail.models import Message
from portal.members.models import User
from tests.meetups.factories import GroupFactory, OrganiserFactory, reviewer
from tests.members.factories import UserFactory
from tests.upstreams.discourse import DiscourseApp, DiscourseWorld
from tests.upstreams.faults import html, status
from tests.upstreams.server import Server

pytestmark = pytest.mark.django_db
PARENT = 7


@pytest.fixture
def world() -> DiscourseWorld:
    world = DiscourseWorld()
    world.key = "good-key"
    world.add_category("Meetups", id=PARENT)
    return world


@pytest.fixture
def forum(world: DiscourseWorld, settings: Settings) -> Iterator[Server]:
    with Server({"": DiscourseApp(world)}) as server:
        links = {"forum": server.url(), "meetups_forum": f"{server.url()}/c/meetups/{PARENT}"}
        settings.COMMUNITY = replace(settings.COMMUNITY, links={**settings.COMMUNITY.links, **links})
        settings.ALLOWED_PRIVATE_HOSTS = (server.host,)
        settings.FORUM_API_KEY, settings.FORUM_API_USER = "good-key", "portal"
        yield server


@pytest.fixture
def category(forum: Server) -> ForumCategory:
    group = GroupFactory(name="Leipzig Circle", state=Group.State.ONBOARDING)
    OrganiserFactory(group=group)
    found = forum_categories.ask_for_category(group, now=timezone.now())
    assert found is not None
    return found


def make(category: ForumCategory, after: timedelta = timedelta()) -> ForumCategory:
    forum_categories.make_category(category=category, now=timezone.now() + after)
    return ForumCategory.objects.get(pk=category.pk)


def inside(world: DiscourseWorld) -> list[str]:
    return [one["name"] for one in world.categories.values() if one.get("parent_category_id") == PARENT]


def test_category_is_made_inside_the_parent_and_told(
    category: ForumCategory, world: DiscourseWorld, forum: Server, client: Client
) -> None:
    made = make(category)
    assert inside(world) == ["Leipzig Circle"]
    assert (made.state, made.category_id, made.url) == ("done", 2, f"{forum.url()}/c/leipzig-circle/2")
    post = next(call for call in forum.log if call.method == "POST")
    assert (post.headers["api-key"], post.headers["api-username"]) == ("good-key", "portal")
    assert [message.kind for message in Message.objects.all()] == ["forum_category_made"]
    assert made.url in client.get(category.group.get_absolute_url()).content.decode()


def test_category_is_made_once_however_often_it_is_asked_for(category: ForumCategory, world: DiscourseWorld) -> None:
    assert forum_categories.ask_for_category(category.group, now=timezone.now()) == category
    make(category)
    make(category)
    assert inside(world) == ["Leipzig Circle"]
    assert Message.objects.count() == 1


def test_answer_lost_after_the_forum_made_it_adopts_that_one(
    category: ForumCategory, world: DiscourseWorld, forum: Server
) -> None:
    forum.break_next(r"/categories\.json$", status(500))
    waiting = make(category)
    assert (waiting.state, waiting.made_at, inside(world)) == ("waiting", None, ["Leipzig Circle"])
    assert len([call for call in forum.log if call.method == "POST"]) == 1
    made = make(category, timedelta(hours=1))
    assert (made.state, made.category_id) == ("done", 2)
    assert inside(world) == ["Leipzig Circle"]


def test_worker_killed_after_the_forum_made_it_is_taken_over(category: ForumCategory, world: DiscourseWorld) -> None:
    with mock.patch.object(forum_categories, "_made", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        make(category)
    assert (ForumCategory.objects.get().state, inside(world)) == ("running", ["Leipzig Circle"])
    assert make(category).state == "running"
    assert make(category, forum_categories.LEASE + timedelta(seconds=1)).category_id == 2
    assert inside(world) == ["Leipzig Circle"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one(category: ForumCategory, world: DiscourseWorld) -> None:
    gate = threading.Barrier(2)
    won: list[bool] = []

    def work() -> None:
        own = ForumCategory.objects.select_related("group").get(pk=category.pk)
        gate.wait(timeout=5)
        won.append(forum_categories.make_category(category=own, now=timezone.now()))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=20)
    assert sorted(won) == [False, True]
    assert inside(world) == ["Leipzig Circle"]


def test_slow_down_is_waited_for(category: ForumCategory, world: DiscourseWorld) -> None:
    world.limited, world.wait_seconds = 99, 900
    now = timezone.now()
    waiting = make(category)
    assert (waiting.state, inside(world)) == ("waiting", [])
    assert waiting.next_try_at is not None
    assert waiting.next_try_at > now + timedelta(minutes=14)


def test_a_page_instead_of_an_answer_is_tried_again(category: ForumCategory, forum: Server) -> None:
    forum.break_next(r"include_subcategories", html(), times=9)
    assert make(category).state == "waiting"


def test_wrong_key_goes_to_the_team_with_a_sentence(category: ForumCategory, settings: Settings) -> None:
    settings.FORUM_API_KEY = "bad-key"
    stopped = make(category)
    assert stopped.state == "failed"
    assert "refuses the key" in stopped.error
    letter = Message.objects.get()
    assert (letter.kind, letter.recipient_key, letter.context["reason"]) == (
        "forum_category_by_hand",
        "team",
        stopped.error,
    )


def test_name_taken_elsewhere_goes_to_the_team(category: ForumCategory, world: DiscourseWorld) -> None:
    world.taken_names.add("Leipzig Circle")
    stopped = make(category)
    assert (stopped.state, stopped.waits_for_team) == ("failed", True)
    assert stopped.error.startswith("The forum refuses this name")


def test_without_a_key_it_is_a_task_for_the_team_with_the_text(
    category: ForumCategory, settings: Settings, forum: Server
) -> None:
    settings.FORUM_API_KEY = ""
    waiting = make(category)
    assert (waiting.is_by_hand, waiting.waits_for_team, forum.log) == (True, True, [])
    from portal.mail import services as mail

    assert mail.send(Message.objects.get(), now=timezone.now())
    text = outbox.outbox[0].body
    assert "Leipzig Circle" in text
    assert settings.COMMUNITY.links["meetups_forum"] in text


def test_demo_and_communities_elsewhere_get_none(forum: Server) -> None:
    for group in (GroupFactory(is_demo=True), GroupFactory(kind="external", external_url="https://a.example")):
        assert forum_categories.ask_for_category(group, now=timezone.now()) is None
    assert not ForumCategory.objects.exists()


def test_groups_of_one_name_get_categories_of_their_own(forum: Server) -> None:
    names = [
        forum_categories.ask_for_category(GroupFactory(name="S" * 60, slug=f"s{n}"), now=timezone.now()).name  # type: ignore[union-attr]
        for n in range(3)
    ]
    assert names == ["S" * 50, "S" * 48 + " 2", "S" * 48 + " 3"]


def test_category_of_another_group_is_not_adopted(category: ForumCategory, world: DiscourseWorld) -> None:
    make(category)
    other = forum_categories.ask_for_category(GroupFactory(name="Leipzig Circle", slug="two"), now=timezone.now())
    assert other is not None
    ForumCategory.objects.filter(pk=other.pk).update(name="leipzig circle")
    other.refresh_from_db()
    assert make(other).state == "failed"
    assert inside(world) == ["Leipzig Circle"]


def test_by_hand_takes_an_address_of_our_forum_only(category: ForumCategory, forum: Server) -> None:
    for url in ("https://elsewhere.example/c/x/9", f"{forum.url()}/t/x/9", f"{forum.url()}/c/x"):
        with pytest.raises(MoveRefused):
            forum_categories.note_made_by_hand(category=category, url=url, by=UserFactory(), now=timezone.now())
    forum_categories.note_made_by_hand(
        category=category, url=f"{forum.url()}/c/meetups/x/9", by=UserFactory(), now=timezone.now()
    )
    made = ForumCategory.objects.get()
    assert (made.category_id, made.is_by_hand, made.is_made) == (9, True, True)


# --- the admin ------------------------------------------------------------------------------------------------


def admin_path(category: ForumCategory, verb: str) -> str:
    return f"/admin/meetups/forumcategory/{category.pk}/{verb}/"


@pytest.mark.parametrize("user", [lambda: UserFactory(is_staff=True), UserFactory])
def test_strangers_do_nothing_in_the_admin(category: ForumCategory, client: Client, user: type[User]) -> None:
    client.force_login(user())
    for verb in ("again", "by-hand"):
        assert client.post(admin_path(category, verb)).status_code in (302, 403)
    assert ForumCategory.objects.get().attempt == 0
    client.force_login(UserFactory(is_staff=True))
    assert client.get(admin_path(category, "change")).status_code == 403


def test_reviewer_reads_the_text_and_tries_again_by_post(
    category: ForumCategory, client: Client, settings: Settings
) -> None:
    settings.FORUM_API_KEY = ""
    make(category)
    client.force_login(reviewer())
    html = client.get(admin_path(category, "change")).content.decode()
    assert "waits for the team" in html
    assert "This is the place of Leipzig Circle" in html
    client.get(admin_path(category, "again"))
    assert ForumCategory.objects.get().state == "done"
    client.post(admin_path(category, "again"))
    again = ForumCategory.objects.get()
    assert (again.state, again.attempt, again.is_by_hand) == ("waiting", 0, False)


def test_reviewer_stores_the_address_made_by_hand(category: ForumCategory, client: Client, forum: Server) -> None:
    client.force_login(reviewer())
    answer = client.post(admin_path(category, "by-hand"), {"url": "https://evil.example/c/x/9"}, follow=True)
    assert "no category of our forum" in answer.content.decode()
    client.post(admin_path(category, "by-hand"), {"url": f"{forum.url()}/c/x/9"})
    assert ForumCategory.objects.get().url == f"{forum.url()}/c/x/9"


# --- the words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://forum.example/c/meetups/7", 7),
        ("https://forum.example/c/a/b/12/", 12),
        ("https://forum.example/c/7", 7),
        ("https://forum.example/c/meetups", None),
        ("https://forum.example/t/meetups/7", None),
        ("https://forum.example/c/x/0", None),
        ("", None),
    ],
)
def test_category_number_is_read_from_the_address(url: str, number: int | None) -> None:
    assert forum_text.category_number(url) == number


def test_category_name_is_one_short_line() -> None:
    assert forum_text.category_name("a\nb\x00  c") == "ab c"
    assert forum_text.category_name("\x00") == "Meetup"
    assert len(forum_text.category_name("x" * 80, number=12)) == 50
