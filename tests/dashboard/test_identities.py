"""What imports write of people, and what they leave alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.importers.records import Account
from dashboard.models import Contribution, MemberWindow
from dashboard.services import summaries
from dashboard.services.store import store
from portal.members.models import FormerName, Identity, Member
from portal.members.services import match, merge_members, note_by_hand, set_bot_state, undo_merge
from tests.dashboard.factories import NOW, TODAY, ChannelFactory, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    return ChannelFactory()


def bring(channel, *accounts: Account, later: int = 0) -> list[Identity]:
    """Import something new of each account, so many days later; returns their identities."""
    now = NOW + timedelta(days=later)
    rows = [record(f"{account.uid}-{later}", account=account, day=20 - later) for account in accounts]
    store(source=channel.source, channel=channel, records=rows, now=now)
    return [Identity.objects.select_related("member").get(uid=account.uid) for account in accounts]


def test_what_an_account_was_called_before_is_kept(channel):
    bring(channel, Account("1", "ada", "Ada L", email="a@b.example", is_email_verified=True, employer="Casa Norte"))
    (seen,) = bring(channel, Account("1", "ada-l", location="Köln"), later=1)
    assert (seen.username, seen.name, seen.email, seen.is_email_verified) == ("ada-l", "Ada L", "a@b.example", True)
    assert (seen.employer, seen.location, seen.username_key, seen.name_key) == ("Casa Norte", "Köln", "ada-l", "ada l")
    bring(channel, Account("1", "ada-l", email="new@b.example"), later=2)
    seen.refresh_from_db()
    assert (seen.email, seen.is_email_verified) == ("new@b.example", False)
    former = FormerName.objects.order_by("pk").values_list("username", "email", "until_at")
    assert list(former) == [
        ("ada", "a@b.example", NOW + timedelta(days=1)),
        ("ada-l", "a@b.example", NOW + timedelta(days=2)),
    ]


def test_what_a_human_set_is_not_written_again(channel):
    first, second = bring(channel, Account("1", "ada"), Account("2", "bob"))
    note_by_hand(member=first.member, fields=["handle"])
    set_bot_state(member=first.member, bot_state="human")
    bring(channel, Account("1", "eve", is_bot=True), Account("2", "bert", is_bot=True), later=1)
    states = Member.objects.order_by("pk").values_list("handle", "bot_state")
    assert list(states) == [("ada", "human"), ("bert", "bot")]
    set_bot_state(member=second.member, bot_state="unknown")
    bring(channel, Account("2", "bea", is_bot=True), later=2)
    assert Member.objects.get(pk=second.member_id).bot_state == "unknown"


def test_undo_gives_back_each_side_after_later_imports(channel):
    """What the moved identity did after the merge is the other's again, and so is its new name."""
    kept, gone = bring(channel, Account("1", "ada"), Account("2", "bob"))
    merge = merge_members(kept=kept.member, gone=gone.member, reason="test")
    bring(channel, Account("1", "ada"), Account("2", "bert"), Account("3", "cyd"), later=1)
    summaries.rebuild(today=TODAY)
    assert MemberWindow.objects.get(days=90, member=kept.member).n == 4
    assert Member.objects.get(pk=kept.member_id).handle == "ada"
    undo_merge(merge=merge)
    summaries.rebuild(today=TODAY)
    windows = MemberWindow.objects.filter(days=90).order_by("member")
    assert list(windows.values_list("member__handle", "n")) == [("ada", 2), ("bert", 2), ("cyd", 1)]
    assert Contribution.objects.filter(identity__member=gone.member).count() == 2


def test_an_import_that_brings_a_proof_merges_and_one_that_brings_less_does_not(channel):
    forum = ChannelFactory(source__service="discourse")
    (coder,) = bring(channel, Account("1", "ada", email="a@b.example", is_email_verified=True))
    bring(forum, Account("9", "lovelace", email="a@b.example"))
    assert match(now=timezone.now()).merged == 0
    (writer,) = bring(forum, Account("9", "lovelace", email="a@b.example", is_email_verified=True), later=1)
    assert match(now=timezone.now()).merged == 1
    writer.refresh_from_db()
    assert writer.member_id == coder.member_id
