"""The field that asks for a town: suggestions by keyboard and by mouse, and the same question without JavaScript."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Reader
from tests.browser.processes import Portal
from tests.browser.signing_in import cast, submit


def _own_page(reader: Reader) -> Page:
    page = reader(role="member")
    page.goto("/me/")
    return page


def _town(page: Page) -> Locator:
    return page.locator("input[name=place_text]")


def test_town_is_chosen_by_keyboard(reader: Reader) -> None:
    page = _own_page(reader)
    town = _town(page)
    expect(town).to_have_role("combobox")
    town.fill("")
    town.press_sequentially("koeln")
    expect(page.get_by_role("option").first).to_contain_text("Köln")
    expect(town).to_have_attribute("aria-expanded", "true")
    town.press("ArrowDown")
    first = page.get_by_role("option").first
    expect(first).to_have_attribute("aria-selected", "true")
    assert town.get_attribute("aria-activedescendant") == first.get_attribute("id")
    town.press("Enter")
    expect(town).to_have_value("Köln, North Rhine-Westphalia, Germany")
    expect(town).to_have_attribute("aria-expanded", "false")
    expect(page.locator("input[name=place]")).to_have_value("2886242")
    submit(page)
    expect(_town(page)).to_have_value("Köln, North Rhine-Westphalia, Germany")


def test_escape_closes_the_suggestions_and_a_click_takes_one(reader: Reader) -> None:
    page = _own_page(reader)
    town = _town(page)
    town.fill("")
    town.press_sequentially("springf")
    expect(page.get_by_role("option").first).to_be_visible()
    town.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    town.press_sequentially("ield, ill")
    page.get_by_role("option").filter(has_text="Illinois").first.click()
    expect(town).to_have_value("Springfield, Illinois, United States")


def test_town_is_asked_back_without_javascript(portal: Portal, reader: Reader) -> None:
    page = reader(javascript=False)
    page.goto("/accounts/login/")
    person = cast(portal.var)["member"]
    page.locator("main [name=login]").fill(person.email)
    page.locator("main [name=password]").fill(person.password)
    submit(page)
    page.goto("/me/")
    _town(page).fill("Springfield")
    submit(page)
    choice = page.get_by_label("Springfield, Oregon, United States")
    choice.check()
    submit(page)
    expect(_town(page)).to_have_value("Springfield, Oregon, United States")
