"""Accounts become members, identities are claimed, members merged and parted again."""

import threading
from datetime import date

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange

from meetups.models import GroupMembership
from portal.members.models import Affiliation, Identity, Member, MemberChange, Merge, Organisation, User
from portal.members.services import (
    IdentityTaken,
    MergeRefused,
    add_affiliation,
    claim_identity,
    confirm_affiliation,
    end_affiliation,
    is_taken,
    member_of,
    merge_members,
    organisation_called,
    reject_affiliation,
    set_bot_state,
    set_visibility,
    undo_merge,
)
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, OrganisationFactory, UserFactory
from tests.places.factories import town

pytestmark = pytest.mark.django_db

GITHUB = {"service": "github", "site": "github.com"}


def changes(*members: Member) -> list[tuple[int, str]]:
    rows = MemberChange.objects.filter(member__in=members) if members else MemberChange.objects.all()
    return sorted(rows.values_list("member", "kind"))


def snapshot() -> dict[str, list]:
    """Every row that a merge may touch, without the merges and changes themselves."""
    return {
        model.__name__: list(model._base_manager.order_by("pk").values())
        for model in (Member, Identity, Affiliation, GroupMembership)
    }


# --- member_of ---------------------------------------------------------------------------------------------------


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


# --- claim_identity ----------------------------------------------------------------------------------------------


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


# --- merge and undo ----------------------------------------------------------------------------------------------


@pytest.fixture
def pair() -> tuple[Member, Member]:
    """Somebody with an account and a blank profile, and the member imports made of them."""
    kept = MemberFactory(user=UserFactory(), name="Ada", handle="", languages=["en"])
    gone = MemberFactory(name="A. L.", handle="ada", place=town("Köln"), languages=["de"], skills=["php"])
    IdentityFactory(member=kept)
    IdentityFactory.create_batch(2, member=gone)
    return kept, gone


def group_at(place_key: str):
    from meetups.models import Group

    return Group.objects.create(name=place_key, slug=place_key.lower()[:5], place=town(place_key))


def test_merge_moves_everything_and_undo_restores_exactly(pair: tuple[Member, Member]):
    kept, gone = pair
    both, theirs = group_at("Berlin"), group_at("Lagos")
    GroupMembership.objects.create(group=both, member=kept)
    GroupMembership.objects.create(group=both, member=gone)
    GroupMembership.objects.create(group=theirs, member=gone)
    AffiliationFactory(member=kept, from_on=date(2024, 1, 1))
    AffiliationFactory(member=gone, from_on=date(2020, 1, 1), until_on=date(2022, 1, 1))
    AffiliationFactory(member=gone, from_on=date(2023, 1, 1))
    before = snapshot()

    merge = merge_members(kept=kept, gone=gone, reason="test")

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert kept.identities.count() == 3
    assert gone.identities.count() == 0
    assert (kept.name, kept.handle, kept.place, kept.languages, kept.skills) == (
        "Ada",
        "ada",
        gone.place,
        ["en"],
        ["php"],
    )
    assert set(kept.group_memberships.values_list("group", flat=True)) == {both.pk, theirs.pk}
    assert sorted((row.days.lower, row.days.upper) for row in kept.affiliations.exclude(days__upper_inf=True)) == [
        (date(2020, 1, 1), date(2022, 1, 1)),
        (date(2023, 1, 1), date(2024, 1, 1)),
    ]
    assert gone.merged_into == kept
    assert list(Member.objects.people()) == [kept]
    assert changes() == sorted([(kept.pk, "merge"), (gone.pk, "merge")])

    undo_merge(merge=merge)

    assert snapshot() == before
    assert len(changes()) == 4
    merge.refresh_from_db()
    assert merge.undone_at is not None


def test_undo_keeps_what_came_since(pair: tuple[Member, Member]):
    kept, gone = pair
    merge = merge_members(kept=kept, gone=gone, reason="test")
    later = IdentityFactory(member=kept)
    Member.objects.filter(pk=kept.pk).update(handle="own-choice")
    undo_merge(merge=merge)
    later.refresh_from_db()
    kept.refresh_from_db()
    assert (later.member, kept.handle, kept.skills) == (kept, "own-choice", [])


def test_undo_twice_is_refused(pair: tuple[Member, Member]):
    merge = merge_members(kept=pair[0], gone=pair[1], reason="test")
    undo_merge(merge=merge)
    with pytest.raises(MergeRefused, match="undone before"):
        undo_merge(merge=merge)


def test_undo_of_an_earlier_merge_waits_for_the_later_one():
    first, second, third = MemberFactory(), MemberFactory(), MemberFactory(user=UserFactory())
    IdentityFactory(member=first)
    before = snapshot()
    earlier = merge_members(kept=second, gone=first, reason="test")
    later = merge_members(kept=third, gone=second, reason="test")
    with pytest.raises(MergeRefused, match="undo that one first"):
        undo_merge(merge=earlier)
    undo_merge(merge=later)
    undo_merge(merge=earlier)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("kept", "gone", "sentence"),
    [
        ({"user": True}, {"user": True}, "Both members have an account"),
        ({}, {"user": True}, "Keep the member who has the account"),
    ],
)
def test_merge_refuses_pairs_that_would_lose_an_account(kept: dict, gone: dict, sentence: str):
    first, second = (MemberFactory(user=UserFactory() if side else None) for side in (kept, gone))
    with pytest.raises(MergeRefused, match=sentence):
        merge_members(kept=first, gone=second, reason="test")


