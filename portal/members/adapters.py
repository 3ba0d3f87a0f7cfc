"""How allauth meets our accounts and members."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail."""


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts by GitHub and OpenID Connect."""
