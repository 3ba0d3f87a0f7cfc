"""The same work with JavaScript switched off."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Reader
from tests.browser.processes import Portal
from tests.browser.signing_in import cast, sign_in


def test_directory_filters_and_opens_a_group(reader: Reader) -> None:
    page = reader(javascript=False, width=PHONE)
    page.goto("/meetups/")
    page.get_by_role("searchbox", name="Town, country or group").fill("nairobi")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Nairobi Campaign Table").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nairobi Campaign Table")
    expect(page.locator("main")).to_contain_text("Who runs it")


def test_menu_of_a_phone_leads_through_the_site(reader: Reader) -> None:
    page = reader(javascript=False, width=PHONE)
    page.goto("/meetups/")
    page.locator("header details.menu--site summary").click()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Dashboard").click()
    expect(page).to_have_url(re.compile(r"/dashboard/$"))


def test_dashboard_is_read_as_tables(reader: Reader) -> None:
    page = reader(javascript=False)
    page.goto("/dashboard/")
    figure = page.locator("figure.chart").first
    figure.get_by_text("As a table").click()
    expect(figure.get_by_role("row")).to_have_count(91)
    page.get_by_role("navigation", name="Window").get_by_role("link", name=re.compile("^30")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("30 days")


def test_standing_explains_itself(reader: Reader) -> None:
    page = reader(javascript=False)
    page.goto("/partners/")
    row = page.locator("li.partner-row").first
    row.locator("summary").click()
    expect(row.locator(".explain__panel tfoot td")).to_have_text(row.locator(".rank-row__credit").inner_text())


def test_sign_in_and_a_town_looked_up_by_the_server(portal: Portal, reader: Reader) -> None:
    page = reader(javascript=False)
    sign_in(page, cast(portal.var)["member"])
    expect(page).to_have_url(re.compile(r"/me/$"))
    page.goto("/meetups/apply/")
    page.get_by_label(re.compile("I have read the six promises")).check()
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_label("What shall the group be called?").fill("Zagreb Evening Table")
    page.get_by_role("button", name=re.compile("^Save, on to")).click()
    page.get_by_label("In which town?").fill("zagreb")
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator("main")).to_contain_text("Zagreb, ")
    page.get_by_role("button", name=re.compile("^Save, on to")).click()
    expect(page.get_by_role("heading", name="Who runs it with you?")).to_be_visible()
    page.goto("/meetups/apply/")
    page.get_by_role("link", name="Zagreb Evening Table").first.click()
    expect(page.locator("main")).to_contain_text(re.compile("Zagreb,.* Croatia"))
    page.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("Withdrawn.")).to_be_visible()


def test_town_from_the_home_page_is_wished_for_and_taken_back(portal: Portal, reader: Reader) -> None:
    page = reader(javascript=False, width=PHONE)
    sign_in(page, cast(portal.var)["member"])
    page.goto("/")
    page.get_by_role("textbox", name="Your town").fill("Kiel")
    page.get_by_role("button", name="Who is near?").click()
    page.get_by_label("Kiel, Schleswig-Holstein, Germany").check()
    page.get_by_role("button", name="Show the town").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kiel")
    expect(page.get_by_role("button", name="Copy the text")).to_be_hidden()
    expect(page.get_by_label("meetup in Kiel?")).to_have_value(re.compile("9 people told this portal"))
    page.get_by_label("I would speak").check()
    page.get_by_role("button", name="Count me in").click()
    expect(page.locator("main")).to_contain_text("10 people so far")
    expect(page.get_by_role("heading", name="Meet the others")).to_be_visible()
    page.get_by_role("button", name="Take it all back").click()
    expect(page.locator("main")).to_contain_text("9 people so far")
