"""Markdown from people, as safe HTML: parsed without raw HTML, then cleaned to a short list of tags."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

#: Longer text is cut: parsing time grows faster than the text for hostile input.
LIMIT = 20_000
TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
_PARSER = (
    MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"]).disable("image")
)
_HEADINGS = {"h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}


def _absolute_only(_tag: str, attribute: str, value: str) -> str | None:
    """Links lead to whole addresses; a relative one could only point into our own pages under false words."""
    return value if attribute != "href" or value.lower().startswith(("https://", "http://", "mailto:")) else None


def render_markdown(text: str) -> SafeString:
    """HTML for at most 20,000 characters of Markdown; headings start at h2, links are http, https or mailto."""
    tokens = _PARSER.parse((text or "")[:LIMIT])
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag) if token.type.startswith("heading") else token.tag
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        attribute_filter=_absolute_only,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned by nh3 in the line above
