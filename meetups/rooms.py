"""Rooms: what can be said about getting in; and whether one is a bar or a pub, by whole words (Barcelona is none)."""

import re

from django.utils.translation import gettext_lazy

from portal.places.names import fold

ACCESS = [
    ("step_free", gettext_lazy("Step-free from the street")),
    ("toilet", gettext_lazy("Accessible toilet")),
    ("hearing_loop", gettext_lazy("Hearing loop")),
    ("transit", gettext_lazy("Public transport within 500 m")),
    ("quiet_room", gettext_lazy("Quiet room")),
]

#: Words that name a place whose trade is drinking, in the languages our groups write, folded.
DRINKING_WORDS = frozenset(
    (
        *("bar", "bars", "pub", "pubs", "gastropub", "brewpub", "taproom", "tavern", "saloon", "nightclub"),
        *(
            "kneipe",
            "biergarten",
            "bierkeller",
            "taverna",
            "cerveceria",
            "cervejaria",
            "botequim",
            "boteco",
            "birreria",
        ),
        *("kroeg", "pivnice", "hospoda", "piwiarnia", "kocsma", "izakaya", "beer garden", "beer hall"),
    )
)
#: A word above inside one of these names something else.
HARMLESS_PHRASES = frozenset(
    {"bar association", "bar council", "bar centre", "bar center", "snack bar", "coffee bar", "bar code"}
)


def drinking_word(text: str) -> str:
    """The first word of `text` that says bar or pub, or an empty string."""
    plain = " ".join(re.findall(r"\w+", fold(text)))
    for phrase in HARMLESS_PHRASES:
        plain = re.sub(rf"\b{phrase}\b", " ", plain)
    words = plain.split()
    for width in (2, 1):
        for start in range(len(words) - width + 1):
            if (phrase := " ".join(words[start : start + width])) in DRINKING_WORDS:
                return phrase
    return ""


def plain_name(text: str) -> str:
    """A name or address without what does not make it another one: case and spaces."""
    return " ".join(text.casefold().split())
