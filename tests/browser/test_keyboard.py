"""Work done with the keyboard alone, where every stop of the focus can be seen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader

MOST_STOPS = 80
#: What a sighted reader sees of the focus: the element's name, whether it has a ring, and whether it is in view.
_STOP = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const hull = one.closest("label, article, li, .search, .choice, .check");
  const around = [one, one.nextElementSibling, hull].filter(Boolean);
  const hasRing = (e) => {
    const style = getComputedStyle(e);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2);
  return {
    name: (one.getAttribute("aria-label") || one.innerText || one.name || one.tagName).trim().slice(0, 60),
    tag: one.tagName,
    ring: around.some(hasRing),
    covered: Boolean(top) && !top.contains(one) && !around.some((e) => e.contains(top)),
    inside: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def _tab_to(page: Page, name: str, *, tag: str = "") -> None:
    """Presses Tab until the focus stands on what is called so; every stop on the way is visible."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        if stop["tag"] == "BODY":
            continue
        assert stop["ring"], f"no focus to be seen on {stop}"
        assert stop["inside"], f"the focus is out of view on {stop}"
        assert not stop["covered"], f"something covers {stop}"
        if re.search(name, stop["name"]) and tag in ("", stop["tag"]):
            return
    raise AssertionError(f"{name!r} was not reached with {MOST_STOPS} presses of Tab")


def test_group_is_found_and_joined_and_left(reader: Reader) -> None:
    page = reader(role="member")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    _tab_to(page, "Find a meetup")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/meetups/$"))
    _tab_to(page, "^text$")
    page.keyboard.type("melbourne")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("text=melbourne"))
    _tab_to(page, "Melbourne Laneway Meetup")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Melbourne Laneway Meetup")
    _tab_to(page, "Join this group")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You joined Melbourne Laneway Meetup")).to_be_visible()
    _tab_to(page, "Leave this group")
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
