"""The running portal, the browser, and a context per reader (width, theme, with or without JavaScript)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.browser.chromium import chromium, find_chromium
from tests.browser.mailbox import Mailbox
from tests.browser.processes import Portal, running_portal
from tests.browser.signing_in import cast, sign_in
from tests.browser.watching import Watch
from tests.upstreams.github import GitHubApp, GitHubWorld
from tests.upstreams.server import Server

WIDE, PHONE, NARROW = 1280, 390, 320
PATIENCE_MS = 8000
_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def executable() -> str:
    found = find_chromium()
    if found is None:
        pytest.fail("There is no Chromium: install one (Debian: apt-get install chromium), or name one with CHROMIUM=.")
    return found


@pytest.fixture(scope="package")
def github_world() -> GitHubWorld:
    """What is on the stand-in of GitHub; journeys add to it before they import."""
    return GitHubWorld()


@pytest.fixture(scope="package")
def upstream(github_world: GitHubWorld) -> Iterator[Server]:
    """Outside services on loopback."""
    with Server({"/github": GitHubApp(github_world)}) as server:
        yield server


@pytest.fixture(scope="package")
def portal(executable: str, upstream: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with running_portal(tmp_path_factory.mktemp("portal"), private_hosts=upstream.host) as found:
        yield found


@pytest.fixture(scope="package")
def browser(executable: str, portal: Portal) -> Iterator[Browser]:
    """One Chromium; ended with this folder's tests, since its event loop would trouble those of others."""
    with chromium(executable) as found:
        yield found


Reader = Callable[..., Page]


@pytest.fixture
def mailbox(portal: Portal) -> Mailbox:
    return Mailbox(portal.var / "mail")


@pytest.fixture
def watch(portal: Portal) -> Watch:
    return Watch(urlsplit(portal.url).netloc)


@pytest.fixture(scope="package")
def sessions(portal: Portal, browser: Browser) -> Callable[[str], StorageState]:
    """The cookies of one of the demo's cast, who signs in once for all tests."""
    kept: dict[str, StorageState] = {}

    def session_of(role: str) -> StorageState:
        if role not in kept:
            context = browser.new_context(base_url=portal.url)
            sign_in(context.new_page(), cast(portal.var)[role])
            kept[role] = context.storage_state()
            context.close()
        return kept[role]

    return session_of


def new_context(
    portal: Portal,
    browser: Browser,
    *,
    width: int = WIDE,
    theme: str = "light",
    javascript: bool = True,
    session: StorageState | None = None,
) -> BrowserContext:
    context = browser.new_context(
        base_url=portal.url,
        viewport={"width": width, "height": 800},
        color_scheme=theme,  # type: ignore[arg-type]
        java_script_enabled=javascript,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        storage_state=session,
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def reader(portal: Portal, browser: Browser, watch: Watch, sessions: Callable[[str], StorageState]) -> Iterator[Reader]:
    """Opens a page in a new context: `reader(width=320, theme="dark", javascript=False, role="lead")`.

    At the end of the test no page may have broken a rule of `Watch`.
    """
    with ExitStack() as stack:

        def open_page(*, width: int = WIDE, theme: str = "light", javascript: bool = True, role: str = "") -> Page:
            session = sessions(role) if role else None
            context = new_context(portal, browser, width=width, theme=theme, javascript=javascript, session=session)
            stack.callback(context.close)
            watch.follow(context)
            return context.new_page()

        yield open_page
    complaints = watch.complaints
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(reader: Reader) -> Page:
    """A visitor at a desk, by day, with JavaScript."""
    return reader()
