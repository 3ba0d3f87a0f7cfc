"""The dashboard's pages: right numbers, the same few queries, names as people wish."""

import csv
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard import kinds
from dashboard.exports import safe_cell
from dashboard.models import Source
from dashboard.services.reading import home_facts, newcomers
from dashboard.services.store import store
from dashboard.services.summaries import rebuild
from portal.members.models import Member, Organisation
from tests.dashboard.factories import (
    NOW,
    TODAY,
    ChannelFactory,
    OrganisationFactory,
    SourceFactory,
    at,
    belongs,
    member_of,
    record,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


def world(people: int, first: int = 0) -> None:
    """People who each opened an issue and had a change merged, in an organisation and a channel of their own."""
    source = SourceFactory()
    for n in range(first, first + people):
        channel = ChannelFactory(source=source)
        merged = {"state": "merged", "credited_at": at(1)}
        records = [
            record(f"i:{n}", who=f"{n}", day=2, title=f"Title {n}", url=f"https://example.org/{n}"),
            record(f"c:{n}", kinds.CHANGE, who=f"{n}", **merged),
        ]
        store(source=source, channel=channel, records=records, now=NOW)
        belongs(member_of(f"{n}"), OrganisationFactory())
    rebuild(today=TODAY)


PAGES = [
    *("overview", "people", "newcomers", "organisations", "places", "questions", "contributions", "bots", "filters"),
    *(
        f"{name}_csv"
        for name in ("people", "newcomers", "organisations", "places", "questions", "contributions", "bots")
    ),
    *("people_json", "activity_json"),
]
FILTERED = "?source=source-x&kind=issue&new=1&level=visitor"


def page(client, name, query=""):
    answer = client.get(reverse(f"dashboard:{name}") + query)
    assert answer.status_code == 200
    return answer


def lines(answer):
    return list(csv.reader(answer.getvalue().decode().splitlines()))


@pytest.mark.parametrize("query", ["", FILTERED])
def test_pages_need_the_same_few_queries_for_one_and_many(client, query):
    client.cookies["sessionid"] = "nobody"  # whoever comes with a session gets no shared page
    counts: dict[str, list[int]] = {name: [] for name in PAGES}
    for people, first in ((1, 0), (12, 1)):
        world(people, first)
        Source.objects.filter(pk=Source.objects.earliest("pk").pk).update(name="source-x")
        for name in PAGES:
            page(client, name, query)
            with CaptureQueriesContext(connection) as caught:
                answer = page(client, name, query)
                assert list(answer.streaming_content if answer.streaming else [answer.content])
            counts[name].append(len(caught))
    assert {name: found for name, found in counts.items() if found[0] != found[1]} == {}
    assert max(found[0] for found in counts.values()) <= 16  # one looks for the session


def test_overview_without_a_source_says_how_to_add_one(client):
    text = page(client, "overview").content.decode()
    assert "Nothing is counted yet" in text
    assert "add_source" in text
    rebuild(today=TODAY)
    assert "Nothing is counted yet" in page(client, "overview").content.decode()


def test_overview_with_a_source_that_brought_nothing(client):
    SourceFactory()
    rebuild(today=TODAY)
    text = page(client, "overview").content.decode()
    assert "Nothing happened in these days" in text
    assert "waits for its first import" in text


def test_overview_shows_the_window(client):
    world(3)
    answer = page(client, "overview")
    overview = answer.context["overview"]
    assert {name: fact.number for name, fact in overview.facts.items()} == {
        "contributions": 6,
        "people": 3,
        "new": 3,
        "returning": 0,
        "organisations": 3,
    }
    assert overview.chart.total == 6
    assert [row.credit for row in overview.people] == [5, 5, 5]
    assert [row.n for row in overview.places] == [2, 2, 2]
    assert overview.newcomers[0].title == "Title 0"
    assert f"{TODAY:%-d %B %Y}" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "days"), [("", 90), ("?days=30", 30), ("?days=365", 365), ("?days=7", 90), ("?days=x", 90)]
)
def test_overview_window_is_one_of_three(client, query, days):
    world(1)
    assert page(client, "overview", query).context["overview"].scope.days == days


