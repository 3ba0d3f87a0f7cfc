"""The watch itself: what it is there to see, it sees."""

from playwright.sync_api import Page

from tests.browser.watching import Watch

_MISBEHAVE = """() => {
  const script = document.createElement("script");
  script.textContent = "1";
  const picture = new Image();
  picture.src = "https://elsewhere.example/pixel.png";
  document.body.append(script, picture);
  setTimeout(() => { throw new Error("broken on purpose"); });
}"""


def test_watch_sees_inline_scripts_strangers_and_errors(page: Page, watch: Watch) -> None:
    page.goto("/accounts/login/")
    assert watch.complaints == []
    page.evaluate(_MISBEHAVE)
    page.wait_for_timeout(300)
    found = "\n".join(watch.complaints)
    assert "policy violated: script-src" in found
    assert "policy violated: img-src by https://elsewhere.example" in found
    assert "script error: broken on purpose" in found
    watch.expect("")


def test_watch_sees_a_request_to_another_host(page: Page, watch: Watch) -> None:
    page.goto("/healthz")
    page.goto("about:blank")
    page.set_content("<img src='http://127.0.0.1:9/pixel.png'>")
    page.wait_for_timeout(200)
    assert "request to another host: http://127.0.0.1:9/pixel.png" in watch.complaints
    watch.expect("")
