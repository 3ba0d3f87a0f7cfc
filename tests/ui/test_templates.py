"""What the strict content security policy and the translators ask of every template."""

import re

import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
IDS = [str(path.relative_to(settings.BASE_DIR / "templates")) for path in TEMPLATES]
INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "event handler": re.compile(r"<[a-zA-Z][^<>]*\son[a-z]+\s*="),
    "script without src": re.compile(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))[^>]*>"),
    "javascript address": re.compile(r"javascript:"),
}


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if "mail" not in path.parts], ids=[i for i in IDS if not i.startswith("mail/")]
)
def test_template_has_nothing_inline(path):
    text = path.read_text()
    assert [what for what, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=IDS)
def test_template_does_not_name_the_community(path):
    assert "mautic" not in path.read_text().lower()


def test_javascript_modules_are_short():
    lengths = {
        path.name: len(path.read_text().splitlines()) for path in (settings.BASE_DIR / "static" / "js").glob("*.js")
    }
    assert {name: length for name, length in lengths.items() if length > 80} == {}
