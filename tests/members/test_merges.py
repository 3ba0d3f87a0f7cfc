"""Members are merged and parted again."""

from datetime import date

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from meetups.models import GroupMembership
from portal.members.models import Member
from portal.members.services import (
    MergeRefused,
    merge_members,
    undo_merge,
)
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, UserFactory
from tests.members.rows import changes, snapshot
from tests.places.factories import town

pytestmark = pytest.mark.django_db


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
    from portal.members.services.merges import _STAYS, moving_relations

    moving = {relation.related_model for relation in moving_relations()}
    rebuilt = {"MemberLevel", "MemberWindow", "MonthCredit", "MergeSuggestion"}
    for relation in Member._meta.related_objects:
        model = relation.related_model
        assert model in moving or model in _STAYS or model.__name__ in rebuilt
    assert {model.__name__ for model in moving} & rebuilt == set()
    arrays = [field for field in Member._meta.get_fields() if isinstance(field, ArrayField | models.JSONField)]
    assert {field.name for field in arrays} == {"languages", "skills", "by_hand"}
