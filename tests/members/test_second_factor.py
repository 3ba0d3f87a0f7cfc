"""Authenticator apps, recovery codes, and the admin that asks staff for them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user
from django.test import Client
from django.urls import reverse

from tests.members.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user) -> str:
    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return response.headers["Location"]


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def set_up_app(client: Client) -> str:
    """Add an authenticator app as a person does; returns its secret."""
    page = client.get(reverse("mfa_activate_totp"), follow=True)
    if page.redirect_chain:
        page = client.post(page.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return secret


def test_app_is_asked_for_at_the_next_sign_in(client: Client):
    user = UserFactory()
    sign_in(client, user)
    secret = set_up_app(client)
    elsewhere = Client()
    assert sign_in(elsewhere, user) == reverse("mfa_authenticate")
    assert not get_user(elsewhere).is_authenticated
    elsewhere.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not get_user(elsewhere).is_authenticated
    elsewhere.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert get_user(elsewhere) == user


def test_code_of_the_app_works_once(client: Client):
    user = UserFactory()
    sign_in(client, user)
    secret = set_up_app(client)
    code = code_for(secret)
    for expected in (True, False):
        browser = Client()
        sign_in(browser, user)
        browser.post(reverse("mfa_authenticate"), {"code": code})
        assert get_user(browser).is_authenticated is expected


def test_recovery_code_opens_the_account_once(client: Client):
    user = UserFactory()
    sign_in(client, user)
    set_up_app(client)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    for expected in (True, False):
        browser = Client()
        sign_in(browser, user)
        browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
        assert get_user(browser).is_authenticated is expected


def test_second_factor_is_limited_too(client: Client):
    user = UserFactory()
    sign_in(client, user)
    secret = set_up_app(client)
    browser = Client()
    sign_in(browser, user)
    for _ in range(5):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    browser.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert not get_user(browser).is_authenticated


def test_secrets_lie_encrypted_in_the_database_and_open_with_an_older_key(client: Client, settings):
    user = UserFactory()
    sign_in(client, user)
    secret = set_up_app(client)
    row = Authenticator.objects.get(user=user, type="totp")
    assert secret not in str(row.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key"
    assert row.wrap().validate_code(code_for(secret)) in {True, False}  # decrypts: a key that does not fit raises


ADMIN = "admin:index"


def test_admin_without_a_second_factor_sends_staff_to_set_one_up(client: Client, settings):
    settings.STAFF_REQUIRES_MFA = True
    user = UserFactory(is_staff=True, is_superuser=True)
    sign_in(client, user)
    response = client.get(reverse(ADMIN), follow=True)
    assert response.redirect_chain[-1][0] == reverse("mfa_index")
    assert "The admin opens with a second factor only" in response.content.decode()
    set_up_app(client)
    assert client.get(reverse(ADMIN)).status_code == 200


def test_admin_opens_without_one_where_the_installation_says_so(client: Client, settings):
    settings.STAFF_REQUIRES_MFA = False
    sign_in(client, UserFactory(is_staff=True, is_superuser=True))
    assert client.get(reverse(ADMIN)).status_code == 200


@pytest.mark.parametrize("required", [True, False])
def test_admin_is_closed_to_members_and_strangers(client: Client, settings, required: bool):
    settings.STAFF_REQUIRES_MFA = required
    response = client.get(reverse(ADMIN), follow=True)
    assert response.redirect_chain[-1][0].partition("?")[0] == reverse("account_login")
    sign_in(client, UserFactory())
    assert client.get(reverse(ADMIN), follow=True).status_code == 403


def test_own_form_of_the_admin_signs_nobody_in(client: Client):
    user = UserFactory(is_staff=True, is_superuser=True)
    response = client.post(reverse("admin:login"), {"username": user.email, "password": PASSWORD})
    assert response.headers["Location"].partition("?")[0] == reverse("account_login")
    assert not get_user(client).is_authenticated
