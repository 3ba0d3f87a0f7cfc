"""What a page must never do in a journey: speak to strangers, break its policy, fail on the server or in a script."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

#: Chromium writes violations to the console by itself; this adds which line broke which rule.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (e) => console.error(
  `policy violated: ${e.effectiveDirective} by ${e.blockedURI} in ${e.sourceFile}:${e.lineNumber} ${e.sample}`));
"""


@dataclass
class Watch:
    """Collects what goes wrong in one browser context; `expect` names what a test provokes on purpose."""

    host: str
    found: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        context.on("request", self._request)
        context.on("response", self._response)

    def leave(self, context: BrowserContext) -> None:
        """Another watch follows the context from now on."""
        context.remove_listener("console", self._console)
        context.remove_listener("weberror", self._page_error)
        context.remove_listener("request", self._request)
        context.remove_listener("response", self._response)

    def expect(self, pattern: str) -> None:
        """From now on a complaint that matches is what the test wants to see."""
        self.expected.append(re.compile(pattern))

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.found if not any(pattern.search(line) for pattern in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.location
            self.found.append(f"console {message.type}: {message.text} ({where.get('url', '')})")

    def _page_error(self, error: WebError) -> None:
        self.found.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != self.host:
            self.found.append(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.found.append(f"status {response.status}: {response.request.method} {response.url}")
