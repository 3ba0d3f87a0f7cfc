"""What was sent to the broker, read where it leaves the process."""

import pytest
from celery import current_app

import portal.mail.tasks  # noqa: F401  registers the outbox


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple]]:
    seen: list[tuple[str, tuple]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args=(), **_: seen.append((name, tuple(args))))
    return seen
