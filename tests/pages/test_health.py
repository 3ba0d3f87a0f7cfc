"""/healthz and /readyz: what is checked, and what they answer when a part is away."""

from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from portal.jobs.models import Heartbeat
from portal.pages import health

#: A port of this machine where nothing listens.
NOWHERE = "redis://127.0.0.1:1/0"


def beat(seconds_ago: int) -> None:
    Heartbeat.objects.update_or_create(
        name="beat", defaults={"seen_at": timezone.now() - timedelta(seconds=seconds_ago)}
    )


def test_healthz_answers_without_a_database(client: Client) -> None:
    """No database mark: a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_readyz_is_ok_when_all_parts_are(client: Client) -> None:
    beat(10)
    response = client.get("/readyz")
    assert response.json() == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "broker": "ok", "beat": "ok"},
    }
    assert response.status_code == 200


@pytest.mark.django_db
def test_readyz_tells_that_beat_was_never_seen(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["beat"] == "never seen"


@pytest.mark.django_db
def test_readyz_tells_that_beat_is_old(client: Client) -> None:
    beat(int(health.BEAT_MAX_AGE.total_seconds()) + 30)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["beat"] == "last seen 120 s ago"


@pytest.mark.django_db
def test_readyz_tells_that_migrations_are_missing(client: Client) -> None:
    beat(1)
    assert MigrationRecorder.Migration.objects.filter(app="partners").delete()[0] > 0
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["migrations"].endswith("not applied")


@pytest.mark.django_db
def test_readyz_tells_that_the_broker_is_away(client: Client, monkeypatch: Any) -> None:
    beat(1)
    real = current_app.connection_for_read
    monkeypatch.setattr(current_app, "connection_for_read", lambda **options: real(url=NOWHERE, **options))
    response = client.get("/readyz")
    assert response.status_code == 503
    checks = response.json()["checks"]
    assert checks["broker"].startswith("failed: ")
    assert "127.0.0.1" not in checks["broker"]
    assert checks["database"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_readyz_tells_that_the_database_is_away(client: Client, monkeypatch: Any) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "PORT", "1")
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed: OperationalError"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_for_reading_only(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
