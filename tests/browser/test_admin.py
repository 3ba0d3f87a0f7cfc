"""The team's desk: no page of it breaks the policy, and nobody gets in by the back door."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Reader
from tests.browser.watching import Watch

LISTS = (
    "meetups/application",
    "meetups/group",
    "meetups/event",
    "dashboard/source",
    "dashboard/stream",
    "dashboard/deadletter",
    "members/member",
    "partners/partner",
)


@pytest.fixture
def team(reader: Reader) -> Page:
    return reader(role="admin")


def test_desk_and_its_lists_open_without_breaking_the_policy(team: Page) -> None:
    team.goto("/admin/")
    assert [finding.text for finding in axe.audit(team) if finding.impact == "critical"] == []
    for place in LISTS:
        answer = team.goto(f"/admin/{place}/")
        assert answer is not None
        assert answer.status == 200, place
        assert team.locator("#result_list tbody tr").count() > 0, place


@pytest.mark.parametrize("place", ["meetups/application", "dashboard/source", "dashboard/deadletter", "meetups/group"])
def test_one_of_a_list_opens_without_breaking_the_policy(place: str, team: Page) -> None:
    team.goto(f"/admin/{place}/")
    team.locator("#result_list tbody th a").first.click()
    expect(team).to_have_url(re.compile(r"/\d+/change/"))
    expect(team.locator("#content h1, #content h2").first).to_be_visible()


def test_member_is_not_let_in(reader: Reader, watch: Watch) -> None:
    page = reader(role="member")
    watch.expect("status of 403")
    for place in ("", "meetups/application/"):
        answer = page.goto(f"/admin/{place}")
        assert answer is not None
        assert answer.status == 403
        expect(page.locator("#result_list, #content-main")).to_have_count(0)


def test_visitor_is_asked_to_sign_in_by_the_one_door(page: Page) -> None:
    page.goto("/admin/meetups/application/")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
