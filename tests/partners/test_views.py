"""The directory and its pages: who is ranked, why, and how people are named there."""

import csv
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.models import Contribution
from dashboard.services.summaries import rebuild
from partners import services
from partners.services.runs import rank_month
from portal.members.models import Member
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, belongs, member_of
from tests.partners.cast import OCTOBER, merged, partner_with, save, three_partners

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three():
    return three_partners()


def page(client, query=""):
    answer = client.get(reverse("partners:partner_list") + query)
    assert answer.status_code == 200
    return answer


def standings(answer):
    return [(row.rank, row.partner.organisation.name, row.score) for row in answer.context["rows"]]


def test_partners_are_ranked_by_last_month(client, three):
    answer = page(client)
    assert answer.context["month"] == OCTOBER
    assert standings(answer) == [(1, "Ash", 15), (2, "Birch", 5), (3, "Cedar", 0)]
    assert [partner.organisation.name for partner in answer.context["unranked"]] == ["Elm"]
    assert "Gone" not in answer.content.decode()
    first = answer.context["rows"][0]
    assert [(str(line.label), line.n, line.each, line.points) for line in first.lines] == [("Changes merged", 3, 5, 15)]
    assert sum(share.points for share in first.shares) == 15
    assert (answer.context["volunteers"], answer.context["everyone"]) == (5, 25)


def test_movement_compares_with_the_month_before(client, three):
    rows = {row.partner.organisation.name: row for row in page(client).context["rows"]}
    # In September Ash and Cedar had nothing, in 90 days neither: they shared the second rank.
    assert {name: row.moved for name, row in rows.items()} == {"Ash": 1, "Birch": -1, "Cedar": -1}
    assert rows["Birch"].ranks[-2:] == [1, 2]


def test_past_month_is_ranked_as_it_was(client, three):
    assert standings(page(client, "?month=2026-09"))[0] == (1, "Birch", 5)
    for wrong in ("2026-11", "2031-01", "2026-13", "x", ""):
        assert page(client, f"?month={wrong}").context["month"] == OCTOBER


def test_unconfirmed_and_former_affiliations_earn_nothing(client, three):
    elm = three[3]
    belongs(member_of("volunteer"), elm.organisation, is_confirmed=False)
    rebuild(today=TODAY)
    assert "Elm" not in [name for _rank, name, _score in standings(page(client))]
    Member.objects.get(pk=member_of("volunteer").pk).affiliations.all().delete()
    belongs(member_of("volunteer"), elm.organisation, date(2026, 10, 11))
    rebuild(today=TODAY)
    assert (3, "Elm", 0) in standings(page(client)) or (4, "Elm", 0) in standings(page(client))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?text=bir", ["Birch"]),
        ("?text=TREES", ["Birch"]),
        ("?text=nothing", []),
        ("?country=BR", ["Birch", "Cedar"]),
        ("?tier=gold", ["Ash"]),
        ("?tier=gold&country=BR", []),
        ("?tier=nonsense", ["Ash", "Birch", "Cedar"]),
    ],
)
def test_filters_stand_in_the_address(client, three, query, names):
    answer = page(client, query)
    assert [name for _rank, name, _score in standings(answer)] == names
    if not names:
        assert "No partner matches" in answer.content.decode()


def test_filtered_partner_keeps_its_rank(client, three):
    assert standings(page(client, "?text=birch")) == [(2, "Birch", 5)]


def test_directory_without_partners_says_so(client):
    assert "No partners yet" in page(client).content.decode()


def test_directory_needs_the_same_queries_for_one_and_many(client):
    counts = []
    for first, last in ((0, 1), (1, 15)):
        for n in range(first, last):
            save(merged(f"x{n}", f"p{n}", date(2026, 10, 5)))
            partner_with(f"p{n}", name=f"Partner{n}")
        rebuild(today=TODAY)
        page(client)
        with CaptureQueriesContext(connection) as caught:
            page(client)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[0] <= 18


def detail(client, slug, query=""):
    return client.get(reverse("partners:partner_detail", args=[slug]) + query)


