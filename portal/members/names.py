"""Names as people type them, freed of what nobody can see; pure."""

from unicodedata import category

#: Letters and signs that are drawn as nothing, though Unicode calls them letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
#: Persian and the scripts of India cannot be written without these two, so they stay between letters of such scripts.
_JOINERS = frozenset("\u200c\u200d")


def clean_name(text: str) -> str:
    """The name on one line, without control characters, zero-width and direction marks; "" when nothing is visible."""
    kept = "".join(map(_kept, text))
    joined = "".join(
        letter for index, letter in enumerate(kept) if letter not in _JOINERS or _is_between_letters(kept, index)
    )
    is_visible = any(category(letter)[0] in "LNPS" for letter in joined)
    return " ".join(joined.split()) if is_visible else ""


def _kept(letter: str) -> str:
    if category(letter) in {"Cc", "Zl", "Zp"}:
        return " "
    is_unseen = category(letter) in {"Cf", "Cs"} or letter in _BLANKS
    return "" if is_unseen and letter not in _JOINERS else letter


def _is_between_letters(text: str, index: int) -> bool:
    beside = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
    return len(beside) == 2 and all(letter > "\u02ff" and category(letter)[0] in "LM" for letter in beside)
