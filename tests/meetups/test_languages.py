"""Names of languages."""

import pytest

from meetups.languages import CODES, language_choices, language_name


@pytest.mark.parametrize(
    ("code", "name"),
    [("de", "German"), ("DE", "German"), ("pt-br", "Brazilian Portuguese"), ("de_LI", "German"), ("xx", "xx")],
)
def test_name_of_a_code(code: str, name: str) -> None:
    assert language_name(code) == name


def test_choices_are_in_the_order_of_their_names() -> None:
    choices = language_choices()
    assert {code for code, _ in choices} == set(CODES)
    assert [name for _, name in choices][:3] == ["Afrikaans", "Albanian", "Amharic"]