def test_overview_names_a_source_that_is_ill_and_not_why(client):
    world(1)
    Source.objects.update(last_error="token ghp_secret refused", last_good_at=NOW)
    text = page(client, "overview").content.decode()
    assert "what came since may be missing" in text
    assert "ghp_secret" not in text


def test_people_are_shown_as_they_wish(client):
    world(3)
    hidden, erased, named = member_of("0"), member_of("1"), member_of("2")
    Member.objects.filter(pk=hidden.pk).update(visibility="hidden", name="Hidden Person")
    Member.objects.filter(pk=erased.pk).update(erased_at=NOW, name="Erased Person")
    Member.objects.filter(pk=named.pk).update(visibility="public", name="Named Person")
    everything = ""
    for name in ("overview", "people"):
        everything += page(client, name).content.decode()
    everything += page(client, "people_csv").getvalue().decode()
    assert "Named Person" in everything
    for gone in ("Hidden Person", "Erased Person", "login-0", "login-1", hidden.public_id, erased.public_id):
        assert gone not in everything
    rows = lines(page(client, "people_csv"))
    assert [row[0] for row in rows[1:]].count("a member") == 2
    assert [row[1] for row in rows[1:] if row[0] == "a member"] == ["", ""]
    assert len(rows[1:]) == 3
    assert [one.person.name for one in newcomers(5)] == ["Named Person"]


def test_people_csv_runs_no_formula(client):
    world(1)
    Member.objects.update(visibility="public", name='=HYPERLINK("https://example.org")')
    assert lines(page(client, "people_csv"))[1][0] == '\'=HYPERLINK("https://example.org")'


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "＝1+1", "-1", "@a", "\t1", "+4", ";=1", "\n=1"])
def test_cells_that_a_spreadsheet_would_run_are_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a=1", "1", "", "Ada - and more", 7, -7])
def test_other_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_employer_is_told_of_people_shown_by_name_only(client):
    world(1)
    Organisation.objects.update(name="Oak")
    assert lines(page(client, "people_csv"))[1][1] == ""
    Member.objects.filter(pk=member_of("0").pk).update(visibility="public", name="Named Person")
    assert lines(page(client, "people_csv"))[1][:2] == ["Named Person", "Oak"]


def test_people_only_new_and_orders(client):
    world(2)
    channel = ChannelFactory()
    store(
        source=channel.source,
        channel=channel,
        records=[record("old", who="9", day=400), record("now", who="9")],
        now=NOW,
    )
    rebuild(today=TODAY)
    assert len(page(client, "people", "?people=active").context["rows"]) == 3
    assert len(page(client, "people").context["rows"]) == 2  # with credit
    assert len(page(client, "people", "?people=active&new=1").context["rows"]) == 2
    assert page(client, "people", "?people=answers").context["rows"] == []
    assert "Nobody is in this list" in page(client, "people", "?people=answers").content.decode()


def test_activity_csv_holds_the_numbers_of_the_chart(client):
    world(3)
    rows = lines(page(client, "activity_csv"))
    assert rows[1:] == [
        [(TODAY - timedelta(days=2)).isoformat(), "GitHub", "3"],
        [(TODAY - timedelta(days=1)).isoformat(), "GitHub", "3"],
    ]


def test_rules_show_the_weights_in_force(client):
    text = page(client, "rules").content.decode()
    assert "Small changes merged" in text
    assert "at most 5 per person and month" in text


def test_home_facts_compare_with_the_window_before():
    assert home_facts() is None
    channel = ChannelFactory()
    records = [record("a", day=1), record("b", day=2), record("c", day=100, who="2"), record("d", day=1, who="3")]
    store(source=channel.source, channel=channel, records=records, now=NOW)
    rebuild(today=TODAY)
    facts = home_facts()
    assert (facts.people, facts.people_delta) == (2, 100)
    assert (facts.new, facts.contributions, facts.contributions_delta) == (2, 3, 200)
    assert (facts.organisations, facts.organisations_delta) == (0, None)
