"""Claiming, losing and finding rows of work."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from celery import current_app
from django.db import connection, transaction

from portal.jobs import services
from portal.jobs.models import Heartbeat, Leased
from portal.mail.models import Message

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LEASE = timedelta(minutes=1)


def make_message(**fields: object) -> Message:
    return Message.objects.create(
        **{"kind": "hello", "about": "x:1", "recipient_key": "m1", "address": "a@b.example", **fields}
    )


@pytest.mark.django_db
def test_claim_takes_a_waiting_row_once() -> None:
    message = make_message()
    assert message.claim(now=NOW, lease=LEASE) is True
    assert (message.state, message.attempt, message.lease_until) == (Leased.State.RUNNING, 1, NOW + LEASE)
    assert Message.objects.get().claim(now=NOW, lease=LEASE) is False


@pytest.mark.django_db
def test_claim_takes_a_row_whose_lease_ran_out() -> None:
    message = make_message()
    message.claim(now=NOW, lease=LEASE)
    assert message.claim(now=NOW + LEASE + timedelta(seconds=1), lease=LEASE) is True
    assert message.attempt == 2


@pytest.mark.django_db
def test_claim_of_a_dead_holder_does_not_wait_for_its_lease() -> None:
    message = make_message()
    message.claim(now=NOW, lease=LEASE)
    assert message.claim(now=NOW, lease=LEASE, is_holder_dead=True) is True
    assert message.attempt == 2
    Message.objects.update(state=Leased.State.DONE)
    assert message.claim(now=NOW, lease=LEASE, is_holder_dead=True) is False


@pytest.mark.django_db
def test_claim_waits_until_next_try() -> None:
    message = make_message(next_try_at=NOW + timedelta(minutes=5))
    assert message.claim(now=NOW, lease=LEASE) is False
    assert message.claim(now=NOW + timedelta(minutes=5), lease=LEASE) is True


@pytest.mark.django_db(transaction=True)
def test_claim_by_eight_workers_is_won_by_one() -> None:
    message, start, won = make_message(), Barrier(8), []

    def work() -> None:
        start.wait()
        won.append(Message.objects.get(pk=message.pk).claim(now=NOW, lease=LEASE))
        connection.close()

    threads = [Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(won) == [False] * 7 + [True]


@pytest.mark.django_db(transaction=True)
def test_enqueue_sends_only_after_commit(sent: list[tuple[str, tuple]]) -> None:
    with transaction.atomic():
        services.enqueue("some.task", 7)
        assert sent == []
    assert sent == [("some.task", (7,))]
    with transaction.atomic():
        services.enqueue("some.task", 8)
        transaction.set_rollback(True)
    assert sent == [("some.task", (7,))]


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nobody listens where the broker should be; the names of the tasks that were tried all the same."""
    tried: list[str] = []
    real = current_app.send_task
    monkeypatch.setattr(services, "_away_until", 0.0)
    monkeypatch.setattr(current_app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(current_app, "_pool", None)
    monkeypatch.setattr(current_app, "send_task", lambda name, **rest: (tried.append(name), real(name, **rest)))
    # A pool made before knows the broker; one made here must not be left to the next test.
    monkeypatch.setattr(current_app.amqp, "_producer_pool", None)
    return tried


@pytest.mark.django_db(transaction=True)
def test_enqueue_survives_an_absent_broker(no_broker: list[str]) -> None:
    services.enqueue("some.task", 7)
    assert no_broker == ["some.task"]


@pytest.mark.django_db(transaction=True)
def test_enqueue_waits_for_an_absent_broker_once(no_broker: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        services.enqueue("some.task", number)
    assert no_broker == ["some.task"]
    monkeypatch.setattr(services, "_away_until", 0.0)
    services.enqueue("some.task", 3)
    assert no_broker == ["some.task", "some.task"]


@pytest.mark.django_db
def test_reconcile_sends_due_and_lost_rows_only(sent: list[tuple[str, tuple]]) -> None:
    due = make_message(recipient_key="due")
    make_message(recipient_key="later", next_try_at=NOW + timedelta(hours=1))
    make_message(recipient_key="done", state=Leased.State.DONE)
    make_message(recipient_key="held", state=Leased.State.RUNNING, lease_until=NOW + LEASE)
    lost = make_message(recipient_key="lost", state=Leased.State.RUNNING, lease_until=NOW - LEASE)
    services.reconcile(now=NOW)
    assert sent == [("portal.mail.tasks.send_message", (due.pk,)), ("portal.mail.tasks.send_message", (lost.pk,))]


@pytest.mark.django_db
def test_reconcile_sends_running_rows_whose_task_asks_who_lives(sent: list[tuple[str, tuple]], monkeypatch) -> None:
    monkeypatch.setattr(services, "_REGISTER", {})
    services.leased_by(Message, "some.task", has_lock=True)
    held = make_message(state=Leased.State.RUNNING, lease_until=NOW + LEASE)
    make_message(recipient_key="done", state=Leased.State.DONE)
    services.reconcile(now=NOW)
    assert sent == [("some.task", (held.pk,))]


@pytest.mark.django_db
def test_beat_seen_keeps_one_row() -> None:
    services.beat_seen(now=NOW)
    services.beat_seen(now=NOW + LEASE)
    assert list(Heartbeat.objects.values_list("name", "seen_at")) == [("beat", NOW + LEASE)]
