"""The monthly update: drafted from its report, published once, posted exactly once, mailed to who asked."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from dashboard import kinds, periods, slack_blocks
from dashboard.models import MonthlyUpdate, UpdateMailing, UpdatePost, UpdateReader
from dashboard.services import reports, update_letters, update_posts, update_text, updates
from portal.mail.models import Message
from portal.members.models import Member
from portal.pages import privacy
from tests.dashboard.factories import ChannelFactory, member_of, record, save
from tests.members.factories import UserFactory
from tests.upstreams import faults
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld

LATER = datetime(2026, 11, 2, 8, tzinfo=UTC)
OCTOBER = periods.Period("month", date(2026, 10, 1))


@pytest.fixture
def update(weights: object) -> MonthlyUpdate:
    """October, with one person who was new and asked [something]."""
    title, url = "Is [this] a *bug*?", "https://x.example/(1)"
    save(ChannelFactory(), record("1", kinds.QUESTION, day=date(2026, 10, 2), who="ada", title=title, url=url))
    return updates.draft(report=reports.freeze(period=OCTOBER, now=LATER))


@pytest.fixture
def slack(settings: Any) -> Iterator[tuple[SlackWorld, Server, str]]:
    world = SlackWorld()
    world.token, world.now = "xoxb-1", int(LATER.timestamp())
    channel = world.add_channel("news")
    with Server({"": SlackApp(world)}) as server:
        settings.SLACK_API_URL, settings.ALLOWED_PRIVATE_HOSTS = f"{server.url()}/", [server.host]
        settings.UPDATES_SLACK_TOKEN, settings.UPDATES_SLACK_CHANNELS = "xoxb-1", [channel]
        yield world, server, channel


def published(update: MonthlyUpdate) -> UpdatePost:
    updates.publish(update=update, by=None, now=LATER)
    return UpdatePost.objects.get()


def work(post: UpdatePost, minutes: int = 0) -> bool:
    return update_posts.post_update(post=post, now=LATER + timedelta(minutes=minutes))


def test_draft_says_what_the_report_says(update: MonthlyUpdate) -> None:
    assert update.title == "October 2026 at Mautic Community"
    assert "**1** contribution by **1** people" in update.body
    assert r": [Is \[this\] a \*bug\*?](https://x.example/%281%29)" in update.body
    assert "## Questions still without an answer" in update.body
    assert "## Organisations" not in update.body


def test_edited_text_stays_when_the_month_is_drafted_again(update: MonthlyUpdate) -> None:
    MonthlyUpdate.objects.update(body="Ours.")
    assert updates.draft(report=update.report).body == "Ours."


def test_whoever_opts_out_is_named_no_more(update: MonthlyUpdate, client: Client) -> None:
    updates.publish(update=update, by=None, now=LATER)
    address, feed = update.get_absolute_url(), "/updates/feed/"
    assert all("login-ada" in client.get(url).content.decode() for url in (address, feed))
    Member.objects.filter(pk=member_of("ada").pk).update(visibility=Member.Visibility.HIDDEN)
    report = update.report.get_absolute_url()
    assert not any("login-ada" in client.get(url).content.decode() for url in (address, feed))
    assert not any("x.example" in client.get(url).content.decode() for url in (address, feed, report))


def test_draft_has_no_question_of_whom_it_may_not_name(update: MonthlyUpdate) -> None:
    Member.objects.filter(pk=member_of("ada").pk).update(visibility=Member.Visibility.HIDDEN)
    assert "x.example" not in update_text.body(update.report)


def test_erasing_takes_names_and_works_out_of_what_is_kept(update: MonthlyUpdate) -> None:
    MonthlyUpdate.objects.update(body=f"{update.body}\n\nOurs.")
    privacy.erase(member=member_of("ada"), now=LATER)
    update.refresh_from_db()
    assert ("login-ada" in update.body, "x.example" in update.body) == (False, False)
    assert update.body.endswith("Ours.")


def test_draft_is_seen_by_who_may_edit_it_only(update: MonthlyUpdate, client: Client, admin_client: Client) -> None:
    assert client.get(update.get_absolute_url()).status_code == 404
    client.force_login(UserFactory())
    assert client.get(update.get_absolute_url()).status_code == 404
    assert admin_client.get(update.get_absolute_url()).status_code == 200
    assert "October 2026" not in client.get("/updates/").content.decode()


def test_post_stands_in_the_channel_once(update: MonthlyUpdate, slack: tuple[SlackWorld, Server, str]) -> None:
    world, _server, channel = slack
    post = published(update)
    assert work(post)
    assert not work(post)
    updates.publish(update=update, by=None, now=LATER)
    (message,) = world.messages[channel]
    assert message["blocks"] == slack_blocks.messages(update.title, update.body, marker="update-2026-10")[0]
    assert UpdatePost.objects.get().messages == [message["ts"]]


@pytest.mark.parametrize("lost", [0, 1])
def test_lost_answer_posts_nothing_twice(
    update: MonthlyUpdate, slack: tuple[SlackWorld, Server, str], lost: int
) -> None:
    """The message stands, its answer never came: the first of two, or the second."""
    world, server, channel = slack
    MonthlyUpdate.objects.update(body="\n\n".join(f"## Part {n}\n\ntext" for n in range(30)))
    post = published(update)
    server.break_next("chat.postMessage", faults.cut_off(), skip=lost)
    assert not work(post)
    assert UpdatePost.objects.get().state == UpdatePost.State.WAITING
    assert work(post, 10)
    assert [one["blocks"][0]["block_id"] for one in world.messages[channel]] == ["update-2026-10-1", "update-2026-10-2"]


def test_dead_worker_posts_nothing_twice(update: MonthlyUpdate, slack: tuple[SlackWorld, Server, str]) -> None:
    """It died after the post and before it could save: the lease ends, another worker looks first."""
    world, _server, channel = slack
    post = published(update)
    assert work(post)
    until = LATER + update_posts.LEASE
    UpdatePost.objects.update(state=UpdatePost.State.RUNNING, messages=[], lease_until=until, posted_at=None)
    post.refresh_from_db()
    assert not work(post, 9), "Its lease holds."
    assert work(post, 11)
    assert len(world.messages[channel]) == 1


@pytest.mark.parametrize(
    ("answer", "state", "sentence"),
    [
        ({"error": "channel_not_found"}, UpdatePost.State.WAITING, "Slack does not have this channel"),
        ({"error": "missing_scope", "needed": "chat:write"}, UpdatePost.State.WAITING, "chat:write"),
        ({"error": "invalid_auth"}, UpdatePost.State.FAILED, "Slack does not know the token"),
    ],
)
def test_refused_post_stays_with_a_sentence(
    update: MonthlyUpdate, slack: tuple[SlackWorld, Server, str], answer: dict[str, Any], state: str, sentence: str
) -> None:
    world, _server, channel = slack
    world.errors["chat.postMessage", ""] = answer
    post = published(update)
    assert not work(post)
    post.refresh_from_db()
    assert (post.state, sentence in post.error) == (state, True)
    del world.errors["chat.postMessage", ""]
    assert update_posts.try_again(post=post)
    assert work(post, 1)
    assert len(world.messages[channel]) == 1


def test_limit_is_waited_out_in_the_database(update: MonthlyUpdate, slack: tuple[SlackWorld, Server, str]) -> None:
    world, _server, _channel = slack
    world.budget = 0
    post = published(update)
    assert not work(post)
    post.refresh_from_db()
    assert post.next_try_at is not None
    assert post.next_try_at > LATER + timedelta(seconds=20)


def test_each_reader_gets_one_letter_and_a_way_out(update: MonthlyUpdate, client: Client) -> None:
    reader, gone = UserFactory(), UserFactory(is_active=False)
    for user in (reader, gone):
        UpdateReader.objects.create(user=user, since=LATER)
    updates.publish(update=update, by=None, now=LATER)
    mailing = UpdateMailing.objects.get()
    assert update_letters.mail_update(mailing=mailing, now=LATER)
    UpdateMailing.objects.update(state=UpdateMailing.State.WAITING)
    assert update_letters.mail_update(mailing=mailing, now=LATER)
    (letter,) = Message.objects.filter(kind="monthly_update")
    assert letter.address == reader.email
    stop = str(letter.context["unsubscribe_url"]).removeprefix("http://localhost:8000")
    assert client.get(stop).status_code == 200
    assert UpdateReader.objects.filter(user=reader).exists(), "Looking changes nothing."
    assert client.post(stop).status_code == 200
    assert not UpdateReader.objects.filter(user=reader).exists()
    assert client.get("/updates/mail/forged/").status_code == 404


@pytest.mark.django_db
def test_reader_comes_and_goes_by_a_button(client: Client) -> None:
    assert client.post("/updates/by-mail/", {"want": "yes"}).status_code == 302
    assert not UpdateReader.objects.exists(), "Nobody is signed in."
    client.force_login(UserFactory())
    client.post("/updates/by-mail/", {"want": "yes"})
    client.post("/updates/by-mail/", {"want": "yes"})
    assert UpdateReader.objects.count() == 1
    client.post("/updates/by-mail/", {"want": "no"})
    assert not UpdateReader.objects.exists()
    assert client.get("/updates/by-mail/").status_code == 405


def test_admin_previews_and_publishes(update: MonthlyUpdate, admin_client: Client) -> None:
    detail = f"/admin/dashboard/monthlyupdate/{update.pk}"
    assert 'href="https://x.example/%281%29"' in admin_client.get(f"{detail}/preview/").content.decode()
    admin_client.get(f"{detail}/publish/")
    assert not MonthlyUpdate.objects.get().is_published
    admin_client.post(f"{detail}/publish/")
    assert MonthlyUpdate.objects.get().is_published


def test_stranger_of_the_team_publishes_nothing(update: MonthlyUpdate, client: Client) -> None:
    client.force_login(UserFactory(is_staff=True))
    detail = f"/admin/dashboard/monthlyupdate/{update.pk}"
    assert client.post(f"{detail}/publish/").status_code in {302, 403}
    assert client.get(f"{detail}/preview/").status_code in {302, 403}
    assert not MonthlyUpdate.objects.get().is_published


@pytest.mark.usefixtures("update")
def test_command_says_what_became_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, said in (
        (["--dry-run"], "Nothing was kept."),
        ([], "waits as a draft in the admin"),
        (["--post"], "is published; to be posted to no Slack channel"),
        (["--post"], "was published before; nothing changed."),
    ):
        call_command("monthly_update", "--month", "2026-10", *arguments)
        assert said in capsys.readouterr().out
    with pytest.raises(CommandError, match="is no month"):
        call_command("monthly_update", "--month", "2026")
    with pytest.raises(CommandError, match="is not over before"):
        call_command("monthly_update", "--month", "2200-01")
