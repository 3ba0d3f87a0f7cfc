"""The page about the imports: what everybody may know, what only the team may, and a live part that comes to rest."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from dashboard.import_words import health_of, left_of_time, what_to_do
from dashboard.models import DeadLetter, ImportRun, SourceQuota
from tests.dashboard.factories import ChannelFactory, RunFactory, SourceFactory, StreamFactory
from tests.members.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ERROR = "The service refused us (403). Its token may have been revoked."


@pytest.fixture(autouse=True)
def _open(settings):
    settings.STAFF_REQUIRES_MFA = False
    cache.clear()


def staff(*codenames):
    user = UserFactory(is_staff=True)
    found = Permission.objects.filter(content_type__app_label="dashboard", codename__in=codenames)
    assert found.count() == len(codenames)
    user.user_permissions.add(*found)
    return user


def page_of(client, user=None, query="", **headers):
    if user is not None:
        client.force_login(user)
    return client.get(f"{reverse('dashboard:imports')}{query}", **headers)


def ill_source(**values):
    source = SourceFactory(
        service="reddit", name="links", last_good_at=NOW - timedelta(days=2), last_error=ERROR, **values
    )
    RunFactory(source=source, state="failed", error=ERROR)
    return source


def test_everybody_learns_what_may_be_missing_and_never_why(client):
    source = ill_source()
    stream = StreamFactory(channel=ChannelFactory(source=source, name="r/secret"), last_error="A private reason.")
    DeadLetter.objects.create(stream=stream, external_id="t3_1", reason="no date", payload="{}")
    SourceFactory(name="forge", last_good_at=NOW)
    SourceFactory(name="resting", is_enabled=False)
    text = page_of(client).content.decode()
    assert f"Reddit threads and comments since {source.last_good_at:%-d %B %Y, %H:%M} UTC may be missing." in text
    for word in ("403", "Its token", "private reason", "r/secret", "Dead letters", "For the team", "forge", "resting"):
        assert word not in text, word


@pytest.mark.parametrize("user", [lambda: UserFactory(), lambda: staff("view_channel")])
def test_who_may_not_see_sources_sees_what_everybody_sees(client, user):
    ill_source()
    page = page_of(client, user())
    assert (page.status_code, "For the team" in page.content.decode(), "403" in page.content.decode()) == (
        200,
        False,
        False,
    )
    live = page_of(client, None, "?live=", headers={"HX-Request": "true"})
    assert (live.status_code, live.content) == (286, b"")


def test_team_without_its_second_factor_sees_what_everybody_sees(client, settings):
    settings.STAFF_REQUIRES_MFA = True
    ill_source()
    assert "403" not in page_of(client, staff("view_source")).content.decode()


def test_team_sees_every_source_and_stream_with_what_to_do(client):
    source = ill_source()
    channel = ChannelFactory(source=source, name="r/example")
    off = StreamFactory(channel=channel, name="comments", is_enabled=False, last_error="<b>Gone.</b>", n_items=1234)
    StreamFactory(channel=channel, name="submissions", last_good_at=NOW, cursor={"note": "Older ones are missing."})
    DeadLetter.objects.create(stream=off, external_id="t1_1", reason="no date", payload="{}")
    SourceQuota.objects.create(
        source=source, name="calls", left=77, most=100, seen_at=NOW, resets_at=NOW + timedelta(hours=1)
    )
    SourceFactory(name="resting", is_enabled=False)
    text = page_of(client, staff("view_source")).content.decode()
    for words in (
        ERROR,
        "Look at the token in SOURCE_LINKS_TOKEN",
        "&lt;b&gt;Gone.&lt;/b&gt;",
        "It stays off until somebody looks",
        "Older ones are missing.",
        "1,234",
        "1 item nobody understood",
        "calls: 77 of 100",
        "2 streams, 1 ill, 1 switched off",
        "resting",
        f"dashboard/deadletter/?stream__channel__source__id__exact={source.pk}",
    ):
        assert words in " ".join(text.split()), words


def build(n):
    for number in range(n):
        source = SourceFactory(last_good_at=NOW)
        RunFactory(source=source, state="running", started_at=NOW)
        for stream in range(n * 3):
            row = StreamFactory(channel=ChannelFactory(source=source), name=f"s{stream}")
            DeadLetter.objects.create(stream=row, external_id=f"{number}", reason="no date", payload="{}")
        SourceQuota.objects.create(source=source, name="calls", left=1, most=2, seen_at=NOW)


@pytest.mark.parametrize("n", [1, 3])
def test_page_takes_a_fixed_number_of_queries(client, n, django_assert_num_queries):
    build(n)
    with django_assert_num_queries(2):  # is it the demo, the sources
        page_of(client)
    client.force_login(staff("view_source"))
    page_of(client)
    with django_assert_num_queries(13):
        page = client.get(reverse("dashboard:imports"))
    assert page.content.decode().count('class="import-source"') == n
    with django_assert_num_queries(6):
        client.get(reverse("dashboard:imports"), {"live": ""}, headers={"HX-Request": "true"})


def test_long_source_lists_its_ill_streams_first_and_says_how_many_more(client):
    source = SourceFactory(last_good_at=NOW)
    for number in range(20):
        StreamFactory(channel=ChannelFactory(source=source, name=f"repository-{number}"), last_good_at=NOW)
    StreamFactory(channel=ChannelFactory(source=source, name="the-ill-one"), last_good_at=NOW, last_error="Gone.")
    text = " ".join(page_of(client, staff("view_source")).content.decode().split())
    assert "the-ill-one" in text
    assert "and 9 more" in text


def live(client, query="?live="):
    return page_of(client, None, query, headers={"HX-Request": "true"}).content.decode()


def test_live_part_asks_again_while_something_runs_and_rests_when_it_ended(client):
    client.force_login(staff("view_source"))
    source = SourceFactory(name="code")
    assert "hx-trigger" not in live(client)
    run = RunFactory(
        source=source, state="running", started_at=timezone.now() - timedelta(seconds=10), at_stream="a/b issues"
    )
    ImportRun.objects.update(n_new=90, n_skipped=10)
    for number in range(4):
        good = timezone.now() if number == 0 else None
        StreamFactory(channel=ChannelFactory(source=source), name=f"{number}", last_good_at=good)
    text = " ".join(live(client).split())
    assert 'hx-trigger="every 3s"' in text
    assert "1 of 4 streams, 100 items, 10 a second (less than a minute left)" in text
    assert "a/b issues" in text
    assert "<html" not in text
    later = timezone.now() + timedelta(minutes=40)
    ImportRun.objects.filter(pk=run.pk).update(state="waiting", next_try_at=later, error="Calls are used up.")
    text = " ".join(live(client).split())
    assert 'hx-trigger="every 15s"' in text
    assert f"it goes on at {later:%H:%M} UTC. Calls are used up." in text
    ImportRun.objects.filter(pk=run.pk).update(state="done", finished_at=timezone.now(), error="")
    text = " ".join(live(client).split())
    assert "hx-trigger" not in text
    assert "90 new, 0 updated, 10 unchanged" in text
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - timedelta(hours=1))
    assert "No import is running." in live(client)


def test_live_part_of_one_source_leaves_the_others_out(client):
    client.force_login(staff("view_source"))
    one, _other = (RunFactory(state="running", started_at=NOW, at_stream=name) for name in ("this-one", "that-one"))
    text = live(client, f"?live={one.source_id}")
    assert ("this-one" in text, "that-one" in text) == (True, False)
    assert f"?live={one.source_id}" in text
    assert "that-one" in live(client, "?live=²")


def test_without_a_source_the_page_says_how_to_add_one(client):
    assert "Nothing is counted yet" in page_of(client).content.decode()


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"last_good_at": None, "has_error": False}, "waiting"),
        ({"last_good_at": None, "has_error": True}, "not read yet"),
        ({"has_error": True}, "ill"),
        ({"has_error": True, "is_partly": True}, "partly ill"),
        ({"is_late": True}, "late"),
        ({"is_on": False}, "switched off"),
        ({}, "complete"),
    ],
)
def test_health_says_how_a_source_is(given, word):
    values = {"service": "github", "last_good_at": NOW, "has_error": False, "is_partly": False, "is_late": False}
    found = health_of(**{**values, **given})
    assert (found.word, bool(found.sentence)) == (word, word != "complete")


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"error": "Gone.", "is_enabled": False}, "stays off until somebody looks"),
        ({"is_enabled": False}, "Switched off by the team"),
        ({"error": "Slow.", "next_try_at": NOW + timedelta(minutes=5)}, "Nothing: it is tried again"),
        ({"error": "Bad token (401)."}, "SOURCE_X_TOKEN"),
        ({"error": "HTML came."}, "with the next import"),
        ({}, ""),
    ],
)
def test_advice_fits_what_happened(given, part):
    values = {"error": "", "is_enabled": True, "next_try_at": None, "is_reddit": False, "variable": "SOURCE_X_TOKEN"}
    said = what_to_do(**{**values, **given}, now=NOW)
    assert part in said
    assert bool(said) == bool(part)


def test_time_left_is_told_once_it_can_be_known():
    assert [left_of_time(n_done=done, n_all=4, seconds=seconds) for done, seconds in ((0, 60), (4, 60), (1, 10))] == [
        "",
        "",
        "less than a minute left",
    ]
    assert left_of_time(n_done=1, n_all=3, seconds=60) == "about 2 minutes left"
    assert left_of_time(n_done=1, n_all=101, seconds=120) == "about 3 hours left"