def test_merge_refuses_one_member_and_members_merged_before():
    first, second, third = MemberFactory.create_batch(3)
    with pytest.raises(MergeRefused, match="one and the same"):
        merge_members(kept=first, gone=first, reason="test")
    merge_members(kept=first, gone=second, reason="test")
    with pytest.raises(MergeRefused, match="merged or erased before"):
        merge_members(kept=third, gone=second, reason="test")


def test_every_foreign_key_to_a_member_moves_or_says_why_not():
    from portal.members.services.merges import _STAYS, _relations

    moving = {relation.related_model for relation in _relations()}
    rebuilt = {"MemberWindow", "MonthCredit"}
    for relation in Member._meta.related_objects:
        model = relation.related_model
        assert model in moving or model in _STAYS or model.__name__ in rebuilt
    assert {model.__name__ for model in moving} & rebuilt == set()
    arrays = [field for field in Member._meta.get_fields() if isinstance(field, ArrayField | models.JSONField)]
    assert {field.name for field in arrays} == {"languages", "skills"}


# --- affiliations ------------------------------------------------------------------------------------------------


def test_affiliation_of_the_person_counts_at_once():
    member = MemberFactory()
    row = add_affiliation(
        member=member, organisation=OrganisationFactory(), from_on=date(2024, 1, 1), last_on=date(2024, 6, 30)
    )
    assert (row.days, row.source) == (DateRange(date(2024, 1, 1), date(2024, 7, 1)), "person")
    assert list(member.affiliations.confirmed()) == [row]
    assert changes(member) == [(member.pk, "affiliation")]


def test_affiliation_that_overlaps_is_refused_with_the_other_ones_days():
    old = AffiliationFactory(from_on=date(2024, 1, 1), organisation__name="Casa Norte")
    with pytest.raises(ValidationError) as caught:
        add_affiliation(member=old.member, organisation=OrganisationFactory(), from_on=date(2025, 1, 1))
    assert caught.value.message_dict == {
        "from_on": ["These days overlap with Casa Norte, 1 Jan 2024 to now. End that one first, or change the days."]
    }
    assert Affiliation.objects.count() == 1
    assert changes() == []


def test_days_that_touch_do_not_overlap():
    old = AffiliationFactory(from_on=date(2024, 1, 1), until_on=date(2024, 7, 1))
    add_affiliation(member=old.member, organisation=OrganisationFactory(), from_on=date(2024, 7, 1))
    assert old.member.affiliations.count() == 2


def test_last_day_before_the_first_is_refused():
    with pytest.raises(ValidationError) as caught:
        add_affiliation(
            member=MemberFactory(),
            organisation=OrganisationFactory(),
            from_on=date(2024, 1, 2),
            last_on=date(2024, 1, 1),
        )
    assert list(caught.value.message_dict) == ["last_on"]


def test_claim_of_others_counts_only_once_confirmed():
    row = AffiliationFactory(confirmed_at=None, source="team")
    assert list(Affiliation.objects.confirmed()) == []
    assert confirm_affiliation(affiliation=row)
    assert not confirm_affiliation(affiliation=row)
    assert not reject_affiliation(affiliation=row)
    assert list(Affiliation.objects.confirmed()) == [row]
    assert changes() == [(row.member_id, "affiliation")]


def test_rejected_claim_is_remembered_and_frees_the_days():
    row = AffiliationFactory(confirmed_at=None, source="domain")
    assert reject_affiliation(affiliation=row)
    assert list(Affiliation.objects.shown()) == []
    add_affiliation(member=row.member, organisation=OrganisationFactory(), from_on=date(2020, 1, 1))
    assert Affiliation.objects.count() == 2


def test_affiliation_ends_on_its_last_day():
    row = AffiliationFactory(from_on=date(2024, 1, 1))
    end_affiliation(affiliation=row, last_on=date(2024, 3, 31))
    row.refresh_from_db()
    assert row.days == DateRange(date(2024, 1, 1), date(2024, 4, 1))
    for day in (date(2023, 12, 31), date(2024, 4, 1)):
        with pytest.raises(ValidationError):
            end_affiliation(affiliation=row, last_on=day)


def test_organisation_is_found_however_it_is_written():
    known = OrganisationFactory(name="Casa Norte", slug="casa-norte")
    assert organisation_called("  casa  NORTE ") == known
    other = organisation_called("Casa Norte!")
    assert (other.name, other.slug) == ("Casa Norte!", "casa-norte-2")
    assert organisation_called("東京").slug == "organisation"
    assert Organisation.objects.count() == 3


# --- profiles ----------------------------------------------------------------------------------------------------


def test_visibility_and_bot_state_tell_others_once():
    member = MemberFactory()
    assert set_visibility(member=member, visibility="hidden")
    assert not set_visibility(member=member, visibility="hidden")
    assert set_bot_state(member=member, bot_state="bot")
    assert not set_bot_state(member=member, bot_state="bot")
    assert changes() == [(member.pk, "bot"), (member.pk, "visibility")]
