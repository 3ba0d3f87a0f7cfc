"""Setting a Slack source up: what it says of permissions and of channels the app must be invited to."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command

from tests.dashboard.importers.slack_factories import fill, importer
from tests.upstreams.server import Server
from tests.upstreams.slack import SlackApp, SlackWorld

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SlackWorld:
    world = SlackWorld()
    world.add_person("ada")
    world.add_channel("general")
    world.add_channel("dev")
    return world


@pytest.fixture
def server(world: SlackWorld) -> Iterator[Server]:
    with Server({"": SlackApp(world)}) as running:
        yield running


GENERAL, DEV = "C00000001", "C00000002"


def test_probe_says_what_is_missing_and_how_to_give_it(world, server):
    world.scopes = "channels:read,users:read"
    world.channels[DEV]["is_member"] = False
    world.errors["conversations.history", DEV] = {"error": "not_in_channel"}
    assert importer(server, channels="general,dev,gone").probe() == [
        "The token lacks the permission channels:history (it has channels:read, users:read): add it under “OAuth & "
        "Permissions” in the settings of the app, install the app again, and set the new token.",
        "The workspace has no public channel “gone”: correct the option “channels” of this source, or make the "
        "channel public.",
        "Invite the app to #dev: type /invite @name-of-the-app in each.",
        "Acme: 1 of 2 channels can be read.",
    ]


def test_probe_of_a_good_token_says_so_and_of_a_narrow_app_too(world, server):
    assert importer(server).probe() == ["Acme: 2 of 2 channels can be read."]
    fill(world, GENERAL, 20)
    world.page_size = 15
    (narrow, _) = importer(server).probe()
    assert narrow.startswith("Slack gives this app one call a minute and 15 messages a call")


def test_add_source_closes_with_what_slack_says(world, server, settings, monkeypatch, capsys):
    settings.ALLOWED_PRIVATE_HOSTS = [server.host]
    monkeypatch.setenv("SOURCE_CHAT_TOKEN", "xoxb-word")
    world.token = "xoxb-word"
    call_command("add_source", "slack", name="chat", base_url=server.url(), option=["channels=general"])
    assert capsys.readouterr().out.splitlines()[-1] == "Acme: 1 of 1 channels can be read."
    world.token = "other"
    monkeypatch.setenv("SOURCE_CHAT2_TOKEN", "xoxb-word")
    call_command("add_source", "slack", name="chat2", base_url=server.url(), option=["channels=general"])
    assert capsys.readouterr().out.splitlines()[-1].startswith("Slack does not know the token")
