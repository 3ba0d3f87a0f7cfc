"""How long a service may ask us to wait."""

from datetime import timedelta

import pytest

from portal.clients.discourse import DiscourseLimits
from portal.clients.github import GitHubLimits
from portal.clients.waiting import retry_after
from tests.clients.factories import NOW

RESET = str(int((NOW + timedelta(minutes=20)).timestamp()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("1.5", 1.5),
        (" 30 ", 30.0),
        ("Sun, 15 Mar 2026 12:05:00 GMT", 300.0),
        ("1e9", 3600.0),
        ("99999999999999999999", 3600.0),
        ("Sun, 15 Mar 2099 12:05:00 GMT", 3600.0),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("Sun, 15 Mar 2020 12:05:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_every_form_and_capped(text: str, expected: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == expected


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (429, {"retry-after": "30"}, b"", 30.0),
        (403, {"retry-after": "30"}, b"", 30.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}, b"", 1200.0),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "0"}, b"", 1.0),
        (403, {"x-ratelimit-remaining": "0"}, b"", 60.0),
        (403, {}, b'{"message": "You have exceeded a secondary rate limit."}', 60.0),
        (429, {}, b"", 60.0),
        (403, {"x-ratelimit-remaining": "4999"}, b'{"message": "Resource not accessible"}', None),
        (404, {"retry-after": "30"}, b"", None),
        (500, {}, b"", None),
    ],
)
def test_github_says_slow_down_in_many_ways(
    status: int, headers: dict[str, str], body: bytes, expected: float | None
) -> None:
    assert GitHubLimits().wait(status, headers, body, NOW) == expected


def test_github_secondary_limit_doubles_until_a_success() -> None:
    limits = GitHubLimits()
    waits = [limits.wait(429, {}, b"", NOW) for _ in range(8)]
    assert waits == [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]
    assert limits.pause({}, NOW) is None
    assert limits.wait(429, {}, b"", NOW) == 60.0


def test_github_quota_that_ends_with_a_success_pauses_until_reset() -> None:
    assert GitHubLimits().pause({"x-ratelimit-remaining": "0", "x-ratelimit-reset": RESET}, NOW) == 1200.0
    assert GitHubLimits().pause({"x-ratelimit-remaining": "1", "x-ratelimit-reset": RESET}, NOW) is None


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        ({}, b'{"error_type": "rate_limit", "extras": {"wait_seconds": 17}}', 17.0),
        ({"retry-after": "25"}, b'{"extras": {"wait_seconds": 17}}', 25.0),
        ({"retry-after": "25"}, b"", 25.0),
        ({}, b"", 10.0),
        ({}, b"<html>Too many</html>", 10.0),
        ({}, b'{"extras": null}', 10.0),
        ({}, b'{"extras": {"wait_seconds": -1}}', 10.0),
        ({}, b'{"extras": {"wait_seconds": 1e12}}', 3600.0),
        ({}, b"[" * 100_000, 10.0),
    ],
)
def test_discourse_says_slow_down_in_many_ways(headers: dict[str, str], body: bytes, expected: float) -> None:
    assert DiscourseLimits().wait(429, headers, body, NOW) == expected


def test_discourse_limits_know_429_only() -> None:
    assert DiscourseLimits().wait(403, {"retry-after": "9"}, b"", NOW) is None
