"""Weights and the rule as data: drafts change nothing, previews tell, activation leaves frozen months alone."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from dashboard import kinds
from dashboard.models import MonthCredit, SummaryState, WeightVersion
from dashboard.services.summaries import rebuild
from partners.models import Partner, PartnerMembership, RankingRule, RankingRun
from partners.services import versions
from partners.services.profiles import refresh_tiers
from partners.services.runs import rank_month
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, member_of, record
from tests.members.factories import UserFactory
from tests.partners.cast import OCTOBER, merged, save, three_partners

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]
DECEMBER = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def draft():
    three_partners()
    version = versions.copy_weights(version=WeightVersion.objects.get(from_on=date(2000, 1, 1)))
    version.weights.filter(kind="change", state="merged").update(credit=9)
    return version


def test_draft_changes_no_summary(draft):
    # Were comments counted once per thread, as in the draft, the review after one would be the second.
    save(
        merged("c", "1", OCTOBER),
        record("said", kinds.COMMENT, who="3", day=date(2026, 10, 2), thread="c"),
        record("seen", kinds.REVIEW, who="3", day=date(2026, 10, 3), thread="c"),
    )
    rebuild(today=TODAY)
    before = sorted(MonthCredit.objects.values_list("member", "kind", "credit"))
    assert (member_of("3").pk, "review", 3) in before
    draft.weights.update(counts="thread", credit=7)
    rebuild(today=TODAY)
    assert sorted(MonthCredit.objects.values_list("member", "kind", "credit")) == before


def test_preview_stands_beside_frozen_and_open_months(draft):
    rank_month(month=OCTOBER, today=TODAY)
    october, september, august = versions.preview_weights(draft, today=TODAY)
    assert (october.is_frozen, september.is_frozen) == (True, False)
    assert [(row.name, row.rank, row.score, row.new_rank, row.new_score) for row in october.rows] == [
        ("Ash", 1, 15, 1, 27),
        ("Birch", 2, 5, 2, 9),
        ("Cedar", 3, 0, 3, 0),
    ]
    assert (october.n_changed, september.n_changed, august.n_changed) == (2, 1, 0)


def test_activation_is_for_days_after_the_frozen_months(draft):
    rank_month(month=OCTOBER, today=TODAY)
    with pytest.raises(ValidationError) as problem:
        versions.activate_weights(version=draft, from_on=date(2026, 10, 31))
    assert "2026-11-01" in problem.value.message_dict["from_on"][0]
    SummaryState.objects.update(stale_since=None)
    versions.activate_weights(version=draft, from_on=date(2026, 11, 1))
    assert WeightVersion.objects.in_force(TODAY).first() == draft
    assert SummaryState.objects.get().stale_since is not None
    with pytest.raises(ValidationError):
        versions.activate_weights(version=draft, from_on=DECEMBER)


def test_rule_begins_with_a_month(draft):
    rule = RankingRule.objects.create(name="Tiers first", preset="membership-then-activity")
    for wrong in (date(2026, 12, 2), date(2000, 1, 1)):
        RankingRule.objects.get_or_create(from_on=date(2000, 1, 1), defaults={"name": "First"})
        with pytest.raises(ValidationError):
            versions.activate_rule(rule=rule, from_on=wrong)
    assert [row.new_rank for row in versions.preview_rule(rule, today=TODAY)[0].rows] == [1, 2, 3]
    assert versions.activate_rule(rule=rule, from_on=DECEMBER).from_on == DECEMBER


def address(draft):
    return reverse("admin:dashboard_weightversion_preview", args=[draft.pk])


def test_admin_previews_and_activates_a_draft(client, draft):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    text = client.get(address(draft)).content.decode()
    assert "<td>27</td>" in text
    answer = client.post(address(draft), {"from_on": "2000-01-01"})
    assert "Another version begins on that day" in answer.content.decode()
    client.post(address(draft), {"from_on": "2026-12-01"})
    draft.refresh_from_db()
    assert draft.from_on == DECEMBER
    assert client.get(address(draft)).status_code == 403
    change = reverse("admin:dashboard_weightversion_change", args=[draft.pk])
    assert client.post(change, {"name": "Other"}).status_code == 403


def test_admin_corrects_a_month_with_a_reason(client, draft):
    run = rank_month(month=OCTOBER, today=TODAY).run
    differences = reverse("admin:partners_rankingrun_differences", args=[run.pk])
    client.force_login(UserFactory(is_staff=True))
    assert client.get(differences).status_code == 403
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert "Nothing. The month stands" in client.get(differences).content.decode()
    run.standings.get(name="Birch").organisation.affiliations.all().delete()
    rebuild(today=TODAY)
    assert "Birch" in client.get(differences).content.decode()
    client.post(differences, {"reason": "Never worked there"})
    assert RankingRun.objects.get(revision=2).reason == "Never worked there"


def test_admin_is_closed_to_strangers(client, draft):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(address(draft)).status_code == 403
    client.force_login(UserFactory())
    assert client.post(address(draft), {"from_on": "2026-12-01"}).status_code == 302
    draft.refresh_from_db()
    assert draft.is_draft


def test_admin_makes_a_draft_of_a_shipped_preset(client, draft):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    formset = {"weights-TOTAL_FORMS": 0, "weights-INITIAL_FORMS": 0}
    client.post(reverse("admin:dashboard_weightversion_add"), {"name": "As before", "preset": "savannah", **formset})
    made = WeightVersion.objects.get(name="As before")
    assert (made.is_draft, made.weights.get(kind="change").credit) == (True, 1)


def test_partner_shows_the_tier_of_its_membership_of_today(draft):
    ash = Partner.objects.get(organisation__name="Ash")
    PartnerMembership.objects.create(partner=ash, tier="bronze", from_on=date(2025, 1, 1), until_on=TODAY)
    PartnerMembership.objects.create(partner=ash, tier="platinum", from_on=TODAY)
    assert refresh_tiers(today=TODAY) == 1
    ash.refresh_from_db()
    assert (ash.tier, refresh_tiers(today=TODAY)) == ("platinum", 0)
