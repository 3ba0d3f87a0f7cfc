"""What a service that somebody signed in with says about them, in the words of our identities."""

from typing import TypedDict
from urllib.parse import urlsplit

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

GITHUB = "github"
OPENID_CONNECT = "openid_connect"


class Proof(TypedDict):
    """The arguments of `claim_identity` beside the account."""

    service: str
    site: str
    uid: str
    username: str
    name: str
    url: str


def proof_of(account: SocialAccount) -> Proof:
    """Who the service says signed in: keyed as imports key the same account."""
    is_github = account.provider == GITHUB
    said = account.extra_data if is_github else account.extra_data.get("userinfo", account.extra_data)
    return Proof(
        service=GITHUB if is_github else OPENID_CONNECT,
        site=_github_site() if is_github else _openid_site(account.provider),
        uid=str(account.uid),
        username=_text(said.get("login" if is_github else "preferred_username")),
        name=_text(said.get("name")),
        url=_text(said.get("html_url")) if is_github else "",
    )


def _text(value: object) -> str:
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _github_site() -> str:
    """github.com, or the host of a GitHub of one's own, as sources call it."""
    own = settings.SOCIALACCOUNT_PROVIDERS.get(GITHUB, {}).get("GITHUB_URL", "")
    return urlsplit(own).netloc.lower() or "github.com"


def _openid_site(provider_id: str) -> str:
    for app in settings.SOCIALACCOUNT_PROVIDERS.get(OPENID_CONNECT, {}).get("APPS", []):
        if app.get("provider_id") == provider_id:
            return urlsplit(app["settings"]["server_url"]).netloc.lower() or provider_id
    return provider_id
