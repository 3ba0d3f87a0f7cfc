"""Ways into the portal, as people take them."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import struct
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.mailbox import Mailbox

PERIOD, SECONDS_TO_TYPE = 30, 5
PASSWORD = "three lanterns by the old harbour"


@dataclass(frozen=True)
class Person:
    """Somebody with an address, a name and a password."""

    email: str
    name: str
    password: str = PASSWORD


def somebody_new(name: str) -> Person:
    """A person nobody has met; each call another address."""
    first = re.sub(r"[^a-z]", "", name.split()[0].lower())
    return Person(f"{first}-{secrets.token_hex(4)}@newcomers.example", name)


@cache
def cast(var: Path) -> dict[str, Person]:
    """The demo's sign-ins by role, as `load_demo` printed them."""
    rows = json.loads((var / "demo_signins.json").read_text(encoding="utf-8"))
    return {row["role"]: Person(row["email"], row["role"], row["password"]) for row in rows}


def sign_up(page: Page, person: Person, mailbox: Mailbox) -> None:
    """From the page with the form to a confirmed address; `page` may carry a `next` in its address."""
    page.locator("main [name=email]").fill(person.email)
    page.locator("main [name=name]").fill(person.name)
    page.locator("main [name=password1]").fill(person.password)
    submit(page)
    page.goto(mailbox.wait_for(person.email, "confirm").link("/confirm-email/"))
    submit(page)


def sign_in(page: Page, person: Person) -> None:
    page.goto("/accounts/login/")
    page.locator("main [name=login]").fill(person.email)
    page.locator("main [name=password]").fill(person.password)
    submit(page)
    expect(page.locator("header .menu__name")).to_be_attached()


def submit(page: Page) -> None:
    """The one primary button of the page's own form."""
    page.locator("main form button[type=submit]:not(.button--quiet):not([formnovalidate])").first.click()


def totp(secret: str) -> str:
    """The six digits an authenticator app shows for a base32 secret (RFC 6238, 30 s, SHA-1), good for 5 s at least."""
    if (left := PERIOD - time.time() % PERIOD) < SECONDS_TO_TYPE:
        time.sleep(left)
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time() // PERIOD)), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
