"""Every public page, light and dark, wide and narrow: accessible, quiet, whole."""

import re

import httpx
import pytest
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.addresses import MEMBER_PAGES, Crawl, file_names, page_names
from tests.browser.conftest import NARROW, WIDE, Reader
from tests.browser.processes import Portal

#: axe's whole set runs once per width; by night only colours differ.
COLOURS = ("color-contrast", "link-in-text-block")


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


@pytest.mark.parametrize("name", page_names())
def test_public_page_is_accessible_and_whole(name: str, crawl: Crawl, page: Page) -> None:
    addresses = _addresses(name, crawl)
    assert addresses, f"No link on the site leads to {name}."
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        findings = _findings(page)
        _check_frame(page)
        grave = [finding for finding in findings if finding.is_grave]
        print(axe.told([finding for finding in findings if not finding.is_grave]))
        assert not grave, axe.told(grave)


@pytest.mark.parametrize("name", MEMBER_PAGES)
def test_page_of_a_member_is_accessible_and_whole(name: str, reader: Reader) -> None:
    page = reader(role="organiser")
    answer = page.goto(reverse(name))
    assert answer is not None
    assert answer.status == 200
    grave = [finding for finding in _findings(page) if finding.is_grave]
    _check_frame(page)
    assert not grave, axe.told(grave)


def _findings(page: Page) -> list[axe.Finding]:
    """Everything at both widths by day, colours again by night; nothing may scroll sideways."""
    found: list[axe.Finding] = []
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found += axe.audit(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="dark")
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
