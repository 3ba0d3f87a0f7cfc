"""Which pages of accounts are open to whom, and the letters they send."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests.members.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_up(client: Client, email: str = "new@example.org") -> None:
    client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, "name": "New Person"})


PUBLIC = [
    "account_login", "account_signup", "account_reset_password", "account_reset_password_done", "account_inactive",
    "account_email_verification_sent", "account_request_login_code", "account_reset_password_from_key_done",
    "socialaccount_login_cancelled",
]  # fmt: skip
PRIVATE = [
    "account_email", "account_change_password", "account_set_password", "account_reauthenticate", "mfa_index",
    "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_add_webauthn", "usersessions_list",
    "socialaccount_connections", "pages:me",
]  # fmt: skip


@pytest.mark.parametrize("name", PUBLIC)
def test_ways_in_are_open_to_everybody(client: Client, name: str):
    assert client.get(reverse(name)).status_code == 200


def test_passkey_challenge_is_open_to_everybody(client: Client):
    answer = client.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    assert "challenge" in answer.json()["request_options"]["publicKey"]


@pytest.mark.parametrize("name", PRIVATE)
def test_own_pages_are_closed_to_strangers(client: Client, name: str):
    response = client.get(reverse(name))
    assert (response.status_code, response.headers["Location"].partition("?")[0]) == (302, reverse("account_login"))


def test_confirmation_and_reset_links_open_without_signing_in(client: Client):
    assert client.get(reverse("account_confirm_email", args=["no-such-key"])).status_code == 200
    assert client.get(reverse("account_reset_password_from_key", args=["1", "no-such-key"])).status_code == 200


def test_unknown_address_is_a_404_for_strangers(client: Client):
    assert client.get("/accounts/no-such-page/").status_code == 404


def test_mails_carry_the_name_of_the_community(client: Client, settings):
    sign_up(client)
    client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    UserFactory(email="known@example.org")
    client.post(reverse("account_request_login_code"), {"email": "known@example.org"})
    client.post(reverse("account_reset_password"), {"email": "known@example.org"})
    sign_up(Client(), email="known@example.org")
    assert len(mail.outbox) == 5
    for message in mail.outbox:
        assert settings.COMMUNITY.name in message.subject + message.body
        assert "testserver!" not in message.body
        assert message.from_email == settings.DEFAULT_FROM_EMAIL
        assert "&#x27;" not in message.body
