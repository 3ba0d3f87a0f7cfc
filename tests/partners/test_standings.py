"""A standing explained, and the ranking for other programs: what adds up, what is named, what is cached."""

from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dashboard.models import Contribution
from dashboard.services.summaries import rebuild
from partners.services.runs import rank_month
from portal.members.models import Affiliation, Member
from tests.dashboard.conftest import weights  # noqa: F401
from tests.dashboard.factories import NOW, TODAY, belongs, member_of
from tests.partners.cast import OCTOBER, three_partners
from tests.partners.factories import PartnerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weights")]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def three():
    return three_partners()


def address(name, slug="ash", month=""):
    return reverse(f"partners:{name}", args=[slug]) + (f"?month={month}" if month else "")


@pytest.mark.parametrize("is_frozen", [False, True])
def test_explanation_adds_up_line_by_line_with_links(client, three, is_frozen):
    if is_frozen:
        rank_month(month=OCTOBER, today=TODAY)
        Affiliation.objects.all().delete()
        rebuild(today=TODAY)
    Contribution.objects.filter(external_id="a1").update(url="https://source.example.org/a1")
    answer = client.get(address("partner_explain"))
    groups = answer.context["groups"]
    assert sum(group.points for group in groups) == answer.context["row"].score == 15
    assert [(group.person.name, group.n, group.each) for group in groups] == [("login-1", 2, 5), ("login-2", 1, 5)]
    assert sum(row.credit for group in groups for row in group.rows) == 15
    assert 'href="https://source.example.org/a1"' in answer.content.decode()


def test_explanation_names_nobody_against_their_wish_even_in_a_frozen_month(client, three):
    rank_month(month=OCTOBER, today=TODAY)
    Contribution.objects.update(url="https://source.example.org/x")
    Member.objects.filter(pk=member_of("1").pk).update(visibility="hidden")
    text = client.get(address("partner_explain")).content.decode()
    text += client.get(address("standing_json")).content.decode()
    assert "login-1" not in text
    assert "Change a1" not in text
    assert "login-2" in text


def test_ranking_json_says_whether_the_month_is_frozen(client, three):
    live = client.get(reverse("partners:ranking_json")).json()
    assert (live["is_frozen"], live["standings"][0]["partner"]) == (False, "Ash")
    rank_month(month=OCTOBER, today=TODAY)
    data = client.get(reverse("partners:ranking_json")).json()
    assert (data["month"], data["revision"], data["rule"]["preset"]) == ("2026-10", 1, "activity")
    assert [(one["rank"], one["credit"], one["people"]) for one in data["standings"]] == [
        (1, 15, 2),
        (2, 5, 1),
        (3, 0, 0),
    ]


def test_standing_json_adds_up(client, three):
    rank_month(month=OCTOBER, today=TODAY)
    data = client.get(address("standing_json")).json()
    assert data["credit"] == sum(line["n"] * line["each"] for line in data["lines"]) == 15
    assert sum(work["credit"] for work in data["work"]) == sum(share["credit"] for share in data["shares"]) == 15
    assert client.get(address("standing_json", "elm")).status_code == 404


def test_badge_is_a_cached_picture_without_cookies(client, three):
    three[0].organisation.name = "Ash <& Co>"
    three[0].organisation.save()
    answer = client.get(address("partner_badge_svg"))
    assert "Rank 1 in October 2026" in "".join(ElementTree.fromstring(answer.content).itertext())  # noqa: S314
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "Community member" in client.get(address("partner_badge_svg", "elm")).content.decode()
    assert client.get(address("partner_badge_svg", "gone")).status_code == 404


def test_revisions_of_a_month_stay_readable(client, three):
    rank_month(month=OCTOBER, today=TODAY)
    belongs(member_of("volunteer"), three[3].organisation)
    rebuild(today=TODAY)
    rank_month(month=OCTOBER, today=TODAY, reason="Elm confirmed late")
    old = client.get(reverse("partners:run_detail", args=["2026-10", 1])).content.decode()
    new = client.get(reverse("partners:run_detail", args=["2026-10", 2])).content.decode()
    assert ("Elm" in old, "Elm confirmed late" in new) == (False, True)
    assert "Elm confirmed late" in client.get(reverse("partners:rules")).content.decode()
    for month, revision in (("2026-10", 3), ("2026-13", 1), ("never", 1)):
        assert client.get(reverse("partners:run_detail", args=[month, revision])).status_code == 404


def test_directory_is_ordered_and_filtered_by_service_and_language(client, three):
    ash, birch, cedar, _elm = three
    for partner, day, services, languages in (
        (ash, "2025-03-01", ["hosting"], ["de"]),
        (birch, "2025-05-01", ["training"], ["pt"]),
        (cedar, "2025-04-01", ["hosting"], ["pt"]),
    ):
        type(partner).objects.filter(pk=partner.pk).update(since_on=day, services=services, languages=languages)
    PartnerFactory(organisation__name="New", organisation__slug="new", since_on="2026-11-01")

    def names(query):
        return [row.partner.organisation.name for row in client.get(f"/partners/?{query}").context["rows"]]

    assert names("order=name") == ["Ash", "Birch", "Cedar"]
    assert names("order=newest") == ["Birch", "Cedar", "Ash"]
    assert names("order=nonsense") == ["Ash", "Birch", "Cedar"]
    assert names("service=hosting") == ["Ash", "Cedar"]
    assert names("language=pt&service=hosting") == ["Cedar"]


def test_pages_of_a_frozen_month_need_the_same_queries_for_one_and_many_works(client, three):
    rank_month(month=OCTOBER, today=TODAY)
    counts = []
    for slug in ("ash", "birch"):
        client.get(address("partner_explain", slug))
        with CaptureQueriesContext(connection) as caught:
            client.get(address("partner_explain", slug))
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 22
