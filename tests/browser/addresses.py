"""Which pages the portal has: read from its URLconf, with real addresses found by following its own links."""

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx
from django.conf import settings
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse

#: Public, but no page: files, machine answers, and pages that a secret in a mail leads to; `secret_pages` opens those,
#: or their journeys do.
NO_PAGE = frozenset(
    {
        "pages:healthz",
        "pages:readyz",
        "pages:robots",
        "ui:cover",
        "ui:manifest",
        "ui:mark",
        "ui:community_css",
        "ui:styleguide",
        "meetups:invitation",
        "meetups:co_organiser",
        "meetups:mail_stop",
        "meetups:venue_answer",
        "meetups:personal_ics",
        "pages:claim",
        "partners:partner_logo",
        "updates:stop",
    }
)
FILE_NAME = re.compile(r"_(csv|json|geojson|ics|atom|svg)$|^places:search$")
#: Of allauth's public views those that a visitor can open without being on the way somewhere.
ACCOUNT_PAGES = (
    "account_login",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_request_login_code",
    "account_inactive",
)
#: Pages of one's own; the parts of an application and an event's form are opened by their journeys.
MEMBER_PAGES = (
    "pages:me",
    "pages:me_data",
    "dashboard:work_add",
    "meetups:application_start",
    "meetups:community_suggest",
    "meetups:my_calendar",
    "partners:application_start",
    "account_email",
    "account_change_password",
    "mfa_index",
    "socialaccount_connections",
    "usersessions_list",
)
#: What a name alone does not lead to: who opens it, and where it is in the demo community.
MORE_PAGES = (
    ("", "/meetups/?view=map"),
    ("admin", "/dashboard/imports/"),
    ("", "/meetups/groups/istanbul-pazarlama-sohbeti/"),
    ("organiser", "/meetups/groups/leipzig-automation-circle/"),
    ("organiser", "/meetups/groups/leipzig-automation-circle/organisers/"),
    ("organiser", "/meetups/groups/leipzig-automation-circle/needs/"),
    ("organiser", "/meetups/groups/graz-help-table/step-up/"),
    ("organiser", "/meetups/groups/istanbul-pazarlama-sohbeti/claim/"),
    ("partner", "/partners/nordlicht-digital/manage/"),
    ("partner", "/partners/nordlicht-digital/manage/name-and-logo/"),
    ("organiser", "/partners/groups/leipzig-automation-circle/"),
)
MAX_PAGES_PER_NAME = 2
#: A crawl opens no more than this: lists repeat themselves.
MAX_REQUESTS = 160


@dataclass(frozen=True)
class View:
    """A named view of the portal's own apps that a visitor may open."""

    name: str
    has_arguments: bool


@cache
def public_views() -> tuple[View, ...]:
    found: list[View] = []
    _collect(get_resolver(), "", has_arguments=False, into=found)
    own = [view for view in found if ":" in view.name and not view.name.startswith("admin:")]
    return tuple(sorted(own, key=lambda view: view.name))


def _collect(resolver: URLResolver, namespace: str, *, has_arguments: bool, into: list[View]) -> None:
    for entry in resolver.url_patterns:
        takes = has_arguments or bool(entry.pattern.regex.groups)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            _collect(entry, inner, has_arguments=takes, into=into)
        elif isinstance(entry, URLPattern) and entry.name and not getattr(entry.callback, "login_required", True):
            into.append(View(f"{namespace}{entry.name}", takes))


def page_names() -> list[str]:
    """The names of all public pages."""
    own = [view.name for view in public_views() if view.name not in NO_PAGE and not FILE_NAME.search(view.name)]
    return [*dict.fromkeys(own), *(name for name in ACCOUNT_PAGES if _exists(name))]


def file_names() -> list[str]:
    """The names of all public files: tables and feeds for machines."""
    return list(dict.fromkeys(view.name for view in public_views() if FILE_NAME.search(view.name)))


def _exists(name: str) -> bool:
    try:
        return bool(reverse(name))
    except NoReverseMatch:
        return False


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs).get("href" if tag == "a" else "src" if tag == "img" else "")
        if found:
            self.found.append(found)


@dataclass
class Crawl:
    """Follows the portal's own links as a visitor, breadth first, a few pages of each view."""

    url: str
    samples: dict[str, list[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def run(self) -> None:
        waiting = deque(dict.fromkeys(["/", *(reverse(name) for name in page_names() if _exists(name))]))
        known, opened = set(waiting), 0
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=20) as client:
            while waiting and opened < MAX_REQUESTS:
                path = waiting.popleft()
                opened += 1
                answer = client.get(path)
                if answer.status_code >= 400:
                    self.broken.append(f"{answer.status_code} {path}")
                if answer.headers.get("content-type", "").startswith("text/html"):
                    waiting.extend(self._new(path, answer.text, known))

    def _new(self, path: str, text: str, known: set[str]) -> list[str]:
        parser, new = _Links(), []
        parser.feed(text)
        for link in parser.found:
            target = urldefrag(urljoin(f"{self.url}{path}", link)).url
            if not target.startswith(f"{self.url}/"):
                continue
            address = target.removeprefix(self.url)
            name = name_of(address)
            pages = self.samples.setdefault(name, [])
            if address in known or not name or len(pages) >= MAX_PAGES_PER_NAME:
                continue
            known.add(address)
            pages.append(address)
            new.append(address)
        return new


def name_of(address: str) -> str:
    """The view an address leads to; empty for static files and addresses without one."""
    path = urlsplit(address).path
    if path.startswith(f"/{settings.STATIC_URL.lstrip('/')}") or re.match(rf"^/{re.escape(settings.ADMIN_PATH)}", path):
        return ""
    try:
        return resolve(path).view_name
    except Resolver404:
        return "broken"
