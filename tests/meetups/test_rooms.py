"""Bars and pubs by whole words, and nothing else."""

import pytest

from meetups.rooms import drinking_word


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("The Crown Pub", "pub"),
        ("Wine-Bar Central", "bar"),
        ("BAR.", "bar"),
        ("Zur Kneipe", "kneipe"),
        ("Hofbräu Biergarten", "biergarten"),
        ("Cervecería La Plaza", "cerveceria"),
        ("Old Town beer garden", "beer garden"),
        ("Pivnice U Dvou koček", "pivnice"),
    ],
)
def test_drinking_place_is_found(name: str, word: str) -> None:
    assert drinking_word(name) == word


@pytest.mark.parametrize(
    "name",
    [
        *("Barcelona Activa", "Public Library", "Barcamp HQ", "Republic Hall", "Barbican Centre", "Pubudu Office", ""),
        *("City Bar Association", "Baran Coworking", "Publix", "Kulturhaus", "Taproot Foundation", "Bartók Hall"),
    ],
)
def test_other_names_pass(name: str) -> None:
    assert drinking_word(name) == ""
