"""Signing in with GitHub or OpenID Connect gives a person the member their imported identity belongs to."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.auth import get_user
from django.contrib.messages import get_messages
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.members.models import Identity, Member, MemberChange, Merge, User
from tests.members.factories import PASSWORD, IdentityFactory, MemberFactory, UserFactory
from tests.members.provider import Provider

pytestmark = pytest.mark.django_db


def words(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_first_sign_in_takes_over_the_imported_member(client: Client, provider: Provider, sign_in):
    imported = IdentityFactory(
        uid="4711", username="old-name", member__name="", member__handle="octavia", member__visibility="handle"
    )
    response = sign_in(client)
    user = get_user(client)
    assert user.is_authenticated
    assert response.redirect_chain[-1][0] == reverse("pages:me")
    member = Member.objects.get(user=user)
    assert member == imported.member
    assert (member.name, member.handle, member.visibility) == ("Octavia Hub", "octavia", "public")
    imported.refresh_from_db()
    assert imported.username == "octavia"
    assert imported.verified_at is not None
    assert Merge.objects.count() == 0
    assert list(MemberChange.objects.values_list("member", "kind")) == [(member.pk, "visibility")]


def test_first_sign_in_without_an_import_makes_member_and_identity(client: Client, sign_in):
    sign_in(client)
    member = Member.objects.get(user=get_user(client))
    found = member.identities.exclude(service="portal").values_list("service", "site", "uid", "username")
    assert list(found) == [("github", "github.com", "4711", "octavia")]


def test_sign_in_keeps_no_token(client: Client, provider: Provider, sign_in):
    sign_in(client)
    assert SocialToken.objects.count() == 0
    token = provider.tokens[-1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{token}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_no_token_waits_in_the_session_either(client: Client, provider: Provider, sign_in):
    provider.person.emails = []  # allauth asks for an address, and keeps the half-done sign-up in the session
    sign_in(client)
    assert "socialaccount_sociallogin" in client.session
    assert provider.tokens[-1] not in str(dict(client.session))


def test_second_sign_in_finds_the_same_account_and_takes_what_was_imported_since(client: Client, sign_in):
    sign_in(client)
    user = get_user(client)
    mine = Member.objects.get(user=user)
    Identity.objects.filter(uid="4711").delete()
    later = IdentityFactory(uid="4711", member__handle="octavia")
    client.logout()
    sign_in(client)
    assert get_user(client) == user
    later.refresh_from_db()
    assert later.member == mine
    merge = Merge.objects.get()
    assert (merge.kept, merge.gone_id, merge.by) == (mine, later.member.merges_kept.get().gone_id, user)


def test_connecting_merges_the_imported_member_into_mine(client: Client, sign_in):
    user = UserFactory()
    mine = MemberFactory(user=user, name="Me")
    imported = IdentityFactory(uid="4711")
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    response = sign_in(client, process="connect")
    assert response.redirect_chain == [(reverse("account_reauthenticate"), 302)]
    assert SocialAccount.objects.count() == 0
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    imported.refresh_from_db()
    assert imported.member == mine
    assert Member.objects.get(pk=imported.member_id).name == "Me"
    assert SocialAccount.objects.get().user == user
    assert Merge.objects.get().reason == "signed in with github"


def test_identity_of_another_account_is_refused_at_first_sign_in(client: Client, sign_in):
    IdentityFactory(uid="4711", member__user=UserFactory())
    response = sign_in(client)
    assert not get_user(client).is_authenticated
    assert User.objects.count() == 1
    assert SocialAccount.objects.count() == 0
    assert words(response) == [
        "This GitHub account already belongs to a member who signs in another way. "
        "Sign in that way; you can connect GitHub there."
    ]


def test_identity_of_another_account_is_refused_when_connecting(client: Client, sign_in):
    owner = UserFactory()
    identity = IdentityFactory(uid="4711", member__user=owner)
    user = UserFactory()
    MemberFactory(user=user)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    sign_in(client, process="connect")
    identity.refresh_from_db()
    assert identity.member.user == owner
    assert SocialAccount.objects.count() == 0
    assert Merge.objects.count() == 0


def test_unverified_address_of_the_provider_opens_no_account(client: Client, provider: Provider, sign_in):
    victim = UserFactory(email="octavia@example.org")
    provider.person.emails = [{"email": "octavia@example.org", "primary": True, "verified": False}]
    sign_in(client)
    assert not get_user(client).is_authenticated
    assert list(User.objects.all()) == [victim]
    assert Member.objects.filter(user=victim).count() == 0


def test_even_a_verified_address_does_not_open_somebody_elses_account(client: Client, sign_in):
    victim = UserFactory(email="octavia@example.org")
    sign_in(client)
    assert not get_user(client).is_authenticated
    assert SocialAccount.objects.filter(user=victim).count() == 0


def test_unverified_address_has_to_be_confirmed_before_the_account_opens(client: Client, provider: Provider, sign_in):
    provider.person.emails = [{"email": "new@example.org", "primary": True, "verified": False}]
    sign_in(client)
    assert not get_user(client).is_authenticated
    assert EmailAddress.objects.get().verified is False
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_person_without_any_address_is_asked_for_one_and_their_name(client: Client, provider: Provider, sign_in):
    provider.person.emails = []
    response = sign_in(client)
    assert response.redirect_chain[-1][0] == reverse("socialaccount_signup")
    client.post(reverse("socialaccount_signup"), {"email": "later@example.org", "name": "Octavia the Great"})
    member = Member.objects.get()
    assert (member.name, member.user.email) == ("Octavia the Great", "later@example.org")
    assert Identity.objects.get(service="github").member == member


def test_openid_connect_makes_an_identity_of_its_own(client: Client, provider: Provider, sign_in):
    sign_in(client, "club")
    member = Member.objects.get(user=get_user(client))
    site = provider.url.removeprefix("http://")
    found = member.identities.exclude(service="portal").values_list("service", "site", "uid", "username")
    assert list(found) == [("openid_connect", site, "4711", "octavia")]
    assert member.name == "Octavia Hub"


def test_both_services_of_one_person_lead_to_one_member(client: Client, provider: Provider, sign_in):
    sign_in(client)
    member = Member.objects.get(user=get_user(client))
    client.logout()
    provider.person.emails = []
    user = member.user
    user.set_password(PASSWORD)
    user.save()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    sign_in(client, "club", process="connect")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert set(member.identities.exclude(service="portal").values_list("service", flat=True)) == {
        "github",
        "openid_connect",
    }


def test_forged_state_signs_nobody_in(client: Client, provider: Provider):
    response = client.get(reverse("github_callback"), {"code": "x", "state": "forged"})
    assert not get_user(client).is_authenticated
    assert response.status_code in {200, 401, 403}
    assert provider.tokens == []


def test_code_that_the_provider_refuses_signs_nobody_in(client: Client, provider: Provider, sign_in):
    provider.token = lambda form: None  # type: ignore[method-assign]
    sign_in(client)
    assert not get_user(client).is_authenticated
    assert User.objects.count() == 0


def test_services_are_offered_only_when_configured(client: Client, settings):
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("github_login") not in page
    settings.SOCIALACCOUNT_PROVIDERS = {"github": {"APPS": [{"client_id": "a", "secret": "b"}]}}
    assert reverse("github_login") in client.get(reverse("account_login")).content.decode()
