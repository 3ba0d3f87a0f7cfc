"""Work done with the keyboard alone, where every stop of the focus can be seen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader
from tests.browser.keyboard import tab_to


def test_group_is_found_and_joined_and_left(reader: Reader) -> None:
    page = reader(role="member")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    tab_to(page, "Find a meetup")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/meetups/$"))
    tab_to(page, "^text$")
    page.keyboard.type("melbourne")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("text=melbourne"))
    tab_to(page, "Melbourne Laneway Meetup")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Melbourne Laneway Meetup")
    tab_to(page, "Join this group")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You joined Melbourne Laneway Meetup")).to_be_visible()
    tab_to(page, "Leave this group")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You left Melbourne Laneway Meetup")).to_be_visible()


def test_colours_are_chosen_and_kept(page: Page) -> None:
    page.goto("/meetups/events/?country=DE")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator("[data-theme-switch] select").focus()
    page.keyboard.press("End")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert dark != ground
    page.goto("/accounts/login/")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == dark


def test_menu_of_the_person_opens_and_closes_by_key(reader: Reader) -> None:
    page = reader(role="partner")
    page.goto("/meetups/")
    summary = page.locator("header details.menu:not(.menu--site) summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Your page")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Your page")).to_be_hidden()
    expect(summary).to_be_focused()
