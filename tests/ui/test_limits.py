"""How often one client may ask."""

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from portal.ui import limits


@limits.limited(per_minute=3)
def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_010.0)


def ask(client: str = "203.0.113.7", **headers: str) -> HttpResponse:
    return answer(RequestFactory().get("/", REMOTE_ADDR=client, **headers))


def test_limit_answers_429_with_the_wait_after_the_last_allowed_call() -> None:
    assert [ask().status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    assert ask()["Retry-After"] == "50"
    assert "429" in ask().content.decode()


def test_limit_counts_each_client_alone_and_believes_no_header() -> None:
    for _ in range(4):
        ask()
    assert ask("203.0.113.8").status_code == 200
    assert ask(HTTP_X_FORWARDED_FOR="198.51.100.1").status_code == 429


def test_limit_begins_anew_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        ask()
    monkeypatch.setattr(limits.time, "time", lambda: 1_800_000_070.0)
    assert ask().status_code == 200


def test_reading_stays_open_while_the_cache_is_away(settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert [ask().status_code for _ in range(5)] == [200] * 5
