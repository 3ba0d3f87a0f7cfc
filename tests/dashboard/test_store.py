"""Storing records: what is new, what changed, who did it, and when it counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard import kinds
from dashboard.importers.records import Account
from dashboard.models import Contribution, SummaryState
from dashboard.services.store import StoreResult, store
from portal.members.models import Identity, Member
from tests.dashboard.factories import NOW, ChannelFactory, at, member_of, record

pytestmark = pytest.mark.django_db


def save(channel, *records, now=NOW, is_backfill=False) -> StoreResult:
    return store(source=channel.source, channel=channel, records=records, now=now, is_backfill=is_backfill)


def test_store_counts_new_updated_and_skipped():
    channel = ChannelFactory()
    one, two = record("issue:1", title="First"), record("issue:2", title="Second")
    assert save(channel, one, two) == StoreResult(2, 0, 0)
    assert save(channel, one, two) == StoreResult(0, 0, 2)
    assert save(channel, replace(one, title="First, edited"), two) == StoreResult(0, 1, 1)
    assert sorted(Contribution.objects.values_list("title", flat=True)) == ["First, edited", "Second"]


def test_store_keeps_every_field():
    channel = ChannelFactory()
    account = Account(uid="7", username="ada", name="Ada L", url="https://example.org/ada")
    save(
        channel,
        record(
            "change:1",
            kinds.CHANGE,
            account=account,
            state="merged",
            thread="1#1",
            title="T",
            url="https://example.org/1",
            likes=3,
            credited_at=at(0),
            source_updated_at=at(0, 11),
        ),
    )
    row = Contribution.objects.select_related("identity__member").get()
    assert (row.source_id, row.channel_id, row.external_id, row.kind) == (
        channel.source_id,
        channel.pk,
        "change:1",
        "change",
    )
    assert (row.state, row.thread, row.title, row.url, row.likes) == ("merged", "1#1", "T", "https://example.org/1", 3)
    assert (row.occurred_at, row.credited_at, row.source_updated_at) == (at(1), at(0), at(0, 11))
    identity = row.identity
    host = channel.source.base_url.removeprefix("https://")
    assert (identity.service, identity.site, identity.uid) == ("github", host, "7")
    assert (identity.username, identity.name, identity.url) == ("ada", "Ada L", "https://example.org/ada")
    member = identity.member
    assert (member.handle, member.name, member.visibility, member.bot_state) == ("ada", "", "handle", "unknown")


def test_store_last_version_in_a_batch_wins():
    channel = ChannelFactory()
    old = record("issue:1", title="old", source_updated_at=at(3))
    new = record("issue:1", title="new", source_updated_at=at(2))
    assert save(channel, new, old) == StoreResult(1, 0, 1)
    assert Contribution.objects.get().title == "new"


def test_store_never_puts_an_older_version_over_a_newer_one():
    channel = ChannelFactory()
    save(channel, record("issue:1", title="new", source_updated_at=at(2)))
    assert save(channel, record("issue:1", title="old", source_updated_at=at(3))) == StoreResult(0, 0, 1)
    assert Contribution.objects.get().title == "new"


def test_store_kind_author_and_time_never_change():
    channel = ChannelFactory()
    save(channel, record("x:1", kinds.ISSUE, who="1"))
    save(channel, record("x:1", kinds.CHANGE, who="2", day=9, title="other"))
    row = Contribution.objects.select_related("identity").get()
    assert (row.kind, row.identity.uid, row.occurred_at, row.title) == ("issue", "1", at(1), "other")


def test_store_brings_a_deleted_row_back():
    channel = ChannelFactory()
    save(channel, record("issue:1"))
    Contribution.objects.update(deleted_at=NOW)
    assert save(channel, record("issue:1")) == StoreResult(0, 1, 0)
    assert Contribution.objects.get().deleted_at is None


def test_store_equal_ids_of_two_sources_are_two_rows():
    one, two = ChannelFactory(), ChannelFactory()
    save(one, record("issue:1"))
    assert save(two, record("issue:1")) == StoreResult(1, 0, 0)
    assert Identity.objects.filter(uid="1").count() == 2


def test_store_missing_authors_share_one_identity_of_nobody():
    channel = ChannelFactory()
    save(channel, record("issue:1", who=None), record("issue:2", who=None))
    save(channel, record("issue:3", who=None))
    identity = Identity.objects.select_related("member").get()
    assert identity.contributions.count() == 3
    assert (identity.member.visibility, identity.member.erased_at, identity.username) == ("hidden", NOW, "")
    assert list(Member.objects.people()) == []


def test_store_bot_hint_makes_a_bot_but_never_overrides_a_person():
    channel = ChannelFactory()
    bot = Account(uid="1", username="ci[bot]", is_bot=True)
    save(channel, record("issue:1", account=bot), record("issue:2", who="2"))
    assert (member_of("1").bot_state, member_of("2").bot_state) == ("bot", "unknown")
    Member.objects.update(bot_state=Member.BotState.HUMAN)
    save(channel, record("issue:3", account=replace(bot, username="renamed[bot]")))
    assert member_of("1").bot_state == "human"


def test_store_follows_a_new_name_and_leaves_what_a_person_set():
    channel = ChannelFactory()
    save(channel, record("issue:1", who="1"), record("issue:2", who="2"))
    Member.objects.filter(handle="login-2").update(handle="own choice")
    for uid in ("1", "2"):
        save(channel, record(f"issue:new-{uid}", account=Account(uid=uid, username=f"renamed-{uid}")))
    assert [member_of("1").handle, member_of("2").handle] == ["renamed-1", "own choice"]
    assert Identity.objects.get(uid="2").username == "renamed-2"
    assert Member.objects.count() == 2


def test_store_gives_nothing_back_to_an_erased_person():
    channel = ChannelFactory()
    save(channel, record("issue:1"))
    Member.objects.update(erased_at=NOW, handle="")
    Identity.objects.update(username="", name="")
    save(channel, record("issue:2"))
    assert (Identity.objects.get().username, Member.objects.get().handle) == ("", "")


def test_store_channel_key_names_another_channel_of_the_source():
    channel = ChannelFactory()
    other = ChannelFactory(source=channel.source, key="7")
    ChannelFactory(key="8")  # another source's
    save(channel, record("post:1", channel_key="7"), record("post:2", channel_key="8"), record("post:3"))
    rows = dict(Contribution.objects.values_list("external_id", "channel_id"))
    assert rows == {"post:1": other.pk, "post:2": channel.pk, "post:3": channel.pk}


def answer(state: str = "", **fields):
    return record("post:1", kinds.ANSWER, day=30, state=state, **fields)


def credited_at():
    return Contribution.objects.get().credited_at


def test_store_answer_accepted_later_counts_from_when_it_was_seen():
    channel = ChannelFactory()
    save(channel, answer(), is_backfill=True)
    assert credited_at() is None
    save(channel, answer(kinds.STATE_ACCEPTED))
    assert credited_at() == NOW
    save(channel, answer(kinds.STATE_ACCEPTED, title="edited"), now=NOW + timedelta(days=9))
    assert credited_at() == NOW
    save(channel, answer(), now=NOW + timedelta(days=10))
    assert credited_at() is None


def test_store_answer_accepted_long_ago_counts_when_it_was_written():
    channel = ChannelFactory()
    save(channel, answer(kinds.STATE_ACCEPTED), is_backfill=True)
    assert credited_at() == at(30)


def test_store_date_of_the_source_is_taken_as_it_is():
    channel = ChannelFactory()
    save(channel, answer(kinds.STATE_ACCEPTED, credited_at=at(20)), is_backfill=True)
    assert credited_at() == at(20)


def test_store_survives_what_postgresql_cannot_hold():
    channel = ChannelFactory()
    account = Account(uid="1", username="a\x00b\ud800" + "x" * 300)
    save(
        channel,
        record("issue:1", account=account, title="\x00\ud800" + "é" * 500, url="https://example.org/" + "x" * 600),
    )
    row = Contribution.objects.get()
    assert (row.title, row.url) == ("é" * 300, "")


def test_store_nothing_is_nothing():
    channel = ChannelFactory()
    assert save(channel) == StoreResult(0, 0, 0)
    assert not SummaryState.objects.exists()


def test_store_says_that_summaries_are_stale_only_when_something_changed():
    channel = ChannelFactory()
    save(channel, record("issue:1"))
    assert SummaryState.objects.get().stale_since == NOW
    SummaryState.objects.update(stale_since=None)
    save(channel, record("issue:1"))
    assert SummaryState.objects.get().stale_since is None


def test_store_query_count_is_the_same_for_one_and_many(django_assert_num_queries):
    channel = ChannelFactory()
    save(channel, record("issue:0"))
    for n in (1, 500):
        SummaryState.objects.update(stale_since=None)
        with django_assert_num_queries(11):
            save(channel, *(record(f"issue:{n}-{i}", who=f"{n}-{i}") for i in range(n)))
