"""Making an account and the ways into it: address, code, app, passkey."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mailbox import Mailbox
from tests.browser.processes import Portal
from tests.browser.signing_in import Person, cast, sign_in, sign_up, somebody_new, submit, totp

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def newcomer(page: Page, mailbox: Mailbox) -> Person:
    """A person who just made an account and is signed in on `page`."""
    person = somebody_new("Zita Newcomer")
    page.goto("/accounts/signup/")
    sign_up(page, person, mailbox)
    if "/accounts/login/" in page.url:
        sign_in(page, person)
    return person


def test_sign_up_leads_over_the_mail_to_the_own_page(newcomer: Person, page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/me/$"))
    expect(page.locator("main")).to_contain_text(newcomer.name)


def test_sign_up_tells_a_short_password_at_its_field_and_keeps_the_rest(page: Page) -> None:
    person = Person("ada@newcomers.example", "Ada Short", "short")
    page.goto("/accounts/signup/")
    page.locator("main [name=email]").fill(person.email)
    page.locator("main [name=name]").fill(person.name)
    page.locator("main [name=password1]").fill(person.password)
    submit(page)
    password = page.locator("main [name=password1]")
    expect(password).to_have_attribute("aria-invalid", "true")
    message = page.locator(
        " , ".join(f"#{name}" for name in (password.get_attribute("aria-describedby") or "").split())
    )
    expect(message.filter(has_text="12 characters").first).to_be_visible()
    expect(page.locator("main [name=email]")).to_have_value(person.email)
    expect(page.locator("main [name=name]")).to_have_value(person.name)


def test_sign_in_by_a_mailed_code(portal: Portal, page: Page, mailbox: Mailbox) -> None:
    member = cast(portal.var)["member"]
    page.goto("/accounts/login/")
    page.get_by_role("link", name=re.compile("code")).click()
    page.locator("main [name=email]").fill(member.email)
    submit(page)
    page.locator("main [name=code]").fill(mailbox.wait_for(member.email, "code").code)
    submit(page)
    expect(page).to_have_url(re.compile(r"/me/$"))


def test_wrong_password_is_told_without_telling_whether_the_account_exists(portal: Portal, page: Page) -> None:
    told = []
    for email in (cast(portal.var)["partner"].email, "nobody@nowhere.example"):
        page.goto("/accounts/login/")
        page.locator("main [name=login]").fill(email)
        page.locator("main [name=password]").fill("not this one either")
        submit(page)
        expect(page.locator("main [name=login]")).to_have_value(email)
        told.append(page.locator("main [role=alert], main .error-summary, main .alert").first.inner_text())
    assert told[0] == told[1]
    assert told[0].strip()


def test_authenticator_app_is_set_up_and_asked_for(newcomer: Person, page: Page) -> None:
    page.goto("/accounts/2fa/totp/activate/")
    _confirm(page, newcomer)
    picture = page.locator("main img[src^='data:image/svg']")
    expect(picture).to_be_visible()
    secret = _secret(page)
    page.locator("main [name=code]").fill(totp(secret))
    submit(page)
    expect(page.locator("main")).to_contain_text(re.compile("recovery codes", re.IGNORECASE))
    _sign_out(page)
    _enter_password(page, newcomer)
    expect(page.locator("main [name=code]")).to_be_visible()
    page.locator("main [name=code]").fill(totp(secret))
    submit(page)
    expect(page).to_have_url(re.compile(r"/me/$"))


def test_passkey_is_added_and_signs_in(newcomer: Person, page: Page) -> None:
    with _authenticator(page):
        page.goto("/accounts/2fa/webauthn/add/")
        _confirm(page, newcomer)
        page.locator("main [name=name]").fill("My key")
        if (box := page.locator("main [name=passwordless]")).count():
            box.check()
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.locator("main")).to_contain_text(re.compile("recovery codes|My key", re.IGNORECASE))
        _sign_out(page)
        page.goto("/accounts/login/")
        page.get_by_role("button", name=re.compile("passkey")).click()
        expect(page).to_have_url(re.compile(r"/me/$"))


@contextmanager
def _authenticator(page: Page) -> Iterator[None]:
    """A key of the browser's own that says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    try:
        yield
    finally:
        session.send("WebAuthn.disable")


def _secret(page: Page) -> str:
    """What the app reads from the picture or the person types from the page."""
    field = page.locator("main [name=secret], main #authenticator_secret").first
    text = field.input_value() if field.count() else page.locator("main").inner_text()
    if uri := re.search(r"otpauth://\S+", text):
        return parse_qs(urlsplit(uri.group()).query)["secret"][0]
    found = re.search(r"\b[A-Z2-7]{16,}\b", text)
    assert found, text
    return found.group()


def _confirm(page: Page, person: Person) -> None:
    """What guards the account asks for the password once more."""
    if "/reauthenticate/" in page.url:
        page.locator("main [name=password]").fill(person.password)
        submit(page)


def _sign_out(page: Page) -> None:
    page.locator("header details.menu:not(.menu--site) summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("header details.menu:not(.menu--site)")).to_have_count(0)


def _enter_password(page: Page, person: Person) -> None:
    page.goto("/accounts/login/")
    page.locator("main [name=login]").fill(person.email)
    page.locator("main [name=password]").fill(person.password)
    submit(page)
