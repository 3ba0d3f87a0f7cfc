"""Languages groups speak: codes, and their names in the reader's language (CLDR data that Babel carries)."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language, to_locale

from portal.places.names import fold

#: Languages offered in forms; any other code is shown as it is.
CODES = (
    *("af", "am", "ar", "az", "bg", "bn", "bs", "ca", "cs", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr"),
    *("ga", "gl", "gu", "ha", "he", "hi", "hr", "hu", "hy", "id", "ig", "is", "it", "ja", "ka", "kk", "km", "kn", "ko"),
    *("lt", "lv", "mk", "ml", "mr", "ms", "mt", "my", "nb", "ne", "nl", "pa", "pl", "pt", "ro", "ru", "si", "sk", "sl"),
    *("sq", "sr", "sv", "sw", "ta", "te", "th", "tl", "tn", "tr", "uk", "ur", "uz", "vi", "yo", "zh", "zu"),
)


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(to_locale(language), sep="_").languages)


def language_name(code: str) -> str:
    """ "de" -> "German", "pt-br" -> "Brazilian Portuguese"; a region without a name of its own is left out."""
    language, _hyphen, region = code.replace("_", "-").partition("-")
    names = _names(get_language() or "en")
    return names.get(f"{language.lower()}_{region.upper()}") or names.get(language.lower(), code)


def language_choices() -> list[tuple[str, str]]:
    """(code, name) of every language a form offers, by name."""
    return sorted(((code, language_name(code)) for code in CODES), key=lambda choice: fold(choice[1]))
