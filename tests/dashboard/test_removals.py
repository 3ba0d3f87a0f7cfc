"""What a page holds whole: rows of that part that are missing from it are gone, and nothing else is."""

import pytest

from dashboard.importers.records import Account, Complete, Page, Rejected
from dashboard.models import Contribution
from dashboard.services.removals import remove_missing
from dashboard.services.store import follow_names, store
from portal.members.models import Identity
from tests.dashboard.factories import NOW, ChannelFactory, at, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel():
    channel = ChannelFactory()
    rows = [
        record("old", "message", day=9),
        record("there", "message", day=5, thread="t1"),
        record("gone", "message", day=4, thread="t2", title="words"),
        record("broken", "message", day=4),
        record("reply", "reply", day=4, thread="t1"),
        record("new", "message", day=1),
    ]
    store(source=channel.source, channel=channel, records=rows, now=NOW)
    other = ChannelFactory(source=channel.source)
    store(source=channel.source, channel=other, records=[record("elsewhere", "message", day=4)], now=NOW)
    return channel


def removed(channel, *parts: Complete) -> set[str]:
    page = Page((record("there", "message", day=5),), (Rejected("broken", "?", ""),), {}, True, complete=parts)
    n_removed = remove_missing(channel=channel, page=page, now=NOW)
    gone = set(Contribution.objects.filter(deleted_at=NOW).values_list("external_id", flat=True))
    assert n_removed == len(gone)
    return gone


def test_missing_rows_between_the_bounds_are_gone_and_their_text_is_dropped(channel):
    assert removed(channel, Complete(("message",), at(5), at(1))) == {"gone"}
    assert Contribution.objects.get(external_id="gone").title == ""


def test_open_end_takes_in_what_is_newest(channel):
    assert removed(channel, Complete(("message",), at(5))) == {"gone", "new"}


def test_thread_and_kind_narrow_it_down(channel):
    assert removed(channel, Complete(("reply",), at(9), thread="t1")) == {"reply"}


def test_several_parts_add_up_and_none_removes_nothing(channel):
    assert removed(channel) == set()
    assert removed(channel, Complete(("reply",), at(9)), Complete(("message",), at(9), at(8))) == {"reply", "old"}


def test_row_that_comes_back_is_shown_again(channel):
    removed(channel, Complete(("message",), at(5), at(1)))
    back = record("gone", "message", day=4, thread="t2", title="words")
    store(source=channel.source, channel=channel, records=[back], now=NOW)
    row = Contribution.objects.get(external_id="gone")
    assert (row.deleted_at, row.title) == (None, "words")


def test_names_are_followed_where_somebody_did_something_and_nobody_is_made(channel):
    accounts = [Account("1", "ada"), Account("77", "stranger"), Account("1x", "")]
    follow_names(source=channel.source, accounts=accounts, now=NOW)
    assert list(Identity.objects.values_list("uid", "username", "member__handle")) == [("1", "ada", "ada")]
