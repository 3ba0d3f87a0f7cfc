"""The form in which names of places (and of whatever is searched beside them) are compared; pure."""

import unicodedata

#: Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ħ": "h",
     "Ħ": "h", "ı": "i", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "þ": "th", "Þ": "th", "ə": "e", "Ə": "e"}
)  # fmt: skip
#: Marks inside a word ("L'Aquila", "Kyyiv'", "Ha‘il"): left out. All other punctuation parts words.
_INSIDE = frozenset("'’‘`´ʼʻʹʺ′.")
_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "Å": "Aa", "ø": "oe", "Ø": "Oe"}
)


def fold(text: str) -> str:
    """The form names are searched in: no accents, lower case, words of letters and digits parted by single spaces.

    "Köln" and "KOLN" are one, so are "St. John's" and "st johns". The result never holds a "|", "%" or "_".
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    kept = (_fold_letter(letter) for letter in decomposed if letter not in _INSIDE)
    return " ".join("".join(kept).lower().split())


def _fold_letter(letter: str) -> str:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return ""
    # Vowel signs of Indic and Thai script are marks (Mn, Mc) that carry the sound: they stay.
    return letter if unicodedata.category(letter)[0] in "LNM" else " "


def unspelled(folded: str) -> str:
    """A folded name with such spellings taken back: "muenchen" -> "munchen", as "München" folds. "blue" -> "blu" too,
    so this is only tried where the name as typed finds nothing."""
    return folded.replace("ae", "a").replace("oe", "o").replace("ue", "u").replace("aa", "a")


def spelled_out(text: str) -> str:
    """How German and Nordic names are typed without their letters: "Köln" -> "Koeln", "Århus" -> "Aarhus"."""
    return unicodedata.normalize("NFC", text).translate(_UMLAUTS)
