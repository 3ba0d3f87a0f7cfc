"""The admin of sources: the button that queues an import, and what the team may see and change."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from dashboard.levels import DEFAULT
from dashboard.models import FILE_STREAM, DeadLetter, ImportRun, LevelRule, Source, SummaryState, WeightVersion
from portal.members.models import User
from tests.dashboard.factories import ChannelFactory, RunFactory, SourceFactory, StreamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_REQUIRES_MFA = False


@pytest.fixture
def team(client):
    user = User.objects.create_superuser("team@example.org", "a long password")
    client.force_login(user)
    return user


@pytest.fixture
def stranger(client):
    user = User.objects.create_user("staff@example.org", "a long password", is_staff=True)
    client.force_login(user)
    return user


def button(source):
    return reverse("admin:dashboard_source_import", args=[source.pk])


def test_import_button_asks_then_queues_one_run(client, team):
    source = SourceFactory()
    page = client.get(reverse("admin:dashboard_source_change", args=[source.pk]))
    assert f'href="{button(source)}"' in page.content.decode()
    assert 'method="post"' in client.get(button(source)).content.decode()
    assert not ImportRun.objects.exists()
    for _ in range(2):
        answer = client.post(button(source))
    run = ImportRun.objects.get()
    assert (run.source, run.asked_by, run.state) == (source, team, "waiting")
    assert answer["Location"] == reverse("admin:dashboard_importrun_change", args=[run.pk])


def test_import_button_says_when_the_source_is_off(client, team):
    source = SourceFactory(is_enabled=False)
    page = client.post(button(source), follow=True)
    assert "is switched off" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_import_button_is_refused_to_a_stranger(client, stranger):
    source = SourceFactory()
    assert client.post(button(source)).status_code == 403
    assert client.get(button(source)).status_code == 403
    assert not ImportRun.objects.exists()


def add_form(service="github", **values):
    given = {"service": service, "name": "code", "base_url": "", "is_enabled": "on", **values}
    return reverse("admin:dashboard_source_add") + f"?service={service}", given


def test_adding_a_source_begins_with_its_service(client, team):
    page = client.get(reverse("admin:dashboard_source_add")).content.decode()
    assert 'href="?service=slack"' in page
    assert 'href="?service=portal"' not in page
    assert "Responsible Builder Policy" in page
    form = client.get(reverse("admin:dashboard_source_add"), {"service": "slack"}).content.decode()
    assert 'name="option_channels"' in form
    assert "channels:history" in form
    assert 'name="is_enabled" id="id_is_enabled" checked' in form
    reddit = client.get(reverse("admin:dashboard_source_add"), {"service": "reddit"}).content.decode()
    assert 'name="is_enabled" id="id_is_enabled" checked' not in reddit


def test_source_form_checks_what_the_command_checks(client, team):
    address, values = add_form(name="two words", option_org="", option_mirrors="one, two")
    page = client.post(address, values).content.decode()
    assert "GitHub needs the option “org”" in page
    assert 'value="one, two"' in page
    page = client.post(address, {**values, "name": "code", "option_org": "ghp_abcdefgh12345678"}).content.decode()
    assert "holds what looks like a token" in page
    page = client.post(address, {**values, "name": "code", "option_org": "x", "base_url": "ftp://x"}).content.decode()
    assert "no web address" in page
    assert not Source.objects.exists()


def test_added_source_is_tried_out_at_once_and_keeps_its_address(client, team):
    address, values = add_form(option_org="example")
    answer = client.post(address, values)
    source = Source.objects.get()
    assert (source.service, source.base_url, source.options) == ("github", "https://api.github.com", {"org": "example"})
    assert answer["Location"] == reverse("admin:dashboard_source_test", args=[source.pk])
    assert source.connection_tests.get().asked_by == team
    # The address stays: whoever could move it could send the token there.
    change = {"base_url": "https://evil.example.org", "name": "evil", "service": "slack", "option_org": "other"}
    client.post(reverse("admin:dashboard_source_change", args=[source.pk]), change)
    source.refresh_from_db()
    assert (source.name, source.service, source.base_url) == ("code", "github", "https://api.github.com")
    assert (source.options, source.is_enabled) == ({"org": "other"}, False)


def test_portal_source_can_be_switched_off(client, team):
    source = SourceFactory(service="portal", name="meetups", options={}, base_url="http://localhost:8000")
    client.post(reverse("admin:dashboard_source_change", args=[source.pk]), {})
    source.refresh_from_db()
    assert source.is_enabled is False


def test_source_page_says_whether_a_token_is_set_and_never_which(client, team, monkeypatch):
    source = SourceFactory(name="my-forum")
    address = reverse("admin:dashboard_source_change", args=[source.pk])
    assert "SOURCE_MY_FORUM_TOKEN is not set" in client.get(address).content.decode()
    monkeypatch.setenv("SOURCE_MY_FORUM_TOKEN", "very-secret")
    page = client.get(address).content.decode()
    assert "SOURCE_MY_FORUM_TOKEN is set" in page
    assert "very-secret" not in page


@pytest.mark.parametrize("model", ["importrun", "channel", "stream", "deadletter", "source", "weightversion"])
def test_admin_lists_open(client, team, model):
    RunFactory(source=StreamFactory(channel=ChannelFactory()).channel.source)
    assert client.get(reverse(f"admin:dashboard_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("model", ["importrun", "channel", "stream", "deadletter"])
def test_imported_rows_are_to_read_only(client, team, model):
    assert client.get(reverse(f"admin:dashboard_{model}_add")).status_code == 403


def act(client, model, action, *rows):
    values = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(reverse(f"admin:dashboard_{model}_changelist"), values, follow=True).content.decode()


def test_stream_is_switched_on_and_off(client, team):
    stream = StreamFactory(is_enabled=False, last_error="Gone.")
    act(client, "stream", "try_again", stream)
    stream.refresh_from_db()
    assert (stream.is_enabled, stream.last_error) == (True, "")
    act(client, "stream", "switch_off", stream)
    stream.refresh_from_db()
    assert stream.is_enabled is False


def test_sources_are_switched_and_imported_in_one_go(client, team):
    on, off = SourceFactory(), SourceFactory(is_enabled=False)
    assert "switched off" in act(client, "source", "import_all", on, off)
    assert [run.source for run in ImportRun.objects.all()] == [on]
    act(client, "source", "switch_on", on, off)
    assert Source.objects.filter(is_enabled=True).count() == 2
    act(client, "source", "switch_off", on, off)
    assert Source.objects.filter(is_enabled=True).count() == 0


def test_ended_runs_are_started_again(client, team):
    run = RunFactory(state="failed")
    act(client, "importrun", "import_again", run)
    assert list(ImportRun.objects.order_by("pk").values_list("source", "state")) == [
        (run.source_id, "failed"),
        (run.source_id, "waiting"),
    ]


def letter_of(**values):
    stream = StreamFactory(cursor={"next": "somewhere"}, last_good_at=timezone.now(), **values)
    payload = '{"id": 7, "title": "</pre><script>alert(1)</script>"}'
    return DeadLetter.objects.create(stream=stream, external_id="issue:7", reason="no date", payload=payload)


def test_dead_letter_is_shown_as_text(client, team):
    letter = letter_of()
    page = client.get(reverse("admin:dashboard_deadletter_change", args=[letter.pk])).content.decode()
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_dead_letter_is_tried_again_by_reading_its_stream_anew(client, team):
    letter = letter_of(is_enabled=False)
    address = reverse("admin:dashboard_deadletter_retry", args=[letter.pk])
    assert client.get(address).status_code == 405
    client.post(address)
    stream = letter.stream
    stream.refresh_from_db()
    assert (stream.cursor, stream.is_enabled, stream.last_good_at) == ({}, True, None)
    assert stream.reread_since is not None
    assert ImportRun.objects.get().asked_by == team
    assert "1 stream is read again" in act(client, "deadletter", "retry", letter)


def test_letters_of_files_are_not_read_again(client, team):
    letter = letter_of(name=FILE_STREAM)
    assert "import the corrected file" in act(client, "deadletter", "retry", letter)
    assert not ImportRun.objects.exists()


def test_strangers_are_refused_everything_that_does_something(client, stranger):
    letter, source = letter_of(), SourceFactory()
    for address in (
        reverse("admin:dashboard_deadletter_retry", args=[letter.pk]),
        reverse("admin:dashboard_source_test", args=[source.pk]),
        reverse("admin:dashboard_source_add"),
    ):
        assert client.post(address).status_code == 403
    stranger.user_permissions.add(*Permission.objects.filter(codename__startswith="view_"))
    act(client, "deadletter", "retry", letter)
    act(client, "stream", "switch_off", letter.stream)
    act(client, "source", "switch_off", source)
    assert client.post(reverse("admin:dashboard_deadletter_retry", args=[letter.pk])).status_code == 403
    letter.stream.refresh_from_db()
    source.refresh_from_db()
    assert (letter.stream.reread_since, letter.stream.is_enabled, source.is_enabled) == (None, True, True)
    assert not ImportRun.objects.exists()
    assert (
        "Try again" not in client.get(reverse("admin:dashboard_deadletter_change", args=[letter.pk])).content.decode()
    )


def test_new_weights_are_a_draft(client, team):
    values = {"name": "Winter"}
    formset = {
        "TOTAL_FORMS": 1,
        "INITIAL_FORMS": 0,
        "0-kind": "issue",
        "0-state": "",
        "0-recognition": 2,
        "0-credit": 0,
    }
    formset |= {"0-counts": "every", "0-monthly_cap": ""}
    client.post(
        reverse("admin:dashboard_weightversion_add"),
        values | {f"weights-{key}": value for key, value in formset.items()},
    )
    draft = WeightVersion.objects.get(name="Winter")
    assert (draft.from_on, draft.weights.get().recognition) == (None, 2)


def thresholds(**changes):
    rule = {name: value for name, value in asdict(DEFAULT.rule).items() if value is not False}
    return {"name": "Stricter", "from_on": date(2100, 1, 1).isoformat(), **rule, **changes}


def test_levels_admin_offers_what_is_in_force_and_recounts_after_a_new_version(client, team):
    SummaryState.objects.create(pk=1)
    page = client.get(reverse("admin:dashboard_levelrule_add"))
    assert page.context["adminform"].form["core_points"].value() == 20
    client.post(reverse("admin:dashboard_levelrule_add"), thresholds(core_points=40))
    assert LevelRule.objects.get(from_on=date(2100, 1, 1)).rule == replace(DEFAULT.rule, core_points=40)
    assert SummaryState.objects.get().stale_since is not None


def test_levels_admin_says_what_is_wrong_with_thresholds(client, team):
    page = client.post(reverse("admin:dashboard_levelrule_add"), thresholds(contributor_points=30))
    assert "Core asks for at least as many points" in page.content.decode()
    page = client.post(reverse("admin:dashboard_levelrule_add"), thresholds(organisation_months=4))
    assert "hold fewer months of 30 days than that" in page.content.decode()
    assert LevelRule.objects.count() == 1


def test_levels_admin_keeps_what_was_in_force_as_it_was(client, team):
    history = LevelRule.objects.get()
    address = reverse("admin:dashboard_levelrule_change", args=[history.pk])
    assert client.post(address, thresholds()).status_code == 403
    assert client.post(reverse("admin:dashboard_levelrule_delete", args=[history.pk])).status_code == 403
    assert LevelRule.objects.get().core_points == 20


def test_levels_admin_is_refused_to_a_stranger(client, stranger):
    assert client.post(reverse("admin:dashboard_levelrule_add"), thresholds()).status_code == 403
    assert LevelRule.objects.count() == 1
