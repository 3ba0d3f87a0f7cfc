"""Accounts: signing up, signing in, and what must not work."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse
from zeal import zeal_ignore

from portal.members.models import Member, User
from tests.members.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

CODE = r"^[A-Z0-9]{4}-[A-Z0-9]{4}$"
TOO_MANY = "Too many failed login attempts. Try again later."


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post(reverse("account_login"), {"login": email, "password": password, **extra})


def sign_up(client: Client, email: str = "new@example.org", password: str = PASSWORD, name: str = "New Person"):
    return client.post(reverse("account_signup"), {"email": email, "password1": password, "name": name})


def link_in(text: str) -> str:
    [link] = re.findall(r"http://testserver(\S+)", text)[:1]
    return link


def test_sign_up_makes_a_member_who_can_sign_in_once_the_address_is_confirmed(client: Client):
    response = sign_up(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    member = Member.objects.get()
    assert (member.name, member.visibility, member.user.email) == ("New Person", "public", "new@example.org")
    assert not get_user(client).is_authenticated
    sign_in(client, "new@example.org")
    assert not get_user(client).is_authenticated
    client.post(link_in(mail.outbox[0].body))
    assert EmailAddress.objects.get().verified
    sign_in(client, "new@example.org")
    assert get_user(client) == member.user


def test_confirmation_is_not_done_by_opening_the_link(client: Client):
    sign_up(client)
    assert client.get(link_in(mail.outbox[0].body)).status_code == 200
    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize(
    ("password", "is_taken"),
    [("short-11-ch", False), ("password1234", False), ("new@example.org", False), (PASSWORD, True)],
)
def test_sign_up_refuses_weak_passwords(client: Client, password: str, is_taken: bool):
    sign_up(client, password=password)
    assert User.objects.exists() is is_taken


def test_sign_up_keeps_what_was_typed_when_something_is_wrong(client: Client):
    page = sign_up(client, password="short").content.decode()
    assert 'value="New Person"' in page
    assert 'value="new@example.org"' in page
    assert "at least 12 characters" in page


def test_sign_up_refuses_a_name_nobody_can_see(client: Client):
    page = sign_up(client, name="\u202e\u200b").content.decode()
    assert "This field is required." in page
    assert not User.objects.exists()
    sign_up(client, name="\u202eNew\u200b Person")
    assert Member.objects.get().name == "New Person"


def test_sign_in_by_code(client: Client):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    code = mail.outbox[0].body
    found = re.search(CODE, code, re.MULTILINE)
    assert found is not None, code
    client.post(reverse("account_confirm_login_code"), {"code": "WRON-GOOO"})
    assert not get_user(client).is_authenticated
    client.post(reverse("account_confirm_login_code"), {"code": found.group()})
    assert get_user(client) == user


def test_code_is_of_no_use_after_three_wrong_ones(client: Client):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})
    found = re.search(CODE, mail.outbox[0].body, re.MULTILINE)
    assert found is not None
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRON-GOOO"})
    client.post(reverse("account_confirm_login_code"), {"code": found.group()})
    assert not get_user(client).is_authenticated


def test_sixth_wrong_password_is_refused_and_the_right_one_too(client: Client):
    user = UserFactory()
    for _ in range(5):
        assert TOO_MANY not in sign_in(client, user.email, "wrong wrong wrong").content.decode()
    assert TOO_MANY in sign_in(client, user.email, "wrong wrong wrong").content.decode()
    assert TOO_MANY in sign_in(client, user.email, PASSWORD).content.decode()
    assert not get_user(client).is_authenticated


def test_limit_of_one_account_leaves_others_alone(client: Client):
    limited, other = UserFactory(), UserFactory()
    for _ in range(6):
        sign_in(client, limited.email, "wrong wrong wrong")
    sign_in(client, other.email)
    assert get_user(client) == other


def test_eleventh_wrong_password_of_one_machine_is_refused_whatever_it_says_it_is(client: Client):
    users = UserFactory.create_batch(6)
    for number in range(10):
        sign_in(client, users[number % 5].email, "wrong wrong wrong")
    response = client.post(
        reverse("account_login"),
        {"login": users[5].email, "password": PASSWORD},
        headers={"X-Forwarded-For": "203.0.113.9"},
    )
    assert TOO_MANY in response.content.decode()
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        "\thttps://evil.example",
        "%2F%2Fevil.example",
        "/%09/evil.example",
        "ftp://testserver/",
    ],
)
def test_next_address_never_leaves_the_site(client: Client, target: str):
    user = UserFactory()
    location = sign_in(client, user.email, next=target).headers["Location"]
    assert get_user(client) == user
    assert location == reverse("pages:me") or (location.startswith(("/%", "%2F")) and "//" not in location)


def test_next_address_of_the_site_is_followed(client: Client):
    user = UserFactory()
    assert sign_in(client, user.email, next="/meetups/").headers["Location"] == "/meetups/"


def test_reset_answers_alike_for_known_and_unknown_addresses(client: Client):
    UserFactory(email="known@example.org")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        response = client.post(reverse("account_reset_password"), {"email": email}, follow=True)
        answers.append(
            (response.status_code, response.redirect_chain, _without_noise(response.content.decode(), email))
        )
    assert answers[0] == answers[1]


def test_sign_up_answers_alike_for_known_and_unknown_addresses():
    UserFactory(email="known@example.org")
    answers = []
    for email in ("known@example.org", "unknown@example.org"):
        response = Client().post(
            reverse("account_signup"), {"email": email, "password1": PASSWORD, "name": "Me"}, follow=True
        )
        answers.append(
            (response.status_code, response.redirect_chain, _without_noise(response.content.decode(), email))
        )
    assert answers[0] == answers[1]
    assert User.objects.filter(email="known@example.org").count() == 1
    assert [message.to for message in mail.outbox] == [["known@example.org"], ["unknown@example.org"]]


def test_wrong_password_and_unknown_address_read_alike():
    UserFactory(email="known@example.org")
    pages = [
        _without_noise(sign_in(Client(), email, "wrong wrong wrong").content.decode(), email)
        for email in ("known@example.org", "unknown@example.org")
    ]
    assert pages[0] == pages[1]


def _without_noise(page: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.replace(email, ""))


def test_new_password_ends_the_sessions_elsewhere(client: Client):
    user = UserFactory()
    elsewhere = Client()
    sign_in(elsewhere, user.email)
    sign_in(client, user.email)
    new = "another long passphrase 42"
    page = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert page.status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    assert not get_user(elsewhere).is_authenticated
    assert elsewhere.get(reverse("pages:me")).status_code == 302


def test_reset_password_ends_all_sessions(client: Client):
    user = UserFactory()
    sign_in(client, user.email)
    stranger = Client()
    stranger.post(reverse("account_reset_password"), {"email": user.email})
    form = stranger.get(link_in(mail.outbox[0].body)).headers["Location"]
    new = "another long passphrase 42"
    stranger.post(form, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert not get_user(client).is_authenticated


def test_deactivated_account_is_signed_out_at_once(client: Client):
    user = UserFactory()
    sign_in(client, user.email)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get(reverse("pages:me")).status_code == 302


def test_sign_in_takes_a_new_session_key(client: Client):
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    sign_in(client, UserFactory().email)
    assert client.session.session_key != before


def test_session_can_be_seen_and_ended_from_elsewhere(client: Client):
    user = UserFactory()
    elsewhere = Client()
    sign_in(elsewhere, user.email)
    sign_in(client, user.email)
    with zeal_ignore():  # allauth looks at each session by itself
        assert client.get(reverse("usersessions_list")).status_code == 200
        client.post(reverse("usersessions_list"))
    assert get_user(client).is_authenticated
    assert not get_user(elsewhere).is_authenticated


def test_sign_out_needs_a_post(client: Client):
    sign_in(client, UserFactory().email)
    client.get(reverse("account_logout"))
    assert get_user(client).is_authenticated
    client.post(reverse("account_logout"))
    assert not get_user(client).is_authenticated
