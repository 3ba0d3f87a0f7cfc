"""Trying out a source: a worker asks, the page shows what was said, and nothing secret is in it."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from dashboard import importers
from dashboard.models import ConnectionTest
from dashboard.services import connection_tests
from dashboard.tasks import test_connection as task
from portal.clients.errors import AuthError
from portal.jobs import services as jobs
from portal.members.models import User
from tests.dashboard.factories import SourceFactory
from tests.dashboard.fake_importer import FakeImporter

pytestmark = pytest.mark.django_db


class Probing(FakeImporter):
    """One whose look at the service says something, or fails."""

    def __init__(self, said):
        super().__init__({"1": {"issues": []}, "2": {"issues": []}})
        self.said = said

    def probe(self):
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


@pytest.fixture
def answers(monkeypatch):
    def with_importer(importer):
        monkeypatch.setattr(importers, "create", importer)

    return with_importer


def tried(source):
    test = connection_tests.ask_for_test(source=source, asked_by=None)
    task(test.pk)
    test.refresh_from_db()
    return test


def test_worker_stores_what_the_service_said(answers, monkeypatch):
    monkeypatch.setenv("SOURCE_CHAT_TOKEN", "xoxb-very-secret")
    answers(Probing(["Invite the app to #dev.", "12 of 13 channels can be read."]))
    test = tried(SourceFactory(service="slack", name="chat", options={}))
    assert (test.state, test.sentences) == ("done", ["Invite the app to #dev.", "12 of 13 channels can be read."])
    assert test.finished_at is not None


def test_missing_token_is_named_with_where_to_get_one(answers):
    answers(Probing([]))
    test = tried(SourceFactory(service="slack", name="chat", options={}))
    assert test.sentences[0].startswith("No token is set: give it in the environment variable SOURCE_CHAT_TOKEN")
    assert "channels:history" in test.sentences[0]
    assert test.sentences[1:] == ["The service answers, and nothing is missing."]


def test_service_without_a_look_of_its_own_says_what_it_lists(answers, monkeypatch):
    monkeypatch.setenv("SOURCE_CODE_TOKEN", "secret")
    answers(FakeImporter({str(n): {"issues": []} for n in range(8)}))
    (sentence,) = tried(SourceFactory(name="code")).sentences
    assert sentence.startswith("The service answers. It can be read: channel 0, channel 1,")
    assert sentence.endswith("channel 5 and 2 more.")


@pytest.mark.parametrize(
    ("problem", "part"),
    [
        (AuthError("The token was revoked.", status=401), "The token was revoked."),
        (SoftTimeLimitExceeded(), "did not answer within a minute"),
        (ZeroDivisionError("secret detail"), "An unexpected error (ZeroDivisionError)"),
    ],
)
def test_failure_is_a_sentence(answers, monkeypatch, problem, part):
    monkeypatch.setenv("SOURCE_CHAT_TOKEN", "xoxb-very-secret")
    answers(Probing(problem))
    (sentence,) = tried(SourceFactory(service="slack", name="chat", options={})).sentences
    assert part in sentence
    assert "secret" not in sentence


def test_one_test_of_a_source_at_a_time_and_a_lost_one_is_sent_again(answers):
    source = SourceFactory(service="slack", options={})
    test = connection_tests.ask_for_test(source=source, asked_by=None)
    assert connection_tests.ask_for_test(source=source, asked_by=None) == test
    assert list(ConnectionTest.objects.due(timezone.now())) == [test]
    assert ConnectionTest in jobs._REGISTER
    ended = timezone.now() - timedelta(minutes=1)
    ConnectionTest.objects.update(state="running", lease_until=ended, attempt=connection_tests.TRIES)
    answers(Probing(["never asked"]))
    task(test.pk)
    test.refresh_from_db()
    assert (test.state, test.sentences[0][:35]) == ("done", "The test did not come to an end, tw")


def test_demo_is_not_asked():
    with pytest.raises(ValidationError, match="invented"):
        connection_tests.ask_for_test(source=SourceFactory(is_demo=True), asked_by=None)


def test_page_shows_the_answer_and_never_the_token(client, settings, answers, monkeypatch):
    settings.STAFF_REQUIRES_MFA = False
    monkeypatch.setenv("SOURCE_CHAT_TOKEN", "xoxb-very-secret")
    client.force_login(User.objects.create_superuser("team@example.org", "a long password"))
    source = SourceFactory(service="slack", name="chat", options={})
    address = reverse("admin:dashboard_source_test", args=[source.pk])
    assert "It was never tried." in client.get(address).content.decode()
    client.post(address)
    waiting = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "<html" not in waiting
    answers(Probing(["Add <b>users:read</b>."]))
    task(source.connection_tests.get().pk)
    page = client.get(address).content.decode()
    assert "Add &lt;b&gt;users:read&lt;/b&gt;." in page
    assert "SOURCE_CHAT_TOKEN is set" in page
    assert ("hx-trigger" in page, "very-secret" in page) == (False, False)
