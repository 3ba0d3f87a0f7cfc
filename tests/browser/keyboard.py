"""Hands that only have a keyboard: they walk with Tab to what they want, and see every stop on the way."""

import re
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect

MOST_STOPS = 80
#: What a sighted reader sees of the focus: the element's name, whether it has a ring, and whether it is in view;
#: and where the wanted element is from there.
_STOP = """(wanted) => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const hull = one.closest("label, article, li, .search, .choice, .check");
  const around = [one, one.nextElementSibling, hull].filter(Boolean);
  const hasRing = (e) => {
    const style = getComputedStyle(e);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2);
  const isGroup = wanted && one.type === "radio" && wanted.type === "radio" &&
    one.name === wanted.name && one.form === wanted.form;
  return {
    name: (one.getAttribute("aria-label") || one.innerText || one.name || one.tagName).trim().slice(0, 60),
    tag: one.tagName,
    ring: around.some(hasRing),
    covered: Boolean(top) && !top.contains(one) && !around.some((e) => e.contains(top)),
    inside: box.bottom > 0 && box.top < innerHeight,
    isStop: one !== document.body && one.tabIndex >= 0,
    isSkip: /^#(main|content-start)$/.test(one.getAttribute("href") || ""),
    isThere: one === wanted || isGroup,
    isPast: Boolean(wanted) && one !== document.body &&
      Boolean(one.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING),
  };
}"""


def tab_to(page: Page, name: str, *, tag: str = "") -> None:
    """Presses Tab until the focus stands on what is called so; every stop on the way is visible."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(_STOP)
        _is_seen(stop)
        if re.search(name, stop["name"]) and tag in ("", stop["tag"]) and stop["tag"] != "BODY":
            return
    raise AssertionError(f"{name!r} was not reached with {MOST_STOPS} presses of Tab")


def _is_seen(stop: dict[str, object]) -> None:
    if stop["isStop"]:  # where a link that skips leads to is none
        assert stop["ring"], f"no focus to be seen on {stop}"
        assert stop["inside"], f"the focus is out of view on {stop}"
        assert not stop["covered"], f"something covers {stop}"


@dataclass(frozen=True)
class Keys:
    """The keyboard of one page; no method touches the mouse or sets the focus or a value by script."""

    page: Page

    def go(self, target: Locator) -> None:
        """Tab, or Shift and Tab where the target lies behind; over the header by the link that skips it."""
        expect(target.first).to_be_visible()
        wanted = target.first.element_handle()
        stop = self.page.evaluate(_STOP, wanted)
        for _ in range(MOST_STOPS):
            if stop["isThere"]:
                return
            self.page.keyboard.press("Enter" if stop["isSkip"] else "Shift+Tab" if stop["isPast"] else "Tab")
            stop = self.page.evaluate(_STOP, wanted)
            _is_seen(stop)
        raise AssertionError(f"{target} was not reached with {MOST_STOPS} presses of Tab; last: {stop}")

    def press(self, target: Locator) -> None:
        self.go(target)
        self.page.keyboard.press("Enter")

    def tick(self, target: Locator) -> None:
        self.go(target)
        self.page.keyboard.press("Space")
        expect(target.first).to_be_checked()

    def choose(self, radio: Locator) -> None:
        """The group has one stop; inside it the arrows choose."""
        self.go(radio)
        for _ in range(12):
            if radio.first.evaluate("(one) => one === document.activeElement"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        expect(radio.first).to_be_checked()

    def write(self, target: Locator, text: str) -> None:
        """Types over what stands there."""
        self.go(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        expect(target.first).to_have_value(text)

    def write_day(self, target: Locator, day: date) -> None:
        """Into the browser's own control, in whichever order it asks for day and month."""
        self._by_parts(target, day.isoformat(), f"{day:%d%m%Y}", f"{day:%m%d%Y}")

    def write_time(self, target: Locator, hour: int) -> None:
        self._by_parts(target, f"{hour:02}:00", f"{hour:02}00", f"{hour % 12:02}00PM")

    def _by_parts(self, target: Locator, value: str, *ways: str) -> None:
        self.go(target)
        for digits in ways:
            self.page.keyboard.type(digits)
            if target.first.input_value() == value:
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{value} could not be typed: {target.first.input_value()!r}")
