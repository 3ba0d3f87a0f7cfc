"""The headers every answer carries, word for word."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from portal.pages.middleware import PERMISSIONS_POLICY
from tests.members.factories import MemberFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]
CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
PUBLIC = [
    "/",
    "/start/",
    "/about-data/",
    "/meetups/",
    "/meetups/events/",
    "/dashboard/",
    "/partners/",
    "/accounts/login/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PUBLIC, "/healthz", "/no-such-page/"])
def test_headers_are_the_strict_ones_everywhere(client: Client, path: str) -> None:
    response = client.get(path)
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == CSP
    assert response["Permissions-Policy"] == PERMISSIONS_POLICY
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_permissions_are_off_but_for_position_and_passkeys() -> None:
    rights = dict(part.strip().split("=") for part in PERMISSIONS_POLICY.split(","))
    own = {feature for feature, who in rights.items() if who == "(self)"}
    assert own == {"geolocation", "publickey-credentials-get", "publickey-credentials-create"}
    assert {who for feature, who in rights.items() if feature not in own} == {"()"}
    assert {"camera", "microphone", "payment", "usb"} <= set(rights)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PUBLIC if not path.startswith("/accounts/")])
def test_public_pages_set_no_cookie(client: Client, path: str) -> None:
    assert client.get(path).cookies.output() == ""


@pytest.mark.django_db
def test_pages_of_the_signed_in_are_never_stored(client: Client) -> None:
    assert "no-store" not in client.get("/").get("Cache-Control", "")
    client.force_login(MemberFactory(user=UserFactory()).user)
    assert client.get("/")["Cache-Control"] == "no-store"


def _settings_under(site_url: str) -> dict[str, object]:
    names = (
        "SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE",
    )  # fmt: skip
    code = f"import json, portal.settings as s; print(json.dumps({{name: getattr(s, name) for name in {names!r}}}))"
    environment = os.environ | {"SITE_URL": site_url, "SECRET_KEY": "test " * 12}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    return dict(json.loads(done.stdout))


def test_https_makes_cookies_secure_and_asks_for_https_for_two_years() -> None:
    assert _settings_under("https://community.example.org") == {
        "SECURE_HSTS_SECONDS": 63_072_000,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_HSTS_PRELOAD": True,
        "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
    }


def test_plain_http_on_this_machine_asks_for_none_of_it() -> None:
    assert set(_settings_under("http://localhost:8000").values()) == {0, "sessionid", "csrftoken"}
