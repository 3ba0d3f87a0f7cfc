"""Summaries: equal to a slow recomputation in Python, and each rule on its own."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import kinds
from dashboard.models import (
    DayCount,
    LevelRule,
    MemberWindow,
    MonthCredit,
    OrganisationWindow,
    SummaryState,
    WindowTotals,
)
from dashboard.services.agreement import disagreements
from dashboard.services.summaries import rebuild, rebuild_if_stale
from dashboard.services.weighing import install_preset
from portal.members.models import Identity, Member, MemberChange
from tests.dashboard.factories import (
    NOW,
    TODAY,
    ChannelFactory,
    OrganisationFactory,
    at,
    belongs,
    member_of,
    record,
    save,
)
from tests.thoroughness import examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights", "agreeing")]

KINDS_AND_STATES = [
    ("issue", "open"),
    ("change", "open"),
    ("change", "merged"),
    ("change", "merged_trivial"),
    ("change", "merged_by_self"),
    ("change", "closed"),
    ("comment", ""),
    ("review", ""),
    ("review_comment", ""),
    ("question", ""),
    ("answer", ""),
    ("answer", "accepted"),
    ("post", "accepted"),
    ("message", ""),
    ("reply", ""),
    ("commit", ""),
    ("organised", "conference"),
    ("something", "unheard of"),
]


@pytest.fixture
def channel():
    return ChannelFactory()


items = st.lists(
    st.tuples(
        st.sampled_from(KINDS_AND_STATES),
        st.integers(0, 60) | st.sampled_from([89, 90, 91, 120, 179, 180, 200, 364, 365, 390, 500, 729, 730, 900]),
        st.sampled_from(["1", "2", "3", "4", "bot", None]),
        st.sampled_from(["", "a", "b"]),
        st.sampled_from([0, 0, 1, 40]),  # days until it was credited
        st.integers(0, 1),
    ),
    max_size=40,
)


rules = st.fixed_dictionaries(
    {
        "days": st.sampled_from([30, 90, 365]),
        "measure": st.sampled_from(["credit", "works"]),
        "is_chat_once": st.booleans(),
        "core_points": st.integers(3, 10),
        "core_weeks": st.integers(0, 3),
        "contributor_points": st.integers(1, 3),
        "participant_days": st.integers(0, 3),
        "participant_contributions": st.integers(2, 5),
        "organisation_people": st.integers(1, 2),
        "organisation_months": st.integers(0, 1),
        "trend_factor": st.integers(1, 2),
        "trend_least": st.integers(1, 2),
    }
)


def build_world(world, affiliations, preset_from, deleted):
    """Two channels of one source, four people (two of them one person), a bot, two organisations."""
    channel = ChannelFactory()
    channels = [channel, ChannelFactory(source=channel.source)]
    for number, ((kind, state), day, who, thread, wait, where) in enumerate(world):
        credited_at = at(day - wait) if state.startswith("merged") or state == "accepted" else None
        fields = {"state": state, "thread": thread, "credited_at": credited_at}
        save(channels[where], record(f"x:{number}", kind, day=day, who=who, **fields))
    Member.objects.filter(handle="login-bot").update(bot_state="bot")
    one, two = (Identity.objects.filter(uid=uid).first() for uid in ("1", "2"))
    if one and two:
        Identity.objects.filter(pk=two.pk).update(member=one.member_id)
    organisations = [OrganisationFactory(), OrganisationFactory()]
    for who, which, start, length, is_confirmed in affiliations:
        identity = Identity.objects.filter(uid=who).select_related("member").first()
        if identity and not identity.member.affiliations.exists():
            first = TODAY - timedelta(days=start)
            belongs(
                identity.member, organisations[which], first, first + timedelta(days=length), is_confirmed=is_confirmed
            )
    if preset_from is not None:
        install_preset(preset="savannah", from_on=TODAY - timedelta(days=preset_from))
    for number in deleted:
        channel.source.contributions.filter(external_id=f"x:{number}").update(deleted_at=NOW)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=items,
    affiliations=st.lists(
        st.tuples(
            st.sampled_from(["1", "3", "4"]), st.integers(0, 1), st.integers(0, 400), st.integers(1, 400), st.booleans()
        ),
        max_size=3,
    ),
    preset_from=st.none() | st.integers(0, 60),
    deleted=st.sets(st.integers(0, 10), max_size=2),
    thresholds=rules,
)
def test_summaries_equal_a_recomputation_in_python(db, world, affiliations, preset_from, deleted, thresholds):
    from django.db import transaction

    with transaction.atomic():
        build_world(world, affiliations, preset_from, deleted)
        LevelRule.objects.create(name="Invented", from_on=TODAY, **thresholds)
        rebuild(today=TODAY)
        assert disagreements(today=TODAY) == []
        transaction.set_rollback(True)


def window(uid, days=90):
    return MemberWindow.objects.get(days=days, member__identities__uid=uid)


def test_summaries_merged_change_pays_and_a_failed_one_is_recognised(channel):
    save(
        channel,
        record("c:1", kinds.CHANGE, who="1", state="merged", credited_at=at(0)),
        record("c:2", kinds.CHANGE, who="2", state="closed"),
    )
    rebuild(today=TODAY)
    assert (window("1").recognition, window("1").credit) == (5, 5)
    assert (window("2").recognition, window("2").credit) == (1, 0)


def test_summaries_review_pays_once_per_person_and_change_and_never_on_ones_own(channel):
    save(
        channel,
        record("c:1", kinds.CHANGE, who="author", thread="t", day=9),
        record("r:1", kinds.REVIEW, who="author", thread="t", day=8),
        record("r:2", kinds.REVIEW, who="other", thread="t", day=7),
        record("r:3", kinds.REVIEW_COMMENT, who="other", thread="t", day=6),
        record("r:4", kinds.REVIEW_COMMENT, who="other", thread="u", day=5),
    )
    rebuild(today=TODAY)
    assert (window("author").recognition, window("author").credit) == (1, 0)
    assert (window("other").recognition, window("other").credit) == (6, 6)


def test_summaries_self_accepted_answer_earns_no_credit_whichever_account_asked(channel):
    save(
        channel,
        record("q:1", kinds.QUESTION, who="1", thread="t", day=9),
        record("a:1", kinds.ANSWER, who="2", thread="t", day=8, state="accepted", credited_at=at(7)),
    )
    rebuild(today=TODAY)
    assert window("2").credit == 3
    Identity.objects.filter(uid="2").update(member=member_of("1"))
    rebuild(today=TODAY)
    merged = MemberWindow.objects.get(days=90)
    assert (merged.recognition, merged.credit, merged.answers) == (2, 0, 0)


def test_summaries_chat_counts_once_per_channel_and_day(channel):
    other = ChannelFactory(source=channel.source)
    save(channel, *(record(f"m:{n}", kinds.MESSAGE, day=3) for n in range(5)), record("m:9", kinds.MESSAGE, day=2))
    save(other, record("m:other", kinds.MESSAGE, day=3))
    rebuild(today=TODAY)
    assert (window("1").n, window("1").recognition) == (7, 3)


def test_summaries_trivial_changes_pay_five_times_a_month(channel):
    trivial = {"kind": kinds.CHANGE, "state": "merged_trivial"}
    save(channel, *(record(f"c:{n}", **trivial, day=n, credited_at=at(n)) for n in range(8)))
    save(channel, record("c:last month", **trivial, day=30, credited_at=at(30)))
    rebuild(today=TODAY)
    assert window("1").credit == 6
    rows = MonthCredit.objects.filter(month=date(2026, 11, 1)).order_by("credit_each")
    assert list(rows.values_list("credit_each", "n", "credit")) == [(0, 3, 0), (1, 5, 5)]


def test_summaries_credit_goes_to_where_the_person_was_on_the_day_it_was_credited(channel):
    save(channel, record("c:1", kinds.CHANGE, day=40, state="merged", credited_at=at(5)))
    before, after = OrganisationFactory(), OrganisationFactory()
    moved = TODAY - timedelta(days=20)
    belongs(member_of("1"), before, None, moved)
    belongs(member_of("1"), after, moved)
    rebuild(today=TODAY)
    found = {w.organisation_id: (w.n, w.credit) for w in OrganisationWindow.objects.filter(days=90)}
    assert found == {before.pk: (1, 0), after.pk: (0, 5)}
    assert MonthCredit.objects.get().organisation_id == after.pk


def test_summaries_unconfirmed_affiliation_is_volunteer_work(channel):
    save(channel, record("c:1", kinds.CHANGE, state="merged", credited_at=at(0)))
    belongs(member_of("1"), OrganisationFactory(), is_confirmed=False)
    rebuild(today=TODAY)
    totals = WindowTotals.objects.get(days=90).totals
    assert (totals["volunteers"], totals["volunteer_credit"], totals["credit"], totals["organisations"]) == (1, 5, 5, 0)
    assert not OrganisationWindow.objects.exists()


def test_summaries_count_the_work_of_authors_who_are_gone_but_no_person(channel):
    save(channel, record("i:1", who=None), record("i:2", who="1"))
    rebuild(today=TODAY)
    totals = WindowTotals.objects.get(days=90).totals
    assert (totals["contributions"], totals["people"]) == (2, 1)


def test_summaries_are_rebuilt_only_when_stale_and_follow_changes_of_members(channel):
    assert rebuild_if_stale(NOW)
    assert not rebuild_if_stale(NOW)
    save(channel, record("i:1"))
    assert rebuild_if_stale(NOW)
    assert MemberWindow.objects.filter(days=90).count() == 1
    Member.objects.update(bot_state="bot")
    change = MemberChange.objects.create(member=member_of("1"), kind=MemberChange.Kind.BOT)
    assert rebuild_if_stale(NOW)
    change.refresh_from_db()
    assert change.consumed_at is not None
    assert (MemberWindow.objects.count(), DayCount.objects.count()) == (0, 0)
    assert not rebuild_if_stale(NOW)
    assert SummaryState.objects.get().version == 3


def test_summaries_of_an_abandoned_rebuild_are_built_again(channel):
    rebuild(today=TODAY)
    SummaryState.objects.update(rebuilding_since=NOW - timedelta(minutes=6))
    assert rebuild_if_stale(NOW)


@pytest.mark.django_db(transaction=True)
def test_rebuild_waits_for_an_import_that_saw_the_mark_already_set(weights):
    """An import that finds the mark set writes nothing: the rebuild that takes the mark away must see its rows."""
    channel = ChannelFactory()
    save(channel, record("i:1"))
    stored, go_on = threading.Event(), threading.Event()

    def slow_import():
        from django.db import transaction

        with transaction.atomic():
            save(channel, record("i:2", who="2"))
            stored.set()
            go_on.wait(10)
        connection.close()

    def late_rebuild():
        rebuild(today=TODAY)
        connection.close()

    importing = threading.Thread(target=slow_import)
    importing.start()
    assert stored.wait(10)
    rebuilding = threading.Thread(target=late_rebuild)
    rebuilding.start()
    rebuilding.join(0.5)
    assert rebuilding.is_alive()
    go_on.set()
    importing.join()
    rebuilding.join()
    assert WindowTotals.objects.get(days=90).totals["contributions"] == 2
    assert not rebuild_if_stale(NOW)
