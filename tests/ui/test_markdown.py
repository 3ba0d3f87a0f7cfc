"""Markdown from people never becomes live script, and links say they are not ours."""

import time

import pytest

from portal.ui.markdown import LIMIT, render_markdown

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](  javascript:alert(1))",
    "[a](java&#x09;script:alert(1))",
    "[a](vbscript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "![a](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>a</a>",
    "<iframe src=//evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<math><mi xlink:href='javascript:alert(1)'>x",
    '[a](https://example.org "onmouseover=alert(1) x")',
    '[a](https://example.org" onclick="alert(1))',
    "<!--><script>alert(1)</script>-->",
    "[a]: javascript:alert(1)\n[a]",
    "`<script>alert(1)</script>`",
    "\x00<script>alert(1)</script>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_leaves_nothing_live(payload):
    from html.parser import HTMLParser

    tags: list[tuple[str, list]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, attrs))  # type: ignore[method-assign]
    parser.feed(str(render_markdown(payload)))
    assert {tag for tag, _ in tags} <= {"p", "a", "code", "em", "strong"}
    for _tag, attrs in tags:
        assert {name for name, _ in attrs} <= {"href", "rel"}
        assert all(value.startswith("https://") for name, value in attrs if name == "href")


def test_markdown_links_carry_their_rel():
    html = render_markdown("[here](https://example.org/)")
    assert html == '<p><a href="https://example.org/" rel="nofollow ugc noopener">here</a></p>\n'


def test_markdown_headings_start_below_the_title_of_the_page():
    assert render_markdown("# One\n\n### Three") == "<h2>One</h2>\n<h4>Three</h4>\n"


def test_markdown_is_cut_at_its_limit():
    assert render_markdown("a" * (LIMIT + 500)) == f"<p>{'a' * LIMIT}</p>\n"


@pytest.mark.parametrize("hostile", ["[" * 20_000, "*a" * 10_000, "> " * 10_000, "`" * 20_000, "|" * 20_000])
def test_markdown_stays_quick_on_hostile_text(hostile):
    started = time.process_time()
    render_markdown(hostile)
    assert time.process_time() - started < 2
