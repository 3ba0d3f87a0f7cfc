"""The team's view of accounts, people and organisations."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from portal.members.models import Affiliation, Member, MemberChange, Organisation, User
from portal.members.services import merge_members
from tests.members.factories import (
    PASSWORD,
    AffiliationFactory,
    IdentityFactory,
    MemberFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.places.factories import town

pytestmark = pytest.mark.django_db

MODELS = ["user", "member", "identity", "organisation", "affiliation", "role", "merge", "mergesuggestion", "sharedname"]


@pytest.fixture
def team(client: Client) -> Client:
    client.force_login(UserFactory(is_staff=True, is_superuser=True, email="team@example.org"))
    return client


def listed(client: Client, name: str, **query: str) -> list:
    page = client.get(reverse(f"admin:members_{name}_changelist"), query)
    return list(page.context["cl"].result_list)


@pytest.mark.parametrize("name", MODELS)
def test_lists_open_for_the_team_only(team: Client, name: str):
    assert team.get(reverse(f"admin:members_{name}_changelist")).status_code == 200
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(reverse(f"admin:members_{name}_changelist"), follow=True).status_code == 403
    helper = Client()
    helper.force_login(UserFactory(is_staff=True))  # on the team, without the permission
    assert helper.get(reverse(f"admin:members_{name}_changelist")).status_code == 403


@pytest.mark.parametrize("name", ["user", "member", "identity", "organisation", "affiliation"])
def test_lists_take_as_many_queries_for_many_rows_as_for_one(team: Client, name: str):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill() -> None:
        member = MemberFactory(user=UserFactory(), place=town("Köln") if not Member.objects.exists() else None)
        IdentityFactory(member=member)
        AffiliationFactory(member=member)

    counts = []
    listed(team, name)  # what is looked up once a minute or once a process
    for number in (1, 4):
        for _ in range(number):
            fill()
        with CaptureQueriesContext(connection) as queries:
            listed(team, name)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_account_is_made_by_address_and_has_to_be_confirmed(team: Client):
    team.post(
        reverse("admin:members_user_add"),
        {"email": "New@Example.org", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD},
    )
    user = User.objects.get(email__iexact="new@example.org")
    assert user.check_password(PASSWORD)
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified")) == [("new@example.org", False)]


def test_account_page_opens_and_saves(team: Client):
    user = UserFactory()
    url = reverse("admin:members_user_change", args=[user.pk])
    assert team.get(url).status_code == 200
    team.post(url, {"email": user.email, "language": "en-gb", "time_zone": "Mars/Olympus", "is_active": "on"})
    user.refresh_from_db()
    assert user.time_zone == ""
    team.post(url, {"email": user.email, "language": "en-gb", "time_zone": "Asia/Tokyo", "is_staff": "on"})
    user.refresh_from_db()
    assert (user.time_zone, user.is_staff, user.is_active) == ("Asia/Tokyo", True, False)


def test_people_are_found_by_name_handle_address_and_user_name(team: Client):
    member = MemberFactory(name="Ada", handle="countess", user=UserFactory(email="ada@example.org"))
    IdentityFactory(member=member, username="lovelace")
    IdentityFactory()
    for text in ("Ada", "countess", "ada@example.org", "lovelace"):
        assert listed(team, "member", q=text) == [member]


def test_actions_go_through_the_services(team: Client):
    member = MemberFactory()
    url = reverse("admin:members_member_changelist")
    for action in ("mark_as_bot", "hide"):
        team.post(url, {"action": action, "_selected_action": [member.pk]})
    member.refresh_from_db()
    assert (member.bot_state, member.visibility) == ("bot", "hidden")
    assert sorted(MemberChange.objects.values_list("kind", flat=True)) == ["bot", "visibility"]


def test_people_and_identities_are_not_deleted_or_rewritten_by_hand(team: Client):
    identity = IdentityFactory()
    assert (
        team.post(reverse("admin:members_member_delete", args=[identity.member_id]), {"post": "yes"}).status_code == 403
    )
    assert team.post(reverse("admin:members_identity_delete", args=[identity.pk]), {"post": "yes"}).status_code == 403
    assert team.post(reverse("admin:members_identity_change", args=[identity.pk]), {"uid": "9"}).status_code == 403
    assert team.get(reverse("admin:members_member_change", args=[identity.member_id])).status_code == 200


def test_organisation_takes_its_domains_and_refuses_public_providers(team: Client):
    def form(domain: str) -> dict[str, str]:
        return {
            "name": "Agency", "slug": "agency", "website": "", "place": "",
            "domains-TOTAL_FORMS": "1", "domains-INITIAL_FORMS": "0", "domains-MIN_NUM_FORMS": "0",
            "domains-MAX_NUM_FORMS": "1000", "domains-0-domain": domain,
        }  # fmt: skip

    page = team.post(reverse("admin:members_organisation_add"), form("gmail.com"))
    assert "Anybody can have an address at gmail.com" in page.content.decode()
    assert not Organisation.objects.exists()
    team.post(reverse("admin:members_organisation_add"), form("@Agency.example"))
    assert list(Organisation.objects.values_list("name", "domains__domain")) == [("Agency", "agency.example")]


def test_affiliation_by_the_team_waits_for_the_person(team: Client):
    member, organisation = MemberFactory(), OrganisationFactory()
    form = {"member": member.pk, "organisation": organisation.pk, "days_0": "2024-01-01", "days_1": ""}
    page = team.post(reverse("admin:members_affiliation_add"), form, follow=True)
    row = Affiliation.objects.get()
    assert (row.source, row.confirmed_at) == ("team", None)
    assert "has to confirm this" in page.content.decode()
    assert list(MemberChange.objects.values_list("member", "kind")) == [(member.pk, "affiliation")]
    again = team.post(reverse("admin:members_affiliation_add"), {**form, "organisation": OrganisationFactory().pk})
    assert "This person already has an organisation on some of these days." in again.content.decode()
    assert Affiliation.objects.count() == 1
    team.post(reverse("admin:members_affiliation_delete", args=[row.pk]), {"post": "yes"})
    assert (Affiliation.objects.count(), MemberChange.objects.count()) == (0, 2)


@pytest.mark.parametrize("days", [("", "0001-01-01"), ("", "9999-12-31"), ("0001-01-01", "")])
def test_affiliation_by_the_team_is_on_days_one_can_reckon_with(team: Client, days: tuple[str, str]):
    form = {
        "member": MemberFactory().pk,
        "organisation": OrganisationFactory().pk,
        "days_0": days[0],
        "days_1": days[1],
    }
    page = team.post(reverse("admin:members_affiliation_add"), form)
    assert "Choose a day between 1 Jan 1950 and" in page.content.decode()
    assert Affiliation.objects.count() == 0


def clerk(client: Client, *permissions: str) -> User:
    user = UserFactory(is_staff=True, email="clerk@example.org")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return user


def test_clerk_edits_accounts_but_gives_no_rights(client: Client):
    me = clerk(client, "view_user", "change_user")
    before = set(me.user_permissions.all())
    other = UserFactory()
    group = Group.objects.create(name="Everything")
    rights = {"is_superuser": "on", "groups": [group.pk], "user_permissions": [Permission.objects.all()[0].pk]}
    for user in (me, other):
        form = {
            "email": user.email,
            "language": "en-gb",
            "time_zone": "Asia/Tokyo",
            "is_active": "on",
            "is_staff": "on",
        }
        client.post(reverse("admin:members_user_change", args=[user.pk]), {**form, **rights})
        user.refresh_from_db()
        assert (user.time_zone, user.is_superuser, user.groups.count()) == ("Asia/Tokyo", False, 0)
    assert set(me.user_permissions.all()) == before
    assert not other.user_permissions.exists()


def test_superuser_gives_rights(team: Client):
    user, group = UserFactory(), Group.objects.create(name="Clerks")
    form = {"email": user.email, "language": "en-gb", "is_active": "on", "is_superuser": "on", "groups": [group.pk]}
    team.post(reverse("admin:members_user_change", args=[user.pk]), form)
    user.refresh_from_db()
    assert (user.is_superuser, list(user.groups.all())) == (True, [group])


def test_clerk_cannot_touch_a_superuser(client: Client):
    clerk(client, "view_user", "change_user", "delete_user")
    chief = UserFactory(is_staff=True, is_superuser=True)
    password = chief.password
    page = reverse("admin:members_user_change", args=[chief.pk])
    assert client.post(page, {"email": "mine@example.org", "language": "en-gb"}).status_code == 403
    new = {"password1": "a new password of mine", "password2": "a new password of mine", "usable_password": "true"}
    assert client.post(reverse("admin:auth_user_password_change", args=[chief.pk]), new).status_code == 403
    assert client.post(reverse("admin:members_user_delete", args=[chief.pk]), {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [chief.pk], "post": "yes"}
    client.post(reverse("admin:members_user_changelist"), action)
    chief.refresh_from_db()
    assert (chief.password, chief.email) == (password, chief.email)
    assert chief.email != "mine@example.org"
    assert client.get(page).status_code == 200  # to read


def test_merge_is_undone_from_the_list(team: Client):
    identity = IdentityFactory()
    merge = merge_members(kept=MemberFactory(), gone=identity.member, reason="test")
    gone = identity.member_id
    url = reverse("admin:members_merge_changelist")
    page = team.post(url, {"action": "undo", "_selected_action": [merge.pk]}, follow=True)
    assert "undone." in page.content.decode()
    identity.refresh_from_db()
    assert identity.member_id == gone
    page = team.post(url, {"action": "undo", "_selected_action": [merge.pk]}, follow=True)
    assert "This merge was undone before." in page.content.decode()
