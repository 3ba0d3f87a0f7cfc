"""The admin of sources: the button that queues an import, and what the team may see and change."""

from dataclasses import asdict, replace
from datetime import date

import pytest
from django.urls import reverse

from dashboard.levels import DEFAULT
from dashboard.models import ImportRun, LevelRule, Source, SummaryState, WeightVersion
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


def test_source_form_checks_what_the_command_checks(client, team):
    values = {"service": "github", "name": "code", "base_url": "", "options": "{}", "is_enabled": "on"}
    page = client.post(reverse("admin:dashboard_source_add"), values)
    assert "needs the option" in page.content.decode()
    assert not Source.objects.exists()
    client.post(reverse("admin:dashboard_source_add"), {**values, "options": '{"org": "example"}'})
    source = Source.objects.get()
    assert (source.base_url, source.options) == ("https://api.github.com", {"org": "example"})
    # The address stays: whoever could move it could send the token there.
    change = {"base_url": "https://evil.example.org", "options": '{"org": "other"}'}
    client.post(reverse("admin:dashboard_source_change", args=[source.pk]), change)
    source.refresh_from_db()
    assert (source.name, source.base_url, source.options) == ("code", "https://api.github.com", {"org": "other"})
    assert not source.is_enabled


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


def test_stream_is_switched_on_again(client, team):
    stream = StreamFactory(is_enabled=False, last_error="Gone.")
    values = {"action": "try_again", "_selected_action": [stream.pk]}
    client.post(reverse("admin:dashboard_stream_changelist"), values)
    stream.refresh_from_db()
    assert (stream.is_enabled, stream.last_error) == (True, "")


def test_new_weights_make_the_summaries_stale(client, team):
    values = {"name": "Winter", "preset": "", "from_on": "2026-12-01"}
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
    assert WeightVersion.objects.get(name="Winter").weights.get().recognition == 2
    assert SummaryState.objects.get().stale_since is not None


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
