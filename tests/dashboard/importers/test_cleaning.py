"""Clean values from any JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.importers import cleaning
from tests.dashboard.importers.factories import NOW


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Plain", "Plain"),
        ("  two\n\tlines  ", "two lines"),
        ("nul\x00 and \x1b[31m", "nul and [31m"),
        ("lone \ud83d surrogate", "lone surrogate"),
        ("\u202egnp.exe\u2069", "gnp.exe"),
        ("عربي and 👩‍💻 stay", "عربي and 👩‍💻 stay"),
        ("\ufeffmark", "mark"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 299 + "…"),
        ("x" * 100_000, "x" * 299 + "…"),
        (None, ""),
        (7, ""),
        (["a"], ""),
    ],
)
def test_text_is_cleaned_and_cut(value: Any, expected: str) -> None:
    assert cleaning.text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://a.example/x?y=1", "https://a.example/x?y=1"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("javascript:alert(1)", ""),
        ("//a.example", ""),
        ("https://a.example/a b", ""),
        ("https://a.example/\x00", ""),
        ("https://a.example/" + "x" * 3000, ""),
        (None, ""),
    ],
)
def test_web_address_is_http_or_nothing(value: Any, expected: str) -> None:
    assert cleaning.web_address(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00.250-05:00", datetime(2026, 3, 1, 15, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01T10:00:00+14:00", datetime(2026, 2, 28, 20, tzinfo=UTC)),
        ("2026-03-01T10:00:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-02-30T10:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday, about ten", None),
        ("", None),
        (1_772_000_000, None),
        (None, None),
    ],
)
def test_moment_reads_every_form_as_utc(value: Any, expected: datetime | None) -> None:
    assert cleaning.moment(value) == expected


def test_clamped_moves_only_what_lies_more_than_a_day_ahead() -> None:
    near, far = NOW + timedelta(hours=23), NOW + timedelta(hours=25)
    assert cleaning.clamped(near, NOW) == (near, False)
    assert cleaning.clamped(far, NOW) == (NOW, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (7, 7),
        ("7", 7),
        (7.0, 7),
        (-1, -1),
        (7.5, None),
        (True, None),
        (float("inf"), None),
        (2**63, None),
        ("9" * 30, None),
        ("٧", None),
        ("", None),
        (None, None),
        ([], None),
    ],
)
def test_whole_number_is_one_the_database_holds(value: Any, expected: int | None) -> None:
    assert cleaning.whole_number(value) == expected


def test_rejected_without_an_id_is_the_same_letter_every_time() -> None:
    first, again, other = (cleaning.rejected("post", item, "why") for item in ({"a": 1}, {"a": 1}, {"a": 2}))
    assert first == again
    assert first.external_id != other.external_id
    assert cleaning.rejected("post", {"id": 9}, "why").external_id == "post:9"


def test_rejected_payload_is_cut_and_printable() -> None:
    payload = cleaning.rejected("post", {"a": "\x00\ud800" * 20_000}, "why").payload
    assert len(payload) == 10_000
    assert payload.isascii()
    assert payload.isprintable()
