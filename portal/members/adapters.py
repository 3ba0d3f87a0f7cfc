"""How allauth meets our accounts and members."""

import base64
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal.members.middleware import SIGNED_IN_AT
from portal.members.models import User
from portal.members.providers import proof_of
from portal.members.services import IdentityTaken, claim_identity, is_taken


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by e-mail."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Whatever way somebody signs in, from here the thirty days of the session run."""
        super().login(request, user)
        request.session[SIGNED_IN_AT] = int(time.time())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Subjects are rendered without context processors, so the community's name goes into the context itself."""
        super().send_mail(template_prefix, email, {**context, "community": settings.COMMUNITY})


class MFAAdapter(DefaultMFAAdapter):
    """Second factors; their secrets are encrypted at rest, with a key made of SECRET_KEY (old keys still open them)."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (salted_hmac("portal.members.mfa", "", secret=key, algorithm="sha256").digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts by GitHub and OpenID Connect: the service's word for who somebody is claims their imported identity.

    allauth calls `pre_social_login` each time, then one of: nothing more (a known account signs in), `save_user` (a new
    one), `get_connect_redirect_url` (one more way into an account).
    """

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        # The token has done its work. Without this it would wait in the session while somebody confirms a password.
        sociallogin.token = None
        is_connecting = sociallogin.state.get("process") == AuthProcess.CONNECT
        if is_connecting:
            self._refuse_if_taken(request, sociallogin, request.user if request.user.is_authenticated else None)
        elif sociallogin.is_existing:
            self._claim_or_tell(request, sociallogin.account, sociallogin.user)
        else:
            self._refuse_if_taken(request, sociallogin, None)

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        try:
            with transaction.atomic():
                user = super().save_user(request, sociallogin, form)
                claim_identity(user=user, **proof_of(sociallogin.account))
        except IdentityTaken as error:
            raise self._refusal(request, str(error)) from error
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        if socialaccount.pk and socialaccount.user_id == request.user.pk:
            self._claim_or_tell(request, socialaccount, request.user)
        return super().get_connect_redirect_url(request, socialaccount)

    def _claim_or_tell(self, request: HttpRequest, account: SocialAccount, user: Any) -> None:
        try:
            claim_identity(user=user, **proof_of(account))
        except IdentityTaken as error:
            messages.warning(request, str(error))

    def _refuse_if_taken(self, request: HttpRequest, sociallogin: SocialLogin, user: Any) -> None:
        proof = proof_of(sociallogin.account)
        if is_taken(user=user, service=proof["service"], site=proof["site"], uid=proof["uid"]):
            raise self._refusal(
                request,
                _(
                    "This %(provider)s account already belongs to a member who signs in another way. "
                    "Sign in that way; you can connect %(provider)s there."
                )
                % {"provider": sociallogin.account.get_provider(request).name},
            )

    @staticmethod
    def _refusal(request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
        messages.error(request, sentence)
        return ImmediateHttpResponse(
            redirect("socialaccount_connections" if request.user.is_authenticated else "account_login")
        )
