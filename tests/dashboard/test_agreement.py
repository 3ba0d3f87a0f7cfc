"""The recount of `rebuild_summaries --check`: it agrees with what was built, and sees each figure that is off."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from dashboard.models import (
    Contribution,
    CreditedWork,
    DayCount,
    MemberLevel,
    MemberWindow,
    MonthCredit,
    OpenQuestion,
    OrganisationStanding,
    OrganisationWindow,
    WindowTotals,
)
from dashboard.services.agreement import disagreements
from dashboard.services.summaries import rebuild
from tests.dashboard.factories import TODAY, ChannelFactory, OrganisationFactory, at, belongs, member_of, record, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture
def built():
    channel = ChannelFactory()
    save(
        channel,
        record("c:1", "change", who="1", state="merged", credited_at=at(3), day=4),
        record("q:1", "question", who="2", thread="q", day=9),
    )
    belongs(member_of("1"), OrganisationFactory())
    rebuild(today=TODAY)


def spoil_totals():
    row = WindowTotals.objects.get(days=90)
    row.totals["heat"][0][0] += 1
    row.save()


SPOILT = {
    "day": lambda: DayCount.objects.update(n=F("n") + 1),
    "month": lambda: MonthCredit.objects.update(credit=F("credit") + 1),
    "work": lambda: CreditedWork.objects.all().delete(),
    "member": lambda: MemberWindow.objects.filter(days=90).update(counted=F("counted") + 1),
    "organisation": lambda: OrganisationWindow.objects.filter(days=30).update(people=2),
    "level": lambda: MemberLevel.objects.update(level=4),
    "standing": lambda: OrganisationStanding.objects.update(months=2),
    "question": lambda: OpenQuestion.objects.all().delete(),
    "totals": spoil_totals,
    "missed": lambda: Contribution.objects.filter(kind="change").delete(),
}


@pytest.mark.parametrize("what", SPOILT)
def test_check_sees_each_summary_that_is_off(built, what):
    assert disagreements(today=TODAY) == []
    SPOILT[what]()
    assert disagreements(today=TODAY) != []


def test_check_says_in_a_sentence_what_differs(built):
    MemberWindow.objects.filter(days=90, credit=5).update(credit=6)
    member = member_of("1").pk
    assert disagreements(today=TODAY) == [f"90 days of a member {member}: credit 6, recounted 5"]


def test_rebuild_summaries_check_counts_what_is_stale_first_and_fails_when_figures_are_off(built):
    said = StringIO()
    call_command("rebuild_summaries", "--check", stdout=said)
    assert "agree with a recount of every contribution" in said.getvalue()
    OrganisationStanding.objects.update(credit=1)
    with pytest.raises(CommandError, match="do not agree"):
        call_command("rebuild_summaries", "--check", stderr=StringIO())
