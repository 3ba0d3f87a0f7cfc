"""Who is one person: proofs merge, everything else is suggested, and what people said holds."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from portal.members.matching import Face, proven_merges
from portal.members.models import FormerName, Identity, Member, Merge, MergeSuggestion, SharedName
from portal.members.services import (
    accept_suggestion,
    match,
    match_if_changed,
    merge_members,
    put_off_suggestion,
    refuse_suggestion,
    set_bot_state,
    set_visibility,
    undo_merge,
)
from portal.members.services.accounts import member_of
from tests.members.factories import AffiliationFactory, IdentityFactory, MemberFactory, OrganisationFactory, UserFactory
from tests.members.rows import snapshot

pytestmark = pytest.mark.django_db


def forum(**values) -> Identity:
    return IdentityFactory(service="discourse", site="forum.example.org", **values)


def run() -> tuple[int, int]:
    found = match(now=timezone.now())
    return found.merged, found.suggested


def suggestions() -> list[tuple[int, int, int, list[str]]]:
    rows = MergeSuggestion.objects.order_by("first", "second")
    return [(row.first_id, row.second_id, row.score, [reason["code"] for reason in row.reasons]) for row in rows]


def test_the_same_verified_address_in_two_places_merges_and_in_one_it_does_not():
    one = IdentityFactory(email="Ada@Example.org", is_email_verified=True)
    other = forum(email="ada@example.org", is_email_verified=True)
    IdentityFactory(email="ada@example.org", is_email_verified=True)  # a second account at GitHub
    merged, _suggested = run()
    assert merged == 1
    assert Identity.objects.get(pk=other.pk).member == one.member
    merge = Merge.objects.get()
    assert (merge.reason, merge.by, merge.gone) == (
        "the same verified e-mail address in two places",
        None,
        other.member,
    )


def test_a_verified_address_of_an_account_is_proof_and_the_account_is_kept():
    early = forum(email="ada@example.org", is_email_verified=True)
    mine = member_of(UserFactory(email="ada@example.org"))
    unproven = member_of(UserFactory(email="bob@example.org", email_verified=False))
    forum(email="bob@example.org", is_email_verified=True)
    assert run()[0] == 1
    assert Identity.objects.get(pk=early.pk).member == mine
    assert unproven.identities.count() == 1


def test_a_no_reply_address_of_github_is_proof_by_its_number_alone():
    coder = IdentityFactory(uid="4711", username="ada")
    IdentityFactory(uid="4712", username="bob")
    commit = forum(email="4711+whoever@users.noreply.github.com")
    forum(email="ada@users.noreply.github.com")
    forum(email="4712+bob@users.noreply.github.com.evil.example")
    assert run() == (1, 0)
    commit.refresh_from_db()
    assert commit.member_id == coder.member_id


@pytest.mark.parametrize(
    ("one", "other", "score", "codes"),
    [
        ({"email": "a@b.example"}, {"email": "A@b.example", "is_email_verified": True}, 60, ["email"]),
        ({"username": "Ada.L"}, {"username": "ada.l"}, 40, ["username"]),
        (
            {"name": "Zoë Müller", "location": "Köln, DE"},
            {"name": "zoe  muller", "location": "koln de"},
            45,
            ["name", "location"],
        ),
        (
            {"name": "Ada Lovelace", "employer": "Casa Norte"},
            {"name": "Ada Lovelace", "employer": "casa norte"},
            45,
            ["name", "organisation"],
        ),
        (
            {"name": "Ada Lovelace", "language": "en"},
            {"name": "Ada Lovelace", "language": "EN"},
            30,
            ["name", "language"],
        ),
        ({"name": "Ada Lovelace"}, {"name": "Ada Lovelace"}, None, []),
        ({"name": "Ada", "location": "Köln"}, {"name": "Ada", "location": "Köln"}, None, []),
        ({"email": "info@agency.example"}, {"email": "info@agency.example"}, None, []),
        ({"username": "admin"}, {"username": "admin"}, None, []),
        ({"username": "ab"}, {"username": "ab"}, None, []),
    ],
)
def test_what_is_no_proof_is_suggested_with_its_reasons(one: dict, other: dict, score: int | None, codes: list[str]):
    first, second = IdentityFactory(**one), forum(**other)
    assert run()[0] == 0
    expected = [] if score is None else [(first.member_id, second.member_id, score, codes)]
    assert suggestions() == expected


def test_points_add_up_and_a_name_counts_beside_another_reason():
    one = IdentityFactory(username="ada", name="Ada Lovelace", email="a@b.example")
    other = forum(username="ada", name="Ada Lovelace", email="a@b.example")
    run()
    assert suggestions() == [(one.member_id, other.member_id, 100, ["email", "username", "name"])]
    assert [reason["points"] for reason in MergeSuggestion.objects.get().reasons] == [60, 40, 25]


def test_two_accounts_in_one_place_bots_and_crowds_are_not_suggested():
    IdentityFactory(username="same-place")
    IdentityFactory(username="same-place")
    IdentityFactory(username="robot", member__bot_state="bot")
    forum(username="robot")
    for n in range(9):
        IdentityFactory(service="slack", site=f"T{n}", username="crowd")
    IdentityFactory(username="demo", member__is_demo=True)
    forum(username="demo")
    assert run() == (0, 0)


def test_nothing_is_said_of_people_who_sign_in_twice_or_were_erased():
    for user in (UserFactory(), UserFactory()):
        IdentityFactory(service="slack", site=user.email, username="ada", member=member_of(user))
    forum(username="gone", member__erased_at=timezone.now())
    IdentityFactory(username="gone")
    assert run() == (0, 0)


def test_a_human_merges_says_no_or_puts_off():
    user = UserFactory()
    first, second, third = (
        IdentityFactory(username="ada"),
        forum(username="ada"),
        IdentityFactory(service="slack", site="T1", username="ada"),
    )
    assert run() == (0, 3)
    of_two = MergeSuggestion.objects.get(first=first.member, second=second.member)
    put_off_suggestion(suggestion=of_two, now=timezone.now())
    assert MergeSuggestion.objects.waiting().count() == 2
    merge = accept_suggestion(suggestion=of_two, by=user)
    assert (merge.kept, merge.gone, merge.by) == (first.member, second.member, user)
    run()
    (left,) = MergeSuggestion.objects.all()
    assert (left.first, left.second) == (first.member, third.member)
    refuse_suggestion(suggestion=left, by=user)
    assert run() == (0, 0)
    undo_merge(merge=merge, by=user)
    assert run() == (0, 0)  # the no was said of each identity, so it holds after they are parted


def test_a_merge_that_was_undone_is_not_made_again():
    IdentityFactory(email="a@b.example", is_email_verified=True)
    forum(email="a@b.example", is_email_verified=True)
    before = snapshot()
    assert run()[0] == 1
    undo_merge(merge=Merge.objects.get())
    assert snapshot() == before
    assert run() == (0, 0)


def test_merges_in_bulk_and_one_by_one_leave_the_same():
    """A member with rows of their own takes the slow way; both restore exactly."""
    bare = IdentityFactory(email="a@b.example", is_email_verified=True, member__handle="").member
    busy = forum(email="a@b.example", is_email_verified=True, member__languages=["de"], member__handle="bee").member
    AffiliationFactory(member=busy, from_on=date(2024, 1, 1))
    blank = IdentityFactory(email="c@d.example", is_email_verified=True, member__handle="", member__name="").member
    forum(email="c@d.example", is_email_verified=True, member__visibility="hidden", member__handle="cee")
    before = snapshot()
    assert run()[0] == 2
    for member in (bare, blank):
        member.refresh_from_db()
    assert [(m.handle, m.visibility, m.languages, m.affiliations.count()) for m in (bare, blank)] == [
        ("bee", "public", ["de"], 1),
        ("cee", "hidden", [], 0),
    ]
    for merge in Merge.objects.order_by("-pk"):
        undo_merge(merge=merge)
    assert snapshot() == before


def test_who_is_counted_unnamed_stays_so_after_a_merge_until_they_say_otherwise():
    hidden, seen = MemberFactory(visibility="hidden"), MemberFactory(visibility="handle")
    merge_members(kept=seen, gone=hidden, reason="test")
    seen.refresh_from_db()
    assert seen.visibility == "hidden"
    chosen, other = MemberFactory(visibility="handle"), MemberFactory(visibility="hidden")
    set_visibility(member=chosen, visibility="public")
    merge_members(kept=chosen, gone=other, reason="test")
    chosen.refresh_from_db()
    assert chosen.visibility == "public"


def test_undo_follows_what_imports_renamed_meanwhile():
    kept, gone = MemberFactory(handle=""), MemberFactory(handle="ada")
    IdentityFactory(member=kept)
    theirs = IdentityFactory(member=gone, username="ada")
    merge = merge_members(kept=kept, gone=gone, reason="test")
    Identity.objects.filter(pk=theirs.pk).update(username="eve", is_bot_hint=True)
    FormerName.objects.create(identity=theirs, username="ada")
    Member.objects.filter(pk=kept.pk).update(handle="eve", bot_state="bot")
    undo_merge(merge=merge)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert [(m.handle, m.bot_state) for m in (kept, gone)] == [("", "unknown"), ("eve", "bot")]


def test_a_humans_word_on_a_bot_goes_with_a_merge_and_back():
    kept, gone = MemberFactory(), MemberFactory()
    set_bot_state(member=gone, bot_state="human")
    merge = merge_members(kept=kept, gone=gone, reason="test")
    kept.refresh_from_db()
    assert (kept.bot_state, kept.by_hand) == ("human", ["bot_state"])
    undo_merge(merge=merge)
    kept.refresh_from_db()
    assert (kept.bot_state, kept.by_hand) == ("unknown", [])


def test_matching_runs_only_when_something_changed():
    now = timezone.now()
    IdentityFactory(username="ada")
    forum(username="ada")
    assert match_if_changed(now=now) is not None
    assert match_if_changed(now=now) is None
    SharedName.objects.create(kind="username", key="ada")
    found = match_if_changed(now=now)
    assert found is not None
    assert found.suggested == 0
    assert match_if_changed(now=now) is None
    EmailAddress.objects.create(user=UserFactory(email_verified=None), email="x@y.example", verified=True)
    assert match_if_changed(now=now) is not None


def test_an_organisation_that_both_told_backs_a_name():
    one, other = IdentityFactory(name="Ada Lovelace"), forum(name="Ada Lovelace")
    organisation = OrganisationFactory(name="Casa Norte")
    for identity in (one, other):
        AffiliationFactory(member=identity.member, organisation=organisation)
    run()
    assert suggestions() == [(one.member_id, other.member_id, 45, ["name", "organisation"])]


def face(member: int, *places: str, has_account: bool = False) -> Face:
    return Face(member, frozenset((place, "site") for place in places), has_account, len(places))


def test_chains_of_proofs_end_in_one_and_stop_where_something_speaks_against_it():
    faces = {
        1: face(1, "github"),
        2: face(2, "slack", "reddit"),
        3: face(3, "forum"),
        4: face(4, "slack"),
        5: face(5, "portal", has_account=True),
    }
    proofs = [(1, 2, "a"), (2, 3, "b"), (3, 4, "c"), (1, 5, "d")]
    assert proven_merges(proofs, faces) == [(5, 1, "a"), (5, 2, "d"), (5, 3, "b")]
    assert proven_merges(proofs, faces, [(3, 1)]) == [(5, 1, "a"), (5, 2, "d"), (3, 4, "c")]
