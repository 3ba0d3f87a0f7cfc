"""A month is ranked once and stays: freezing, correcting, and what may change afterwards."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from dashboard import kinds
from dashboard.models import Contribution, MonthCredit
from dashboard.services.summaries import rebuild
from dashboard.services.weighing import install_preset
from partners.models import PartnerMembership, PartnerSanction, RankingRule, RankingRun
from partners.services.rankings import ranking
from partners.services.runs import differences_today, freeze_what_is_due, rank_month
from portal.members.models import Affiliation
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, at, belongs, member_of, record
from tests.partners.cast import OCTOBER, SEPTEMBER, merged, save, three_partners

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three():
    return three_partners()


def frozen(run):
    return [(one.rank, one.name, one.score) for one in run.standings.all()]


def test_month_is_frozen_once_and_keeps_every_work(three):
    outcome = rank_month(month=OCTOBER, today=TODAY)
    assert outcome.is_new
    assert frozen(outcome.run) == [(1, "Ash", 15), (2, "Birch", 5), (3, "Cedar", 0)]
    ash = outcome.run.standings.first()
    assert sum(row[4] for row in ash.work) == 15
    assert ash.lines == [["change", "merged", 3, 5]]
    assert ash.shares == [[member_of("1").pk, 10], [member_of("2").pk, 5]]
    assert outcome.run.rule_text["preset"] == "activity"
    assert outcome.run.totals["volunteers"] == 5
    again = rank_month(month=OCTOBER, today=TODAY)
    assert (again.run, again.is_new, again.difference) == (outcome.run, False, [])


def test_frozen_month_survives_new_weights_affiliations_and_work(three):
    run = rank_month(month=OCTOBER, today=TODAY).run
    install_preset(preset="savannah", from_on=OCTOBER)
    belongs(member_of("volunteer"), three[3].organisation)
    rebuild(today=TODAY)
    assert frozen(RankingRun.objects.get()) == [(1, "Ash", 15), (2, "Birch", 5), (3, "Cedar", 0)]
    assert [(one.name, one.score) for one in ranking(month=OCTOBER).standings][:2] == [("Ash", 15), ("Birch", 5)]
    changed = {line["name"]: line["score"] for line in differences_today(run, today=TODAY)}
    assert changed == {"Ash": [15, 3], "Birch": [5, 1], "Cedar": [0, 0], "Elm": [None, 1]}


def test_correction_is_a_revision_with_reason_and_difference(three):
    first = rank_month(month=OCTOBER, today=TODAY).run
    assert rank_month(month=OCTOBER, today=TODAY, reason="nothing moved").run == first
    belongs(member_of("volunteer"), three[3].organisation)
    rebuild(today=TODAY)
    outcome = rank_month(month=OCTOBER, today=TODAY, reason="Elm's person confirmed late")
    assert (outcome.run.revision, outcome.run.reason) == (2, "Elm's person confirmed late")
    assert {line["name"]: line["score"] for line in outcome.run.difference}["Elm"] == [None, 5]
    assert [(one.name, one.score) for one in first.standings.all()] == [("Ash", 15), ("Birch", 5), ("Cedar", 0)]
    assert [one.name for one in ranking(month=OCTOBER).standings] == ["Ash", "Birch", "Elm", "Cedar"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_rankingrun SET reason = 'x'",
        "DELETE FROM partners_standing",
        "UPDATE partners_standing SET score = score + 1",
    ],
)
def test_database_refuses_to_change_a_frozen_month(three, statement):
    rank_month(month=OCTOBER, today=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_scores_equal_an_independent_count_of_the_raw_contributions(three):
    months = [OCTOBER, SEPTEMBER]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT date_trunc('month', c.credited_at)::date, a.organisation_id, 5 * count(*)
               FROM dashboard_contribution c JOIN members_identity i ON i.id = c.identity_id
               JOIN members_affiliation a ON a.member_id = i.member_id AND a.days @> c.credited_at::date
                    AND a.confirmed_at IS NOT NULL
               WHERE c.kind = 'change' AND c.state = 'merged' GROUP BY 1, 2"""
        )
        counted = {(month, pk): credit for month, pk, credit in cursor.fetchall()}
    for month in months:
        run = rank_month(month=month, today=TODAY).run
        assert {(month, one.organisation_id): one.score for one in run.standings.all() if one.score} == {
            key: credit for key, credit in counted.items() if key[0] == month
        }


