"""Markdown as Slack's blocks."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.slack_blocks import MOST_BLOCKS, MOST_HEADER, MOST_TEXT, messages
from tests.thoroughness import examples

TEXT = """**Three** people & a [link](https://x.example/a?b=1|2).

## New <here>

- [Ada](https://x.example/ada/): `code <b>`
- Ben

  1. inner
  2. next

3. third
4. fourth
"""


def test_blocks_say_what_the_markdown_says() -> None:
    (blocks,) = messages("October", TEXT, marker="update-2026-10")
    assert blocks == [
        {"type": "header", "text": {"type": "plain_text", "text": "October"}, "block_id": "update-2026-10-1"},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Three* people &amp; a <https://x.example/a?b=1%7C2|link>."},
        },
        {"type": "header", "text": {"type": "plain_text", "text": "New <here>"}},
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": "• <https://x.example/ada/|Ada>: `code &lt;b&gt;`\n• Ben\n    1. inner\n    2. next\n"
                "3. third\n4. fourth",
            },
        },
    ]


def test_long_text_is_split_over_messages_and_loses_no_line() -> None:
    text = "\n\n".join(f"## Part {n}\n\n- " + "word " * 900 for n in range(60))
    parts = messages("Long", text, marker="m")
    assert [part[0]["block_id"] for part in parts] == [f"m-{n}" for n in range(1, len(parts) + 1)]
    assert sum(block["text"]["text"].count("word") for part in parts for block in part) == 60 * 900


@settings(max_examples=examples(200))
@given(st.text(max_size=200), st.text(alphabet="ab<>|*_`[]()#-\n 1.&~\\", max_size=4000), st.integers(1, 30))
def test_any_text_keeps_within_the_limits(title: str, text: str, times: int) -> None:
    parts = messages(title, text * times, marker="m")
    assert all(0 < len(part) <= MOST_BLOCKS for part in parts)
    for block in (block for part in parts for block in part):
        most = MOST_HEADER if block["type"] == "header" else MOST_TEXT
        assert 0 < len(block["text"]["text"]) <= most
