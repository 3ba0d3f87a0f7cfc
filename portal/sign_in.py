"""The services people may sign in with, read from the environment; none is offered unless it is configured."""

from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.environment import read_secret


def providers_from_env(env: environ.Env) -> dict[str, dict[str, Any]]:
    """For SOCIALACCOUNT_PROVIDERS: GitHub by `GITHUB_CLIENT_ID`, any OpenID Connect provider by `OIDC_CLIENT_ID`."""
    found = {"github": _github(env), "openid_connect": _openid_connect(env)}
    return {name: provider for name, provider in found.items() if provider}


def origins_of(providers: dict[str, dict[str, Any]]) -> list[str]:
    """Where the sign-in forms redirect to: the content security policy has to allow these as form targets."""
    origins = []
    if "github" in providers:
        origins.append(providers["github"].get("GITHUB_URL", "https://github.com"))
    for app in providers.get("openid_connect", {}).get("APPS", []):
        address = urlsplit(app["settings"]["server_url"])
        origins.append(f"{address.scheme}://{address.netloc}")
    return origins


def _github(env: environ.Env) -> dict[str, Any]:
    client_id = env.str("GITHUB_CLIENT_ID", default="")
    if not client_id:
        return {}
    url = env.str("GITHUB_URL", default="").rstrip("/")
    return {
        "APPS": [{"client_id": client_id, "secret": read_secret("GITHUB_CLIENT_SECRET")}],
        "SCOPE": ["read:user", "user:email"],
        # Only for a GitHub of one's own: its API has another address than that of github.com.
        **({"GITHUB_URL": url} if url else {}),
    }


def _openid_connect(env: environ.Env) -> dict[str, Any]:
    client_id = env.str("OIDC_CLIENT_ID", default="")
    if not client_id:
        return {}
    url = env.str("OIDC_SERVER_URL", default="")
    if not url:
        raise ImproperlyConfigured("OIDC_CLIENT_ID is set but OIDC_SERVER_URL is not.")
    app = {
        "provider_id": env.str("OIDC_ID", default="oidc"),
        "name": env.str("OIDC_NAME", default="Single sign-on"),
        "client_id": client_id,
        "secret": read_secret("OIDC_CLIENT_SECRET"),
        "settings": {"server_url": url},
    }
    return {"APPS": [app], "OAUTH_PKCE_ENABLED": True}
