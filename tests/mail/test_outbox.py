"""A message is a row, sent once."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from portal.mail import services
from portal.mail.models import Message

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "hello.subject.txt").write_text("Hello\n {{ name }}\n")
    (tmp_path / "mail" / "hello.txt").write_text("Dear {{ name }}, from {{ community.name }}.")
    templates = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    settings.TEMPLATES = templates


def queue(**fields: object) -> Message | None:
    return services.queue(
        **{"kind": "hello", "about": "group:1", "address": "ada@mail.example", "context": {"name": "Ada"}, **fields}
    )


@pytest.mark.django_db
def test_queue_holds_one_message_per_kind_subject_person_and_revision() -> None:
    assert queue() is not None
    assert queue() is None
    assert queue(address="ADA@mail.example") is None
    assert queue(revision=1) is not None
    assert queue(about="group:2") is not None
    assert Message.objects.count() == 3


@pytest.mark.django_db
def test_send_delivers_once_in_one_line_subject(settings) -> None:
    message = queue()
    assert message is not None
    assert services.send(message, now=NOW) is True
    assert services.send(Message.objects.get(), now=NOW) is False
    assert [(m.subject, m.body, m.to) for m in mail.outbox] == [
        ("Hello Ada", f"Dear Ada, from {settings.COMMUNITY.name}.", ["ada@mail.example"])
    ]
    message.refresh_from_db()
    assert (message.state, message.sent_at, message.context) == (Message.State.DONE, NOW, {})


@pytest.mark.django_db
def test_send_gives_up_on_a_letter_that_cannot_be_written() -> None:
    message = queue(kind="unwritten")
    assert message is not None
    for attempt in range(services.MAX_ATTEMPTS):
        assert services.send(message, now=NOW + timedelta(days=attempt)) is False
    message.refresh_from_db()
    assert (message.state, message.error) == (Message.State.FAILED, "mail/unwritten.subject.txt")


@pytest.mark.django_db
def test_send_postpones_a_refusal_and_gives_up_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    message = queue()
    assert message is not None

    def refuse(self: EmailBackend, messages: list) -> int:
        raise smtplib.SMTPServerDisconnected("gone away")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert services.send(message, now=NOW) is False
    message.refresh_from_db()
    assert (message.state, message.next_try_at, message.error) == ("waiting", NOW + timedelta(minutes=2), "gone away")
    Message.objects.update(attempt=services.MAX_ATTEMPTS - 1)
    message.refresh_from_db()
    assert services.send(message, now=NOW + timedelta(days=1)) is False
    message.refresh_from_db()
    assert message.state == Message.State.FAILED
