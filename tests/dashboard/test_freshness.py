"""When summaries are counted anew: at most once a minute, less often where it takes long, two people at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import CreditedWork, MemberWindow, MonthCredit, SummaryState, WindowTotals
from dashboard.services.agreement import disagreements
from dashboard.services.summaries import mark_stale, rebuild, rebuild_if_stale
from portal.members.models import MemberChange
from portal.members.services.merges import merge_members, undo_merge
from tests.dashboard.factories import TODAY, ChannelFactory, OrganisationFactory, at, belongs, member_of, record, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


def later(seconds):
    return SummaryState.objects.get().built_at + timedelta(seconds=seconds)


def test_summaries_are_counted_at_most_once_a_minute(weights):
    rebuild(today=TODAY)
    mark_stale(timezone.now())
    assert not rebuild_if_stale(later(59))
    assert rebuild_if_stale(later(61))
    assert not rebuild_if_stale(later(61))


def test_summaries_keep_their_distance_where_counting_takes_long(weights):
    rebuild(today=TODAY)
    mark_stale(timezone.now())
    SummaryState.objects.update(seconds=100)
    assert not rebuild_if_stale(later(399))
    assert rebuild_if_stale(later(401))


@pytest.fixture
def two():
    """Two members who are one person: a question of the one is answered by the other, who works somewhere."""
    channel = ChannelFactory()
    save(
        channel,
        record("q:1", "question", who="1", thread="q", day=20),
        record("a:1", "answer", who="2", thread="q", day=19, state="accepted", credited_at=at(18)),
        record("c:1", "change", who="2", day=10, state="merged", credited_at=at(9)),
        record("c:3", "change", who="3", day=10, state="merged", credited_at=at(9)),
    )
    belongs(member_of("2"), OrganisationFactory())
    rebuild(today=TODAY)
    return member_of("2"), member_of("1")


def differences():
    return disagreements(today=WindowTotals.objects.get(days=90).until_on)


def of_members(sentences):
    return [one for one in sentences if "of a member" in one or one.startswith(("credit of", "credited work"))]


def test_merge_counts_two_people_at_once_and_the_totals_a_minute_later(two):
    kept, gone = two
    untouched = list(MemberWindow.objects.filter(member=member_of("3")).values_list("pk", flat=True))
    merge = merge_members(kept=kept, gone=gone, reason="one person")
    assert rebuild_if_stale(later(2))
    assert not rebuild_if_stale(later(3))
    assert of_members(differences()) == []
    window = MemberWindow.objects.get(days=90, member=kept)
    assert (window.n, window.credit, window.answers) == (3, 5, 0)
    assert not MemberWindow.objects.filter(member=gone).exists()
    assert list(MemberWindow.objects.filter(member=member_of("3")).values_list("pk", flat=True)) == untouched
    assert WindowTotals.objects.get(days=90).totals["people"] == 3
    assert rebuild_if_stale(later(61))
    assert differences() == []
    undo_merge(merge=merge)
    assert rebuild_if_stale(later(2))
    assert of_members(differences()) == []
    assert MemberWindow.objects.get(days=90, member=kept).credit == 8


def test_many_changed_members_wait_for_the_whole(two, monkeypatch):
    monkeypatch.setattr("dashboard.services.summaries.FEW", 1)
    for member in two:
        MemberChange.objects.create(member=member, kind="affiliation")
    assert not rebuild_if_stale(later(2))
    assert rebuild_if_stale(later(61))


def test_rebuild_leaves_rows_that_have_not_changed_alone(two):
    before = [set(model.objects.values_list("pk", flat=True)) for model in (MemberWindow, MonthCredit, CreditedWork)]
    rebuild(today=TODAY)
    after = [set(model.objects.values_list("pk", flat=True)) for model in (MemberWindow, MonthCredit, CreditedWork)]
    assert after == before
    assert all(after)