def test_partner_page_opens_to_its_contributions(client, three):
    Member.objects.filter(pk=member_of("1").pk).update(visibility="public", name="Named Person")
    answer = detail(client, "ash")
    assert (answer.context["row"].rank, answer.context["row"].score) == (1, 15)
    assert sum(one.credit for one in answer.context["work"]) == 15
    assert {one.title for one in answer.context["work"]} == {"Change a1", "Change a2", "Change a3"}
    assert [person.name for person in answer.context["people"]] == ["Named Person", "login-2"]
    # Somebody who is shown by handle only has no employer.
    Member.objects.filter(pk=member_of("2").pk).update(visibility="handle")
    assert [person.name for person in detail(client, "ash").context["people"]] == ["Named Person"]


def test_partner_page_names_nobody_who_does_not_wish_it(client, three):
    Member.objects.filter(pk=member_of("1").pk).update(visibility="hidden", name="Hidden Person")
    text = detail(client, "ash").content.decode() + page(client).content.decode()
    assert "login-1" not in text
    assert "Hidden Person" not in text
    assert member_of("1").public_id not in text
    theirs = [one for one in detail(client, "ash").context["work"] if not one.who.url]
    assert {(one.url, str(one.title)) for one in theirs} == {("", "Changes merged")}
    assert [str(share.label) for share in detail(client, "ash").context["row"].shares] == [
        "",
        "1 person, not named here",
    ]


@pytest.mark.parametrize("is_frozen", [False, True])
def test_a_handle_alone_tells_no_employer_on_any_page_of_a_partner(client, three, is_frozen):
    if is_frozen:
        rank_month(month=date(2026, 10, 1), today=TODAY)
    Contribution.objects.update(url="https://source.example.org/x")
    Member.objects.filter(pk__in=[member_of("1").pk, member_of("2").pk]).update(visibility="handle")
    text = detail(client, "ash").content.decode() + page(client).content.decode()
    for name in ("partner_explain", "standing_json"):
        text += client.get(reverse(f"partners:{name}", args=["ash"])).content.decode()
    for told in ("login-1", "login-2", "Change a1", "source.example.org", member_of("1").public_id):
        assert told not in text
    [group] = client.get(reverse("partners:partner_explain", args=["ash"])).context["groups"]
    assert (group.person.name, group.n, group.points) == ("a member", 3, 15)


def test_partner_page_of_an_unranked_partner_says_why(client, three):
    text = detail(client, "elm").content.decode()
    assert "Not ranked this month" in text


@pytest.mark.parametrize("slug", ["gone", "nobody"])
def test_partner_page_of_no_current_partner_is_not_found(client, three, slug):
    assert detail(client, slug).status_code == 404


def test_partner_page_needs_the_same_queries_for_one_and_many(client):
    counts = []
    partner = partner_with(name="Oak")
    for first, last in ((0, 1), (1, 15)):
        for n in range(first, last):
            save(merged(f"x{n}", f"p{n}", date(2026, 10, 5)))
            belongs(member_of(f"p{n}"), partner.organisation)
        rebuild(today=TODAY)
        detail(client, "oak")
        with CaptureQueriesContext(connection) as caught:
            assert len(detail(client, "oak").context["work"]) == last
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_ranking_csv_runs_no_formula(client, three):
    organisation = three[0].organisation
    organisation.name = "=cmd()"
    organisation.save()
    answer = client.get(reverse("partners:ranking_csv"))
    rows = list(csv.reader(answer.getvalue().decode().splitlines()))
    assert rows[1] == ["1", "'=cmd()", "Gold", "2", "15"]


def test_rules_are_rendered_from_the_weights_in_force(client):
    from dashboard.models import Weight

    Weight.objects.filter(kind="change", state="merged").update(credit=77)
    assert ">77</td>" in client.get(reverse("partners:rules")).content.decode()


def test_top_partners_for_the_home_page(three):
    top = services.top_partners()
    assert [(one.rank, one.name, one.score, one.contributors) for one in top] == [(1, "Ash", 15, 2), (2, "Birch", 5, 1)]
