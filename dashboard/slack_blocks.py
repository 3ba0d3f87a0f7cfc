"""Markdown as Slack's Block Kit: pure, within the limits of a message, split where a text is longer.

Limits: 50 blocks a message, 3,000 characters of text a section, 150 of a header
(https://docs.slack.dev/reference/block-kit/blocks).
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

MOST_BLOCKS: Final = 50
MOST_TEXT: Final = 3_000
MOST_HEADER: Final = 150
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough").disable("image")
_WORDS: Final = re.compile(r"<[^>]*>|\s+|[^\s<]+|<")
_SIGNS: Final = {"strong": "*", "em": "_", "s": "~"}
Block = dict[str, Any]


def messages(title: str, markdown: str, *, marker: str) -> list[list[Block]]:
    """Blocks of one message after the other; the first block of each carries `<marker>-<number>` as its `block_id`."""
    blocks = [_header(title), *_blocks(markdown)]
    parts = [blocks[at : at + MOST_BLOCKS] for at in range(0, len(blocks), MOST_BLOCKS)]
    for number, part in enumerate(parts, start=1):
        part[0] = {**part[0], "block_id": f"{marker}-{number}"}
    return parts


def _blocks(markdown: str) -> Iterator[Block]:
    gathered: list[str] = []
    for what, text in _texts(_PARSER.parse(markdown)):
        if what == "heading":
            yield from _sections(gathered)
            gathered = []
            yield _header(text)
        else:
            gathered.append(text)
    yield from _sections(gathered)


def _header(text: str) -> Block:
    plain = " ".join(text.split()) or "…"
    short = plain if len(plain) <= MOST_HEADER else plain[: MOST_HEADER - 1] + "…"
    return {"type": "header", "text": {"type": "plain_text", "text": short}}


def _sections(texts: Sequence[str]) -> Iterator[Block]:
    """As few sections as hold the paragraphs and lists; one that is too long is cut at its lines."""
    held = ""
    for piece in (piece for text in texts for piece in _pieces(text)):
        if held and len(held) + len(piece) + 1 > MOST_TEXT:
            yield section(held)
            held = ""
        held = f"{held}\n{piece}" if held else piece
    if held:
        yield section(held)


def _pieces(text: str) -> Iterator[str]:
    """Its lines; one that is too long is cut between words, and not inside a link."""
    for line in text.split("\n"):
        held = ""
        for word in _WORDS.findall(line):
            if held and len(held) + len(word) > MOST_TEXT:
                yield held
                held = ""
            held += word
            while len(held) > MOST_TEXT:
                yield held[:MOST_TEXT]
                held = held[MOST_TEXT:]
        if held.strip():
            yield held


def section(text: str) -> Block:
    """A block of text in Slack's own markup, 3,000 characters at most."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _texts(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    """("heading" or "text", what it says), top to bottom; items of lists begin with their sign."""
    signs: list[str] = []
    lists: list[int | None] = []
    is_heading = False
    for token in tokens:
        if token.type == "heading_open":
            is_heading = True
        elif token.type == "heading_close":
            is_heading = False
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            lists.append(int(token.attrGet("start") or 1) if token.type == "ordered_list_open" else None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type == "list_item_open":
            signs.append(_sign(lists))
        elif token.type in {"fence", "code_block"}:
            yield "text", f"```{escape(token.content.rstrip())}```"
        elif token.type == "inline":
            children = token.children or []
            if is_heading:
                yield "heading", "".join(child.content for child in children)
            else:
                sign = signs.pop() if signs else ""
                yield "text", sign + _inline(children)


def _sign(lists: list[int | None]) -> str:
    number = lists[-1]
    indent = "    " * (len(lists) - 1)
    if number is None:
        return f"{indent}• "
    lists[-1] = number + 1
    return f"{indent}{number}. "


def _inline(children: list[Token]) -> str:
    said = []
    for child in children:
        kind, _, end = child.type.rpartition("_")
        if kind in _SIGNS:
            said.append(_SIGNS[kind])
        elif child.type == "link_open":
            said.append(f"<{address(str(child.attrGet('href') or ''))}|")
        elif child.type == "link_close":
            said.append(">")
        elif child.type == "code_inline":
            said.append(f"`{escape(child.content)}`")
        else:
            said.append("\n" if end == "break" or child.type in {"softbreak", "hardbreak"} else escape(child.content))
    return "".join(said)


def address(href: str) -> str:
    """For the inside of `<address|label>`."""
    return re.sub(r"[|<>\s]", lambda found: f"%{ord(found[0]):02X}", href)


def escape(text: str) -> str:
    """Plain text for Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
