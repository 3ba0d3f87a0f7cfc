"""What the small scripts of the frame do, and what stands without them: colours, menus, the reader's own time."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Reader

PAPER_BY_NIGHT = "rgb(21, 23, 40)"


def test_chosen_colours_hold_on_the_next_page_before_it_is_painted(page: Page) -> None:
    page.goto("/meetups/")
    page.locator("[data-theme-switch] select").select_option("dark")
    page.goto("/partners/", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_load_state("load")
    expect(page.locator("html")).to_have_css("background-color", PAPER_BY_NIGHT)
    page.locator("[data-theme-switch] select").select_option("")
    page.reload()
    expect(page.locator("html")).not_to_have_css("background-color", PAPER_BY_NIGHT)


def test_colours_follow_the_system_without_a_choice(reader: Reader) -> None:
    page = reader(theme="dark")
    page.goto("/meetups/")
    expect(page.locator("html")).to_have_css("background-color", PAPER_BY_NIGHT)


def test_menu_on_a_phone_opens_and_escape_gives_the_focus_back(reader: Reader) -> None:
    page = reader(width=PHONE)
    page.goto("/meetups/")
    button = page.locator(".menu--site > summary")
    button.click()
    events = page.locator(".menu--site").get_by_role("link", name="Events")
    expect(events).to_be_visible()
    page.keyboard.press("Escape")
    expect(events).to_be_hidden()
    expect(button).to_be_focused()


def test_menu_on_a_phone_works_without_javascript(reader: Reader) -> None:
    page = reader(width=PHONE, javascript=False)
    page.goto("/meetups/")
    page.locator(".menu--site > summary").click()
    page.locator(".menu--site").get_by_role("link", name="Events").click()
    assert page.url.endswith("/meetups/events/")


def test_switch_of_colours_is_not_offered_without_javascript(reader: Reader) -> None:
    page = reader(javascript=False)
    page.goto("/meetups/")
    expect(page.locator("[data-theme-switch]")).to_be_hidden()


def test_events_elsewhere_show_the_readers_own_time_too(page: Page) -> None:
    page.goto("/meetups/events/")
    there = page.locator("time[data-local]:not(:has(.own-time))", has_text=re.compile(r"\b(CET|CEST)\b"))
    elsewhere = page.locator("time[data-local]:has(.own-time)")
    assert there.count() > 0
    assert elsewhere.count() > 0
    assert [text for text in elsewhere.all_inner_texts() if not re.search(r"\(.*\d\d:\d\d (CET|CEST)\)$", text)] == []
