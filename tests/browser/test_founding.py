"""Founding a group: six parts, a co-organiser by mail, the team's word in the admin, and the group's page."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.browser import axe
from tests.browser.conftest import Reader
from tests.browser.mailbox import Mailbox
from tests.browser.processes import Portal
from tests.browser.signing_in import Person, sign_in, sign_up, somebody_new

#: A town without a group in the demo, and far from all that have one.
TOWN = "Reykjavík"
NAME = "Reykjavík Open Campaigns"
ROOM = "Culture House, room 2"


def _first_friday_after(day: date) -> date:
    first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7)


LAUNCH = _first_friday_after(datetime.now(UTC).date() + timedelta(days=35))


def test_a_group_is_founded_from_the_first_question_to_its_page(
    portal: Portal, reader: Reader, mailbox: Mailbox
) -> None:
    founder, partner = somebody_new("Ásta Founder"), somebody_new("Björn Partner")
    page = reader()
    page.goto("/accounts/signup/")
    sign_up(page, founder, mailbox)
    _sign_in_if_asked(page, founder)
    _begin(page)
    _tell_of_interest(page)
    _choose_town(page)
    _invite(page, partner)
    application = _refuse_the_bar(page)
    page.context.close()

    page = reader(width=390)
    sign_in(page, founder)
    _resume_in_the_room(page)
    _set_launch(page)
    _set_rhythm(page)
    _accept_invitation(reader(), partner, mailbox)
    _send(page, application)
    assert mailbox.wait_for(founder.email, NAME).subject
    assert mailbox.wait_for(partner.email, NAME).subject

    team = reader(role="lead")
    _approve(team)
    for person in (founder, partner):
        letter = mailbox.wait_for(person.email, f"{NAME} is a group now")
        assert "Welcome, both of you!" in letter.text
    _read_as_a_visitor(reader(javascript=False), letter.link("/meetups/groups/"))


def _sign_in_if_asked(page: Page, person: Person) -> None:
    if "/accounts/login/" in page.url:
        sign_in(page, person)


def _begin(page: Page) -> None:
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="Found a group").click()
    page.get_by_role("button", name="Begin a draft").click()
    expect(page.get_by_text("Tick the box to go on").first).to_be_visible()
    page.get_by_label(re.compile("I have read the six promises")).check()
    page.get_by_role("button", name="Begin a draft").click()


def _check(page: Page) -> None:
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)


def _onward(page: Page) -> None:
    """Saves the part; what stands there filled in has to be accessible, wide or narrow."""
    _check(page)
    page.get_by_role("button", name=re.compile("^Save, on to")).click()


def _tell_of_interest(page: Page) -> None:
    page.get_by_label("What shall the group be called?").fill(NAME)
    page.get_by_label("Thread on the forum").fill("https://elsewhere.example/t/1")
    page.get_by_label("Who else is interested?").fill("Six people from the spring workshop")
    _onward(page)
    expect(page.get_by_text("This address is not on our forum").first).to_be_visible()
    expect(page.get_by_label("Who else is interested?")).to_have_value("Six people from the spring workshop")
    page.get_by_label("Thread on the forum").fill("https://forum.mautic.org/t/a-group-for-reykjavik/12345")
    _onward(page)


def _choose_town(page: Page) -> None:
    expect(page.get_by_role("heading", name="Where in the world?")).to_be_visible()
    town = page.locator("main input[role=combobox]")
    town.press_sequentially("reykjavik", delay=20)
    page.locator("main").get_by_role("option", name=TOWN).first.click()
    expect(town).to_have_value(re.compile(TOWN))
    page.get_by_role("checkbox", name="Icelandic").check()
    _onward(page)


def _invite(page: Page, partner: Person) -> None:
    expect(page.get_by_role("heading", name="Who runs it with you?")).to_be_visible()
    page.get_by_label("Their name").fill(partner.name)
    page.get_by_label("Their e-mail address").fill("no address")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("This address is not complete").first).to_be_visible()
    page.get_by_label("Their e-mail address").fill(partner.email)
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"We wrote to {partner.name}.")).to_be_visible()
    page.get_by_label("What do you do in the community?").fill("Answers on the forum, a translation")
    _onward(page)


def _refuse_the_bar(page: Page) -> str:
    """A bar is refused, all else stays; returns the address of the application."""
    expect(page.get_by_role("heading", name="Where will you meet?")).to_be_visible()
    page.get_by_role("radio").first.check()
    name, address = page.get_by_label("Name of the place"), page.get_by_label(re.compile("^Address"))
    name.fill("The Old Pub")
    page.get_by_label("Room for how many?").fill("35")
    address.fill("Hverfisgata 15, Reykjavík")
    _onward(page)
    expect(page.get_by_text("bars and pubs cannot be used").first).to_be_visible()
    expect(name).to_have_value("The Old Pub")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Room for how many?")).to_have_value("35")
    expect(address).to_have_value("Hverfisgata 15, Reykjavík")
    return page.url.removesuffix("room/")


def _resume_in_the_room(page: Page) -> None:
    """Another device: the draft is listed, and what was good on the refused page is there."""
    page.goto("/meetups/apply/")
    page.get_by_role("link", name=NAME).click()
    page.get_by_role("link", name=re.compile("^4|Room")).first.click()
    expect(page.get_by_label(re.compile("^Address"))).to_have_value("Hverfisgata 15, Reykjavík")
    page.get_by_label("Name of the place").fill(ROOM)
    page.get_by_label("Who confirms for the place?").fill("Guðrún Host")
    page.get_by_label("Their e-mail address").fill("gudrun@house.example")
    _onward(page)


def _set_launch(page: Page) -> None:
    expect(page.get_by_role("heading", name="When do you begin?")).to_be_visible()
    page.get_by_label("When do you meet for the first time?").fill(LAUNCH.isoformat())
    page.get_by_label("Starts at").fill("18:00")
    page.get_by_label("What is the first evening about?").fill("Hello, Reykjavík")
    _onward(page)


def _set_rhythm(page: Page) -> None:
    expect(page.get_by_role("heading", name="Which day of each month?")).to_be_visible()
    page.get_by_role("radio", name=re.compile("first", re.IGNORECASE)).check()
    page.get_by_role("radio", name="Friday").check()
    page.get_by_label("Starts at").fill("18:00")
    page.get_by_role("button", name="Save and show the dates").click()
    expect(
        page.get_by_role("listitem").filter(has_text=f"{LAUNCH.day} {LAUNCH:%b} {LAUNCH.year}").first
    ).to_be_visible()
    _onward(page)


def _accept_invitation(page: Page, partner: Person, mailbox: Mailbox) -> None:
    """The mailed link, an account on the way, and the promise."""
    page.goto(mailbox.wait_for(partner.email, "like to run a meetup group").link("/meetups/invitations/"))
    invitation = page.url
    _check(page)
    page.get_by_role("button", name="Sign in and say yes").click()
    page.locator("main a[href*='/accounts/signup/']").first.click()
    sign_up(page, replace(partner), mailbox)
    _sign_in_if_asked(page, partner)
    page.goto(invitation)
    page.get_by_role("button", name="Yes, I will organise").click()
    expect(page.get_by_text("tick the box")).to_be_visible()
    page.get_by_label(re.compile("I have read the six promises")).check()
    page.get_by_role("button", name="Yes, I will organise").click()
    expect(page.get_by_text("You are an organiser of this application now")).to_be_visible()


def _send(page: Page, application: str) -> None:
    page.goto(f"{application}check/")
    _check(page)
    page.get_by_role("button", name="Send the application").click()
    expect(page.get_by_text("Sent. Every organiser gets a mail")).to_be_visible()


def _judge(team: Page) -> None:
    """Six verdicts by the keyboard, one of them a waiver that needs its reason, once the machine has looked."""
    _check(team)
    for key in ("interest", "place", "organisers", "room", "launch"):
        part = team.locator(f"#criterion-{key}")
        part.get_by_label("Met", exact=True).focus()
        team.keyboard.press("Space")
        part.get_by_role("button", name=re.compile("^Keep verdict")).press("Enter")
        expect(part.locator(".review-verdict--met")).to_be_visible()
    rhythm = team.locator("#criterion-rhythm")
    rhythm.get_by_label("Waived", exact=True).check()
    rhythm.get_by_role("button", name=re.compile("^Keep verdict")).click()
    expect(rhythm.get_by_text("Say why this criterion is waived")).to_be_visible()
    expect(rhythm.get_by_label("Waived", exact=True)).to_be_checked()
    rhythm.get_by_label("Reason").fill("They will move it once the house has a second key.")
    rhythm.get_by_role("button", name=re.compile("^Keep verdict")).click()
    expect(rhythm.locator(".review-verdict--waived")).to_be_visible()
    _wait_for_the_machine(team)


def _wait_for_the_machine(team: Page) -> None:
    """The worker looks at the criteria in the background; the page tells when all of it is there."""
    for _ in range(30):
        if not team.get_by_text("Not checked by the machine").count():
            return
        team.wait_for_timeout(1000)
        team.reload()
    raise AssertionError(team.locator(".review-obstacles").inner_text())


def _approve(team: Page) -> None:
    team.goto("/admin/meetups/application/?queue=open")
    team.get_by_role("link", name=NAME).click()
    team.get_by_role("link", name="Claim and review").click()
    team.get_by_role("button", name="Claim and review").click()
    _judge(team)
    team.get_by_role("link", name="Approve", exact=True).click()
    team.get_by_label("A few words to the organisers").fill("Welcome, both of you!")
    team.get_by_role("button", name="Approve").click()
    expect(team.get_by_text(f"{NAME}: approved", exact=False)).to_be_visible()


def _read_as_a_visitor(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("main")).to_contain_text("Ásta Founder")
    expect(page.locator("main")).to_contain_text("Björn Partner")
    expect(page.locator("main")).to_contain_text(re.compile("First Friday of the month", re.IGNORECASE))
    page.goto("/meetups/?text=reykjavik")
    expect(page.get_by_role("link", name=re.compile(NAME)).first).to_be_visible()
