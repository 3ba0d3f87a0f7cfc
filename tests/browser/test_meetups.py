"""Finding a group, joining and leaving it, and what its organisers do with a date."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import PHONE, Reader
from tests.browser.mailbox import Mailbox
from tests.browser.signing_in import sign_in, sign_up, somebody_new
from tests.browser.watching import Watch

TODAY = datetime.now(UTC).date()
IN_THREE_WEEKS, YESTERDAY = TODAY + timedelta(days=21), TODAY - timedelta(days=1)


def test_visitor_finds_a_group_from_the_home_page(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Find a meetup").click()
    page.get_by_role("searchbox", name="Town, country or group").fill("leipzg")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"text=leipzg"))
    expect(page.get_by_role("status").filter(has_text="1 group")).to_be_visible()
    page.get_by_role("link", name="Leipzig Automation Circle").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leipzig Automation Circle")
    expect(page.locator("main")).to_contain_text("Kolonnade Coworking")


def test_filters_narrow_the_directory_and_chips_widen_it_again(page: Page) -> None:
    page.goto("/meetups/")
    every = _count(page)
    page.get_by_text("More filters").click()
    page.get_by_role("combobox", name=re.compile("^Country")).select_option(label="Germany")
    page.get_by_role("combobox", name=re.compile("^Kind")).select_option(index=1)
    page.get_by_role("button", name="Search").click()
    few = _count(page)
    assert 0 < few < every
    assert page.locator("article.group-card").count() == few
    page.get_by_role("link", name=re.compile("Germany")).first.click()
    expect(page).not_to_have_url(re.compile("country="))
    assert few < _count(page) < every


def test_a_search_without_result_offers_ways_on(page: Page) -> None:
    page.goto("/meetups/?text=zzzzqqqq")
    assert _count(page) == 0
    expect(page.locator("main").get_by_role("link", name=re.compile("online", re.IGNORECASE)).first).to_be_visible()
    expect(
        page.locator("main").get_by_role("link", name=re.compile("found|start", re.IGNORECASE)).first
    ).to_be_visible()


def test_a_newcomer_joins_a_group_and_leaves_it(reader: Reader, mailbox: Mailbox) -> None:
    page = reader(width=PHONE, theme="dark")
    person = somebody_new("Nuno Joiner")
    page.goto("/meetups/groups/leipzig-automation-circle/")
    before = _members(page)
    page.get_by_role("link", name="Sign in to join").click()
    page.locator("main a[href*='/accounts/signup/']").first.click()
    sign_up(page, person, mailbox)
    if "/accounts/login/" in page.url:
        sign_in(page, person)
    page.goto("/meetups/groups/leipzig-automation-circle/")
    page.get_by_role("button", name="Join this group").click()
    expect(page.get_by_text("You joined Leipzig Automation Circle")).to_be_visible()
    assert _members(page) == before + 1
    page.get_by_role("button", name="Leave this group").click()
    expect(page.get_by_text("You left Leipzig Automation Circle")).to_be_visible()
    assert _members(page) == before


def test_organiser_sets_a_date_publishes_it_and_calls_it_off(reader: Reader, watch: Watch) -> None:
    page = reader(role="organiser")
    _begin_event(page, "Soup and segments")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("main .error-summary")).to_be_visible()
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)
    expect(page.get_by_label("Title")).to_have_value("Soup and segments")
    _fill_event(page, IN_THREE_WEEKS)
    address = page.url
    visitor = reader(javascript=False)
    watch.expect(f"status of 404 .*{address}")
    assert visitor.goto(address).status == 404  # type: ignore[union-attr]
    page.get_by_role("button", name="Publish").click()
    visitor.goto(address)
    expect(visitor.locator("main")).to_contain_text("Library, first floor")
    page.get_by_role("link", name="Call it off").click()
    page.get_by_label("Why is it off?").fill("The library is being painted.")
    page.locator("main form button[type=submit]").click()
    visitor.goto(address)
    expect(visitor.locator("main")).to_contain_text("The library is being painted.")


def test_organiser_marks_an_event_as_held(reader: Reader) -> None:
    page = reader(role="organiser")
    _begin_event(page, "What we did yesterday")
    _fill_event(page, YESTERDAY)
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="It took place").click()
    page.get_by_label("How many people were there?").fill("19")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_text("It counts as held now")).to_be_visible()
    expect(page.get_by_role("link", name="It took place")).to_have_count(0)
    page.goto("/meetups/groups/leipzig-automation-circle/")
    held = page.get_by_role("row").or_(page.get_by_role("listitem")).filter(has_text="What we did yesterday").last
    expect(held).to_contain_text("19 came")


def _begin_event(page: Page, title: str) -> None:
    """From the organiser's own page to the form for a new date."""
    page.goto("/me/")
    page.get_by_role("main").get_by_role("link", name="Leipzig Automation Circle").click()
    page.get_by_role("link", name="New event").click()
    page.get_by_label("Title").fill(title)


def _fill_event(page: Page, day: date) -> None:
    page.get_by_label("Day").fill(day.isoformat())
    page.get_by_label("Starts at").fill("18:30")
    page.get_by_label("Place of meeting").fill("Library, first floor")
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.get_by_text("Saved as a draft")).to_be_visible()


def _count(page: Page) -> int:
    return int(re.match(r"\d+|No", page.locator(".directory__count").inner_text()).group().replace("No", "0"))  # type: ignore[union-attr]


def _members(page: Page) -> int:
    return int(re.search(r"(\d+) members?", page.locator("main").inner_text()).group(1))  # type: ignore[union-attr]
