"""Signing in with GitHub or OpenID Connect against a provider on loopback."""

from collections.abc import Callable, Iterator

import pytest
import requests
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.members.provider import CLIENT, Provider, running

SignIn = Callable[..., HttpResponse]


@pytest.fixture
def provider(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A running provider, configured as GitHub and as OpenID Connect."""
    with running() as provider:
        app = {"client_id": CLIENT[0], "secret": CLIENT[1]}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "github": {"APPS": [app], "SCOPE": ["read:user", "user:email"]},
            "openid_connect": {
                "APPS": [
                    {**app, "provider_id": "club", "name": "Club", "settings": {"server_url": provider.url}},
                ],
            },
        }
        # allauth reads GITHUB_URL once, at import: these are the addresses it makes of it.
        for name, path in {
            "access_token_url": "/login/oauth/access_token",
            "authorize_url": "/login/oauth/authorize",
            "profile_url": "/api/v3/user",
            "emails_url": "/api/v3/user/emails",
        }.items():
            monkeypatch.setattr(GitHubOAuth2Adapter, name, provider.url + path)
        yield provider


@pytest.fixture
def sign_in(provider: Provider) -> SignIn:
    """Walk through the provider and back as a browser does; returns the portal's answer to the callback."""

    def walk(client: Client, service: str = "github", *, process: str = "login", follow: bool = True) -> HttpResponse:
        start = reverse("github_login") if service == "github" else reverse("openid_connect_login", args=["club"])
        away = client.post(f"{start}?process={process}")
        assert away.status_code == 302
        assert away.headers["Location"].startswith(provider.url)
        back = requests.get(away.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
        assert back.startswith("http://testserver/accounts/")
        return client.get(back.removeprefix("http://testserver"), follow=follow)

    return walk
