"""What a month, a quarter and a year came to."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from dashboard import kinds, periods
from dashboard.models import Channel, Contribution, Report, WeightVersion
from dashboard.services import reports
from portal.members.models import Member
from tests.dashboard.factories import ChannelFactory, OrganisationFactory, belongs, member_of, record, save

OCTOBER = periods.Period("month", date(2026, 10, 1))
LATER = datetime(2026, 11, 2, 8, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("weights")


@pytest.fixture
def channel(weights: WeightVersion) -> Channel:
    return ChannelFactory()


@pytest.fixture
def october(channel: Channel) -> Channel:
    """Ada was here before, asks, and is answered by Ben, who is new and works at a company; a bot adds noise."""
    save(
        channel,
        record("1", day=date(2025, 10, 3), who="ada"),
        record("2", day=date(2026, 9, 30), who="ada"),
        record("3", kinds.QUESTION, day=date(2026, 10, 1), who="ada", thread="t", title="How?", url="https://x.example/3"),
        record("4", kinds.ANSWER, day=date(2026, 10, 2), who="ben", thread="t", state="accepted",
               credited_at=datetime(2026, 10, 3, tzinfo=UTC)),
        record("5", kinds.ANSWER, day=date(2026, 10, 4), who="ada", thread="t"),
        record("6", kinds.QUESTION, day=date(2026, 10, 31), who="cem", thread="u", title="Why?", url="https://x.example/6"),
        record("7", day=date(2026, 10, 9), who="bot"),
        record("8", day=date(2026, 11, 1), who="dan"),
    )  # fmt: skip
    bot = member_of("bot")
    bot.bot_state = Member.BotState.BOT
    bot.save()
    belongs(member_of("ben"), OrganisationFactory(name="Lagoon"), date(2026, 1, 1))
    return channel


@pytest.mark.usefixtures("october")
def test_month_is_counted_from_its_first_to_its_last_hour() -> None:
    report = reports.freeze(period=OCTOBER, now=LATER)
    ada, ben, cem = (member_of(uid).pk for uid in ("ada", "ben", "cem"))
    question = Contribution.objects.get(external_id="6").pk
    first = {one.external_id: one.pk for one in Contribution.objects.all()}
    figures = report.figures
    assert figures["totals"] == {
        "contributions": 4, "people": 3, "new": 2, "organisations": 1, "credit": 3,
        "events": 0, "attended": 0, "groups": 0,
    }  # fmt: skip
    assert figures["newcomers"] == [[ben, first["4"]], [cem, first["6"]]]
    assert figures["active"] == [[ada, 2], *sorted([[ben, 1], [cem, 1]])]
    assert figures["contributors"] == [[ben, 3, 1]]
    assert figures["supporters"] == [[ben, 1, 1]], "Answering oneself is no help."
    assert figures["questions"] == [question]
    assert [row[1:] for row in figures["organisations"]] == [[3, 1, None]]
    assert [row[1] for row in figures["supporting"]] == [1]
    assert (report.before["contributions"], report.before["people"]) == (1, 1)
    assert (report.year_ago["contributions"], report.year_ago["new"]) == (1, 1)


def test_frozen_report_stays_as_it_is(october: Channel) -> None:
    frozen = reports.freeze(period=OCTOBER, now=LATER)
    save(october, record("9", day=date(2026, 10, 20), who="eve"))
    again = reports.freeze(period=OCTOBER, now=LATER)
    assert again.pk == frozen.pk
    assert again.figures == frozen.figures


def test_running_period_is_refused() -> None:
    with pytest.raises(reports.TooEarly, match="2026-10 is not over before 2026-11-01"):
        reports.freeze(period=OCTOBER, now=datetime(2026, 10, 31, 23, 59, tzinfo=UTC))
    assert not Report.objects.exists()


@pytest.mark.usefixtures("october")
def test_due_reports_are_frozen_once() -> None:
    assert [report.key for report in reports.freeze_due(now=LATER)] == ["2026-10", "2026-q3", "2025"]
    assert reports.freeze_due(now=LATER) == []


@pytest.mark.usefixtures("october")
def test_page_names_people_by_their_wish_of_today(client: Client) -> None:
    report = reports.freeze(period=OCTOBER, now=LATER)
    url = report.get_absolute_url()
    assert "login-ben" in client.get(url).content.decode()
    Member.objects.filter(pk=member_of("ben").pk).update(visibility=Member.Visibility.HIDDEN)
    said = client.get(url).content.decode()
    assert "login-ben" not in said
    assert "Lagoon" in said


def test_page_needs_the_same_queries_for_one_and_for_many(
    channel: Channel, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for month, people in ((9, 1), (10, 9)):
        rows = [record(f"{month}-{n}", day=date(2026, month, 2 + n), who=f"{month}-{n}") for n in range(people)]
        save(channel, *rows)
        reports.freeze(period=periods.Period("month", date(2026, month, 1)), now=LATER)
    client.get("/dashboard/reports/2026-09/")
    for key in ("2026-09", "2026-10"):
        with django_assert_num_queries(3):
            assert client.get(f"/dashboard/reports/{key}/").status_code == 200
    with django_assert_num_queries(1):
        client.get("/dashboard/reports/")
