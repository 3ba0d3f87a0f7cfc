"""How accounts are set up, as the portal's own settings say for plain HTTP on one machine and for HTTPS."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WANTED = """
SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE SESSION_COOKIE_PATH
SESSION_COOKIE_DOMAIN CSRF_COOKIE_NAME CSRF_COOKIE_SECURE CSRF_COOKIE_SAMESITE PASSWORD_HASHERS STAFF_REQUIRES_MFA
SOCIALACCOUNT_STORE_TOKENS SOCIALACCOUNT_EMAIL_AUTHENTICATION SOCIALACCOUNT_PROVIDERS CONTENT_SECURITY_POLICY
SESSION_COOKIE_AGE SESSION_ABSOLUTE_AGE MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN ACCOUNT_EMAIL_VERIFICATION
"""


def settings_with(tmp_path: Path, **environment: str) -> dict[str, Any]:
    """The named settings, read in a process of its own."""
    code = (
        "import django, json; from django.conf import settings; django.setup();"
        f"print(json.dumps({{name: getattr(settings, name) for name in {WANTED.split()!r}}}, default=str))"
    )
    base = {key: os.environ[key] for key in ("PATH", "DATABASE_URL", "REDIS_URL") if key in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**base, "DJANGO_SETTINGS_MODULE": "portal.settings", "PORTAL_VAR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def test_cookies_are_bound_to_the_host_over_https(tmp_path: Path):
    found = settings_with(tmp_path, SITE_URL="https://community.example.org")
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SESSION_COOKIE_HTTPONLY"] is True
    assert (found["SESSION_COOKIE_PATH"], found["SESSION_COOKIE_DOMAIN"]) == ("/", None)
    assert found["SESSION_COOKIE_SAMESITE"] == found["CSRF_COOKIE_SAMESITE"] == "Lax"
    assert found["STAFF_REQUIRES_MFA"] is True
    assert found["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is False


def test_plain_http_on_one_machine_works_without_a_second_factor(tmp_path: Path):
    found = settings_with(tmp_path, SITE_URL="http://localhost:8000")
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("sessionid", False)
    assert found["STAFF_REQUIRES_MFA"] is False
    assert settings_with(tmp_path, SITE_URL="http://portal.lan")["STAFF_REQUIRES_MFA"] is True


def test_passwords_and_tokens(tmp_path: Path):
    found = settings_with(tmp_path)
    assert found["PASSWORD_HASHERS"][0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert found["SOCIALACCOUNT_STORE_TOKENS"] is False
    assert found["SOCIALACCOUNT_EMAIL_AUTHENTICATION"] is False
    assert found["ACCOUNT_EMAIL_VERIFICATION"] == "mandatory"
    assert (found["SESSION_COOKIE_AGE"], found["SESSION_ABSOLUTE_AGE"]) == (14 * 86400, 30 * 86400)
    assert found["SOCIALACCOUNT_PROVIDERS"] == {}


@pytest.mark.parametrize(
    ("url", "site", "origin"),
    [
        ("", None, "https://github.com"),
        ("https://github.example.org/", "https://github.example.org", "https://github.example.org"),
    ],
)
def test_github_of_ones_own_has_its_own_address(tmp_path: Path, url: str, site: str | None, origin: str):
    found = settings_with(tmp_path, GITHUB_CLIENT_ID="id", GITHUB_CLIENT_SECRET="secret", GITHUB_URL=url)
    github = found["SOCIALACCOUNT_PROVIDERS"]["github"]
    assert github.get("GITHUB_URL") == site
    assert "VERIFIED_EMAIL" not in github
    assert found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]["form-action"] == ["'self'", origin]
