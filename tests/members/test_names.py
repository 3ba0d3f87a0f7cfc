"""Names without what nobody can see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.members.names import clean_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada Marlow", "Ada Marlow"),
        ("  Ada \t Marlow\n", "Ada Marlow"),
        ("Zoë Åström-O’Neil", "Zoë Åström-O’Neil"),
        ("A\x00da\x07", "A da"),
        ("Ada\u2028Marlow", "Ada Marlow"),
        ("\u202eadA\u202c", "adA"),
        ("\u2066Ada\u2069\u200e\u061c", "Ada"),
        ("A\u200bd\u2060a\ufeff\u00ad", "Ada"),
        ("A\ud800da", "Ada"),
        ("A\u200cda\u200d", "Ada"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("क्\u200dष", "क्\u200dष"),
        ("\u3164\u200cع", "ع"),
        ("山田\u3000太郎", "山田 太郎"),
        ("\u202e\u200b", ""),
        ("\u3164", ""),
        ("\u2800\ufe0f", ""),
        ("\u0301", ""),
        ("", ""),
    ],
)
def test_name_loses_what_nobody_can_see(typed: str, kept: str):
    assert clean_name(typed) == kept


@given(st.text())
def test_cleaned_name_stays_as_it_is(text: str):
    assert clean_name(clean_name(text)) == clean_name(text)
