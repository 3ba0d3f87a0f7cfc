"""The map of groups: opened, walked by keyboard, searched from one's own position, by day and by night."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import NARROW, WIDE, Reader

READY = "[data-map-ready]"


def _open(page: Page, query: str = "") -> None:
    page.goto(f"/meetups/?view=map{query}")
    expect(page.locator(READY)).to_be_visible()


@pytest.mark.parametrize(("width", "theme"), [(WIDE, "light"), (NARROW, "dark")])
def test_map_opens_and_a_group_is_reached_by_keyboard(reader: Reader, width: int, theme: str) -> None:
    page = reader(width=width, theme=theme)
    _open(page, "&near=leipzig-de&km=50")
    assert page.locator(READY).get_attribute("data-map-ready") == "1"
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)
    marker = page.get_by_role("button", name=re.compile("^Leipzig Automation Circle"))
    marker.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup").get_by_role("link", name="Leipzig Automation Circle")
    expect(link).to_be_focused()
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_map_can_be_skipped_and_its_clusters_opened_by_keyboard(page: Page) -> None:
    _open(page)
    skip = page.get_by_role("link", name="Skip the map")
    skip.focus()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('.group-card'))")
    cluster = page.locator(".map-cluster").first
    name = cluster.get_attribute("aria-label") or ""
    assert re.fullmatch(r"\d+ groups, zoom in", name)
    cluster.focus()
    page.keyboard.press(" ")
    expect(page.locator(".map-dot:focus, .map-cluster:focus")).to_have_count(1)


def test_map_is_a_picture_without_javascript(reader: Reader) -> None:
    plain = reader(javascript=False)
    plain.goto("/meetups/?view=map")
    expect(plain.locator(".group-map .world__point").first).to_be_visible()
    expect(plain.get_by_role("button", name="Near me")).to_be_hidden()


def test_near_me_says_that_it_was_refused_and_sends_a_rounded_position_once_allowed(page: Page) -> None:
    page.goto("/meetups/")
    page.get_by_role("button", name="Near me").click()
    expect(page.get_by_text("Your browser did not say where you are. Type a town instead.")).to_be_visible()
    assert page.url.endswith("/meetups/")
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 51.339734, "longitude": 12.373123})
    page.locator("[data-near-me]").click()
    expect(page).to_have_url(re.compile(r"/meetups/\?at=51\.3%2C12\.4$"))
    expect(page.locator(".group-card").first).to_contain_text("km")
    expect(page.get_by_role("status").filter(has_text="nearest to your position first")).to_be_visible()