def test_savannah_counts_every_change_and_accepted_answer_once(three):
    save(
        record("open", kinds.CHANGE, who="3", day=date(2026, 10, 3), state="open"),
        record("asked", kinds.QUESTION, who="1", day=date(2026, 10, 3), thread="q"),
        record("said", kinds.ANSWER, who="3", day=date(2026, 10, 4), thread="q", state="accepted", credited_at=at(50)),
        record("issue", kinds.ISSUE, who="3", day=date(2026, 10, 5)),
    )
    rebuild(today=TODAY)
    run = rank_month(month=OCTOBER, today=TODAY, preset="savannah").run
    counts = Counter(
        one.identity.member_id for one in Contribution.objects.filter(kind="change", occurred_at__month=10)
    )
    answers = Contribution.objects.filter(state="accepted", credited_at__month=10).count()
    birch = run.standings.get(name="Birch")
    assert birch.score == counts[member_of("3").pk] + answers == 3
    assert not run.is_official
    assert ranking(month=OCTOBER).run is None


def test_trivial_changes_pay_five_times_a_month_however_they_arrive(three):
    for n in range(7):
        save(merged(f"t{n}", "4", date(2026, 10, 2 + n), state="merged_trivial"))
    rebuild(today=TODAY)
    assert rank_month(month=OCTOBER, today=TODAY).run.standings.get(name="Cedar").score == 5


def test_membership_first_takes_the_tier_of_the_month(three):
    RankingRule.objects.create(name="Tiers", preset="membership-then-activity", from_on=OCTOBER)
    cedar = three[2]
    PartnerMembership.objects.create(partner=cedar, tier="diamond", from_on=date(2026, 1, 1), until_on=TODAY)
    assert [name for _rank, name, _score in frozen(rank_month(month=OCTOBER, today=TODAY).run)] == [
        "Cedar",
        "Ash",
        "Birch",
    ]
    assert frozen(rank_month(month=SEPTEMBER, today=TODAY).run)[0][1] == "Birch"


def test_sanctions_and_missing_months_keep_a_partner_out(three):
    RankingRule.objects.create(name="Steady", months_needed=2, from_on=OCTOBER)
    assert [name for _rank, name, _score in frozen(rank_month(month=OCTOBER, today=TODAY).run)] == ["Birch"]
    PartnerSanction.objects.create(partner=three[1], from_on=date(2026, 9, 15), until_on=OCTOBER, reason="x")
    assert [name for _rank, name, _score in frozen(rank_month(month=SEPTEMBER, today=TODAY).run)] == ["Ash", "Cedar"]


def test_old_month_is_valued_from_the_raw_contributions(three):
    save(merged("old", "3", date(2024, 5, 5)))
    rebuild(today=TODAY)
    assert not MonthCredit.objects.filter(month=date(2024, 5, 1)).exists()
    three[1].since_on = date(2024, 1, 1)
    three[1].save()
    run = rank_month(month=date(2024, 5, 1), today=TODAY).run
    assert frozen(run) == [(1, "Birch", 5)]
    assert ranking(month=date(2024, 5, 1)).run == run


def test_task_freezes_last_month_from_the_second_on(three):
    assert freeze_what_is_due(today=date(2026, 11, 1)) is None
    assert freeze_what_is_due(today=date(2026, 11, 2)).month == OCTOBER
    assert freeze_what_is_due(today=TODAY) is None


def test_month_that_is_not_over_is_refused(three):
    with pytest.raises(ValidationError):
        rank_month(month=date(2026, 11, 1), today=TODAY)


def call(*arguments):
    out = StringIO()
    call_command("rank_partners", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_command_says_what_it_did_and_repeats_safely(three):
    assert call("--month", "2026-10", "--dry-run")[-1] == "2026-10: 3 partners ranked, nothing frozen."
    assert not RankingRun.objects.exists()
    lines = call("--month", "2026-10")
    assert lines[0].split() == ["1", "15", "2", "Ash"]
    assert lines[-1] == "2026-10: 3 partners ranked and frozen as revision 1."
    assert call("--month", "2026-10")[-1] == "2026-10 is frozen as revision 1, nothing changed."
    Affiliation.objects.filter(member=member_of("2")).delete()
    rebuild(today=TODAY)
    lines = call("--month", "2026-10", "--reason", "wrong person")
    assert lines[-2:] == [
        "      Ash: rank 1 → 1, credit 15 → 10",
        "2026-10: 3 partners ranked and frozen as revision 2.",
    ]
    for wrong in ("2026-11", "never"):
        with pytest.raises(CommandError):
            call("--month", wrong)
