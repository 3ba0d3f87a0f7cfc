"""Every public page, light and dark, wide and narrow: accessible, quiet, whole."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import httpx
import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Browser, Page, StorageState

from tests.browser import axe, secret_pages
from tests.browser.addresses import MEMBER_PAGES, MORE_PAGES, Crawl, file_names, page_names
from tests.browser.conftest import NARROW, WIDE, Reader, new_context
from tests.browser.processes import Portal
from tests.browser.watching import Watch

#: axe's whole set runs once per width; by night only colours differ.
COLOURS = ("color-contrast", "link-in-text-block")
#: By night long lists and tables are looked at as far as this: the rows after it repeat the colours before them.
SHORTEN = """() => document.querySelectorAll("main :is(tbody, ul, ol, dl)").forEach((list) =>
  [...list.children].slice(12).forEach((row) => row.remove()))"""


@pytest.fixture(scope="package")
def crawl(portal: Portal) -> Crawl:
    found = Crawl(portal.url)
    found.run()
    return found


def _addresses(name: str, crawl: Crawl) -> list[str]:
    try:
        return [reverse(name)]
    except NoReverseMatch:
        return crawl.samples.get(name, [])[:1]


@pytest.fixture(scope="module")
def stay(portal: Portal, browser: Browser, sessions: Callable[[str], StorageState]) -> Iterator[Callable[[str], Page]]:
    """A page of a visitor or a role that all pages here are opened on in turn: styles and fonts are fetched once."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def page_of(role: str) -> Page:
            if role not in pages:
                context = new_context(portal, browser, session=sessions(role) if role else None)
                stack.callback(context.close)
                pages[role] = context.new_page()
            return pages[role]

        yield page_of


@pytest.fixture
def open_as(stay: Callable[[str], Page], portal: Portal, watch: Watch) -> Iterator[Callable[[str, str], None]]:
    """Opens an address as a role and looks at all of it; no rule of `Watch` may be broken meanwhile."""
    followed: set[Page] = set()

    def look(role: str, address: str) -> None:
        page = stay(role)
        if page not in followed:
            watch.follow(page.context)
            followed.add(page)
        page.set_viewport_size({"width": WIDE, "height": 800})
        page.emulate_media(color_scheme="light")
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        _check(page)

    yield look
    for page in followed:
        watch.leave(page.context)
    assert not watch.complaints, "\n".join(watch.complaints)


def _check(page: Page) -> None:
    _check_frame(page)
    findings = _findings(page)
    print(axe.told([finding for finding in findings if not finding.is_grave]))
    grave = [finding for finding in findings if finding.is_grave]
    assert not grave, axe.told(grave)


@pytest.mark.parametrize("name", page_names())
def test_public_page_is_accessible_and_whole(name: str, crawl: Crawl, open_as: Callable[[str, str], None]) -> None:
    addresses = _addresses(name, crawl)
    assert addresses, f"No link on the site leads to {name}."
    for address in addresses:
        open_as("", address)


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_page_of_a_member_is_accessible_and_whole(name: str, open_as: Callable[[str, str], None]) -> None:
    open_as("organiser", reverse(name))


@pytest.mark.parametrize(("role", "address"), MORE_PAGES)
def test_page_that_no_name_leads_to_is_accessible_and_whole(
    role: str, address: str, open_as: Callable[[str, str], None]
) -> None:
    open_as(role, address)


@pytest.fixture(scope="package")
def secrets(portal: Portal) -> Mapping[str, str]:
    return secret_pages.make(portal)


@pytest.mark.parametrize(("role", "name"), secret_pages.ROLES)
def test_page_behind_a_secret_is_accessible_and_whole(
    role: str, name: str, secrets: Mapping[str, str], open_as: Callable[[str, str], None]
) -> None:
    open_as(role, secrets[name])


def _findings(page: Page) -> list[axe.Finding]:
    """Everything at both widths by day, colours again by night; nothing may scroll sideways."""
    found: list[axe.Finding] = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found += axe.audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
    page.evaluate(SHORTEN)
    found += axe.audit(page, only=COLOURS)
    page.set_viewport_size({"width": WIDE, "height": 800})
    found += axe.audit(page, only=COLOURS)
    return list({finding.text: finding for finding in found}.values())


def _check_frame(page: Page) -> None:
    """What each page owes: a language, a title, one headline, a way past the header, pictures that are there."""
    assert page.locator("html").get_attribute("lang") == "en-gb"
    assert page.locator("h1").count() == 1
    assert len(page.locator("h1").inner_text().strip()) > 1
    assert re.search(r"\w.* · \w", page.title()), f"the title names no page: {page.title()!r}"
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#main"
    assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    pictures = "[...document.images].map((i) => (i.loading = 'eager', i.decode().then(() => '', () => i.src)))"
    assert [one for one in page.evaluate(f"async () => Promise.all({pictures})") if one] == []


@pytest.mark.parametrize("name", file_names())
def test_public_file_is_served(name: str, crawl: Crawl, portal: Portal) -> None:
    for address in _addresses(name, crawl):
        answer = httpx.get(f"{portal.url}{address}")
        assert answer.status_code == 200, address
        assert "text/html" not in answer.headers["content-type"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_link_of_the_site_is_broken(crawl: Crawl) -> None:
    assert crawl.broken == []
    assert crawl.samples.get("broken", []) == []


def test_not_found_page_is_styled_and_leads_on(reader: Reader, watch) -> None:  # type: ignore[no-untyped-def]
    watch.expect(r"status of 404")
    page = reader(width=NARROW)
    page.goto("/no/such/page/")
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)
    page.get_by_role("link", name="To the home page").click()
    assert page.url.endswith("/")
