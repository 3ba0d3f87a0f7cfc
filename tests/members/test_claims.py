"""Accounts become members, and identities are claimed by signing in."""

import threading

import pytest
from django.db import connection

from portal.members.models import Identity, Member, Merge, User
from portal.members.services import (
    IdentityTaken,
    claim_identity,
    is_taken,
    member_of,
)
from tests.members.factories import IdentityFactory, UserFactory
from tests.members.rows import changes, snapshot

pytestmark = pytest.mark.django_db

GITHUB = {"service": "github", "site": "github.com"}


def test_member_of_makes_one_member_with_an_identity_of_the_portal(settings):
    user = UserFactory()
    member = member_of(user, name="Ada")
    assert member_of(user, name="Other") == member
    assert (member.name, member.visibility, len(member.public_id)) == ("Ada", "public", 20)
    assert list(member.identities.values_list("service", "site", "uid")) == [
        ("portal", settings.SITE_HOST, str(member.pk))
    ]


@pytest.mark.django_db(transaction=True)
def test_member_of_gives_requests_at_once_the_same_member():
    user = UserFactory()
    found: list[int] = []
    start = threading.Barrier(5)

    def work() -> None:
        start.wait()
        try:
            found.append(member_of(User.objects.get(pk=user.pk)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(found) == 5
    assert set(found) == set(Member.objects.values_list("pk", flat=True))
    assert Identity.objects.filter(service="portal").count() == 1


def test_claim_gives_an_account_without_member_the_imported_one():
    imported = IdentityFactory(member__name="", member__visibility="handle")
    user = UserFactory()
    member = claim_identity(user=user, uid=imported.uid, username="ada", name="Ada", **GITHUB)
    assert member == imported.member
    assert (member.user, member.name, member.visibility) == (user, "Ada", "public")


def test_claim_keeps_the_wish_of_somebody_who_opted_out():
    imported = IdentityFactory(member__visibility="hidden")
    member = claim_identity(user=UserFactory(), uid=imported.uid, **GITHUB)
    assert (member, member.visibility) == (imported.member, "hidden")


def test_claim_does_not_overwrite_what_the_person_said():
    user = UserFactory()
    member_of(user, name="Ada L.")
    member = claim_identity(user=user, uid="1", username="ada", name="Augusta", **GITHUB)
    assert (member.name, member.handle) == ("Ada L.", "ada")


def test_names_of_a_service_are_cleaned():
    member = claim_identity(user=UserFactory(), uid="1", username="a\u200bda", name="\u202eAda\x07 L.", **GITHUB)
    identity = member.identities.get(service="github")
    assert (member.name, member.handle, identity.name, identity.username) == ("Ada L.", "ada", "Ada L.", "ada")
    assert member_of(UserFactory(), name="\u202e\u200b").name == ""


def test_claim_is_the_same_when_repeated():
    user = UserFactory()
    first = claim_identity(user=user, uid="1", username="ada", **GITHUB)
    before = snapshot()["Member"]
    assert claim_identity(user=user, uid="1", username="ada-renamed", **GITHUB) == first
    assert snapshot()["Member"] == before
    assert Identity.objects.get(service="github").username == "ada-renamed"
    assert Merge.objects.count() == 0


def test_claim_merges_the_imported_member_into_the_one_with_the_account():
    user = UserFactory()
    mine = member_of(user, name="Ada")
    imported = IdentityFactory()
    gone = imported.member
    assert claim_identity(user=user, uid=imported.uid, **GITHUB) == mine
    imported.refresh_from_db()
    gone.refresh_from_db()
    assert (imported.member, gone.merged_into) == (mine, mine)
    assert changes() == sorted([(mine.pk, "merge"), (gone.pk, "merge")])


def test_claim_of_another_accounts_identity_is_refused_and_changes_nothing():
    owner = UserFactory()
    imported = IdentityFactory(member__user=owner)
    stranger = UserFactory()
    member_of(stranger)
    before = snapshot()
    with pytest.raises(IdentityTaken, match="already belongs to a member"):
        claim_identity(user=stranger, uid=imported.uid, username="evil", **GITHUB)
    assert snapshot() == before
    assert is_taken(user=stranger, uid=imported.uid, **GITHUB)
    assert is_taken(user=None, uid=imported.uid, **GITHUB)
    assert not is_taken(user=owner, uid=imported.uid, **GITHUB)
    assert not is_taken(user=stranger, uid="other", **GITHUB)


def test_same_number_at_another_site_is_another_identity():
    imported = IdentityFactory(uid="7", site="github.example")
    member = claim_identity(user=UserFactory(), uid="7", **GITHUB)
    assert member != imported.member


def test_claim_after_an_erasure_starts_anew():
    from django.utils import timezone

    imported = IdentityFactory(member__erased_at=timezone.now(), member__name="", member__handle="")
    member = claim_identity(user=UserFactory(), uid=imported.uid, username="ada", **GITHUB)
    imported.refresh_from_db()
    assert imported.member == member
    assert not Member.objects.filter(erased_at__isnull=False, user__isnull=False).exists()
