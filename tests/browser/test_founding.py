"""Founding a group with the keyboard alone: no group near, interest, six parts, a co-organiser, the team's word."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

from tests.browser import axe
from tests.browser.conftest import Reader
from tests.browser.keyboard import Keys
from tests.browser.mailbox import Mailbox
from tests.browser.signing_in import Person, sign_in, sign_up, somebody_new

#: A town without a group in the demo, and far from all that have one.
TOWN = "Reykjavík"
NAME = "Reykjavík Open Campaigns"
ROOM = "Culture House, room 2"
HOST = "gudrun@house.example"


def _first_friday_after(day: date) -> date:
    first = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=(4 - first.weekday()) % 7)


LAUNCH = _first_friday_after(datetime.now(UTC).date() + timedelta(days=35))


def test_a_group_is_founded_from_the_search_to_its_page(reader: Reader, mailbox: Mailbox) -> None:
    founder, partner = somebody_new("Ásta Founder"), somebody_new("Björn Partner")
    page = reader()
    page.goto("/accounts/signup/")
    sign_up(page, founder, mailbox)
    _sign_in_if_asked(page, founder)
    _find_nothing_near(page)
    _would_come(page)
    _tell_of_interest(page)
    _see_the_town(page)
    _invite(page, partner)
    application = _refuse_the_bar(page)
    page.context.close()

    page = reader(width=390)
    sign_in(page, founder)
    _resume_in_the_room(page)
    _set_launch(page)
    _set_rhythm(page)
    _host_says_yes(reader(), mailbox)
    _accept_invitation(reader(), partner, mailbox)
    _send(page, application)
    assert mailbox.wait_for(founder.email, NAME).subject
    assert mailbox.wait_for(partner.email, NAME).subject

    _approve(reader(role="lead"))
    for person in (founder, partner):
        letter = mailbox.wait_for(person.email, f"{NAME} is a group now")
        assert "Welcome, both of you!" in letter.text
    _read_as_a_visitor(reader(javascript=False), letter.link("/meetups/groups/"))


def _sign_in_if_asked(page: Page, person: Person) -> None:
    if "/accounts/login/" in page.url:
        sign_in(page, person)


def _button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name)


def _find_nothing_near(page: Page) -> None:
    """The directory, narrowed to a town and a distance, leads on to the page of the town."""
    keys = Keys(page)
    page.goto("/")
    keys.press(page.get_by_role("main").get_by_role("link", name="Find a meetup"))
    town = page.get_by_role("combobox", name="Near")
    keys.write(town, "reykjavik")
    expect(page.get_by_role("option", name=TOWN).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(town).to_have_value(re.compile(TOWN))
    keys.go(page.get_by_role("combobox", name="Distance"))
    page.keyboard.type("within 50")
    keys.press(page.get_by_text("More filters"))
    keys.go(page.get_by_role("combobox", name=re.compile("^Kind")))
    page.keyboard.press("ArrowDown")
    keys.press(_button(page, "Search"))
    expect(page.get_by_text("No group like that yet")).to_be_visible()
    expect(page.get_by_text("The nearest group is")).to_be_visible()
    keys.press(page.get_by_role("link", name=f"What others would do in {TOWN}"))


def _would_come(page: Page) -> None:
    keys = Keys(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(TOWN)
    keys.tick(page.get_by_label("I would co-organise"))
    keys.press(_button(page, "Count me in"))
    expect(_button(page, "Take it all back")).to_be_visible()
    _check(page)
    keys.press(_button(page, "Start the application"))


def _check(page: Page) -> None:
    grave = [finding for finding in axe.audit(page) if finding.is_grave]
    assert not grave, axe.told(grave)


def _onward(page: Page) -> None:
    """Saves the part; what stands there filled in has to be accessible, wide or narrow."""
    _check(page)
    Keys(page).press(_button(page, re.compile("^Save, on to")))


def _tell_of_interest(page: Page) -> None:
    keys = Keys(page)
    keys.write(page.get_by_label("What shall the group be called?"), NAME)
    keys.write(page.get_by_label("Thread on the forum"), "https://elsewhere.example/t/1")
    keys.write(page.get_by_label("Who else is interested?"), "Six people from the spring workshop")
    _onward(page)
    expect(page.get_by_text("This address is not on our forum").first).to_be_visible()
    expect(page.get_by_label("Who else is interested?")).to_have_value("Six people from the spring workshop")
    keys.write(page.get_by_label("Thread on the forum"), "https://forum.mautic.org/t/a-group-for-reykjavik/12345")
    _onward(page)


def _see_the_town(page: Page) -> None:
    """The town of the page stands there already."""
    expect(page.get_by_role("heading", name="Where in the world?")).to_be_visible()
    expect(page.locator("main input[role=combobox]")).to_have_value(re.compile(TOWN))
    Keys(page).tick(page.get_by_role("checkbox", name="Icelandic"))
    _onward(page)


def _invite(page: Page, partner: Person) -> None:
    keys = Keys(page)
    expect(page.get_by_role("heading", name="Who runs it with you?")).to_be_visible()
    keys.write(page.get_by_label("Their name"), partner.name)
    keys.write(page.get_by_label("Their e-mail address"), "no address")
    keys.press(_button(page, "Send the invitation"))
    expect(page.get_by_text("This address is not complete").first).to_be_visible()
    keys.write(page.get_by_label("Their e-mail address"), partner.email)
    keys.press(_button(page, "Send the invitation"))
    expect(page.get_by_text(f"We wrote to {partner.name}.")).to_be_visible()
    keys.write(page.get_by_label("What do you do in the community?"), "Answers on the forum, a translation")
    _onward(page)


def _refuse_the_bar(page: Page) -> str:
    """A bar is refused, all else stays; returns the address of the application."""
    keys = Keys(page)
    expect(page.get_by_role("heading", name="Where will you meet?")).to_be_visible()
    keys.choose(page.get_by_role("radio"))
    name, address = page.get_by_label("Name of the place"), page.get_by_label(re.compile("^Address"))
    keys.write(name, "The Old Pub")
    keys.write(page.get_by_label("Room for how many?"), "35")
    keys.write(address, "Hverfisgata 15, Reykjavík")
    _onward(page)
    expect(page.get_by_text("bars and pubs cannot be used").first).to_be_visible()
    expect(name).to_have_value("The Old Pub")
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Room for how many?")).to_have_value("35")
    expect(address).to_have_value("Hverfisgata 15, Reykjavík")
    return page.url.partition("room/")[0]


def _resume_in_the_room(page: Page) -> None:
    """Another device: the draft is listed, and what was good on the refused page is there."""
    keys = Keys(page)
    page.goto("/meetups/apply/")
    keys.press(page.get_by_role("link", name=NAME))
    keys.press(page.get_by_role("link", name=re.compile("^4|Room")))
    expect(page.get_by_label(re.compile("^Address"))).to_have_value("Hverfisgata 15, Reykjavík")
    keys.write(page.get_by_label("Name of the place"), ROOM)
    keys.write(page.get_by_label("Who confirms for the place?"), "Guðrún Host")
    keys.write(page.get_by_label("Their e-mail address"), HOST)
    keys.press(_button(page, "Save and ask the host"))
    expect(page.get_by_text("Guðrún Host was asked").first).to_be_visible()
    _onward(page)


def _set_launch(page: Page) -> None:
    keys = Keys(page)
    expect(page.get_by_role("heading", name="When do you begin?")).to_be_visible()
    keys.write_day(page.get_by_label("When do you meet for the first time?"), LAUNCH)
    keys.write_time(page.get_by_label("Starts at"), 18)
    keys.write(page.get_by_label("What is the first evening about?"), "Hello, Reykjavík")
    _onward(page)


def _set_rhythm(page: Page) -> None:
    keys = Keys(page)
    expect(page.get_by_role("heading", name="Which day of each month?")).to_be_visible()
    keys.choose(page.get_by_role("radio", name=re.compile("first", re.IGNORECASE)))
    keys.choose(page.get_by_role("radio", name="Friday"))
    keys.write_time(page.get_by_label("Starts at"), 18)
    keys.press(_button(page, "Save and show the dates"))
    expect(
        page.get_by_role("listitem").filter(has_text=f"{LAUNCH.day} {LAUNCH:%b} {LAUNCH.year}").first
    ).to_be_visible()
    _onward(page)


def _host_says_yes(page: Page, mailbox: Mailbox) -> None:
    """The host of the room answers by the mailed link, without an account."""
    page.goto(mailbox.wait_for(HOST, ROOM).link("/meetups/venues/"))
    _check(page)
    Keys(page).press(_button(page, "Yes, the group may meet here"))
    expect(page.get_by_text("The organisers hear of it by mail")).to_be_visible()


def _accept_invitation(page: Page, partner: Person, mailbox: Mailbox) -> None:
    """The mailed link, an account on the way, and the promise."""
    keys = Keys(page)
    page.goto(mailbox.wait_for(partner.email, "like to run a meetup group").link("/meetups/invitations/"))
    invitation = page.url
    _check(page)
    keys.press(_button(page, "Sign in and say yes"))
    keys.press(page.locator("main a[href*='/accounts/signup/']"))
    expect(page.locator("main [name=password1]")).to_be_visible()
    sign_up(page, replace(partner), mailbox)
    _sign_in_if_asked(page, partner)
    page.goto(invitation)
    keys.press(_button(page, "Yes, I will organise"))
    expect(page.get_by_text("tick the box")).to_be_visible()
    keys.tick(page.get_by_label(re.compile("I have read the six promises")))
    keys.press(_button(page, "Yes, I will organise"))
    expect(page.get_by_text("You are an organiser of this application now")).to_be_visible()


def _send(page: Page, application: str) -> None:
    page.goto(f"{application}check/")
    _check(page)
    keys = Keys(page)
    keys.tick(page.get_by_label(re.compile("I have read the six promises")))
    keys.press(_button(page, "Send the application"))
    expect(page.get_by_text("Sent. Every organiser gets a mail")).to_be_visible()
    _check(page)


def _judge(team: Page) -> None:
    """Six verdicts, one of them a waiver that needs its reason, once the machine has looked."""
    keys = Keys(team)
    _check(team)
    for key in ("interest", "place", "organisers", "room", "launch"):
        part = team.locator(f"#criterion-{key}")
        keys.choose(part.get_by_label("Met", exact=True))
        keys.press(part.get_by_role("button", name=re.compile("^Keep verdict")))
        expect(part.locator(".review-verdict--met")).to_be_visible()
    rhythm = team.locator("#criterion-rhythm")
    keys.choose(rhythm.get_by_label("Waived", exact=True))
    keys.press(rhythm.get_by_role("button", name=re.compile("^Keep verdict")))
    expect(rhythm.get_by_text("Say why this criterion is waived")).to_be_visible()
    expect(rhythm.get_by_label("Waived", exact=True)).to_be_checked()
    keys.write(rhythm.get_by_label("Reason"), "They will move it once the house has a second key.")
    keys.press(rhythm.get_by_role("button", name=re.compile("^Keep verdict")))
    expect(rhythm.locator(".review-verdict--waived")).to_be_visible()
    _wait_for_the_machine(team)


def _wait_for_the_machine(team: Page) -> None:
    """The worker looks at the criteria in the background; the page tells when all of it is there."""
    for _ in range(60):
        if not team.get_by_text("Not checked by the machine").count():
            return
        team.wait_for_timeout(250)
        team.reload()
    raise AssertionError(team.locator(".review-obstacles").inner_text())


def _approve(team: Page) -> None:
    keys = Keys(team)
    team.goto("/admin/meetups/application/?queue=open")
    keys.press(team.get_by_role("link", name=NAME))
    keys.press(team.get_by_role("link", name="Claim and review"))
    keys.press(_button(team, "Claim and review"))
    expect(team.get_by_text(f"{NAME}: in review")).to_be_visible()
    _judge(team)
    keys.press(team.get_by_role("link", name="Approve", exact=True))
    keys.write(team.get_by_label("A few words to the organisers"), "Welcome, both of you!")
    keys.press(_button(team, "Approve"))
    expect(team.get_by_text(f"{NAME}: approved", exact=False)).to_be_visible()


def _read_as_a_visitor(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("main")).to_contain_text("Ásta Founder")
    expect(page.locator("main")).to_contain_text("Björn Partner")
    expect(page.locator("main")).to_contain_text(re.compile("First Friday of the month", re.IGNORECASE))
    page.goto("/meetups/?text=reykjavik")
    expect(page.get_by_role("link", name=re.compile(NAME)).first).to_be_visible()
