"""Names of countries in the reader's language, from the CLDR data that Babel carries."""

from functools import lru_cache

from babel import Locale
from django.utils.translation import get_language, to_locale

from portal.places.names import fold


@lru_cache(maxsize=32)
def _territories(language: str) -> dict[str, str]:
    locale = Locale.parse(to_locale(language), sep="_")
    return {code: name for code, name in locale.territories.items() if len(code) == 2 and code.isalpha()}


def country_name(code: str) -> str:
    """ "DE" -> "Germany"; an unknown code is returned as it is."""
    return _territories(get_language() or "en").get(code.upper(), code)


def country_called(text: str) -> str:
    """The country's name in the reader's language when `text` names one in that language or in English; else empty."""
    wanted = fold(text)
    for language in (get_language() or "en", "en"):
        for code, name in _territories(language).items():
            if fold(name) == wanted:
                return country_name(code)
    return ""


def country_choices(codes: list[str]) -> list[tuple[str, str]]:
    """(code, name) of the given codes, ordered by name."""
    return sorted(((code, country_name(code)) for code in codes), key=lambda choice: choice[1])


#: Codes that CLDR names but nobody lives in.
_NO_COUNTRY = {"AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EU", "EZ", "HM", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}


def all_country_choices() -> list[tuple[str, str]]:
    """(code, name) of every country, ordered by name in the reader's language."""
    return country_choices([code for code in _territories(get_language() or "en") if code not in _NO_COUNTRY])
