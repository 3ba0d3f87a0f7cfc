"""Amounts of money as people read them, in the currencies that CLDR knows."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_territory_currencies, list_currencies
from django.utils.translation import get_language, to_locale

DEFAULT = "EUR"
#: Suggested first; any other of the world's is typed.
COMMON = ("EUR", "USD", "GBP", "BRL", "CHF", "INR", "JPY", "KES", "NGN", "PLN", "SEK", "ZAR")


@lru_cache(maxsize=1)
def currencies() -> frozenset[str]:
    """Codes of all currencies, old ones too."""
    return frozenset(list_currencies())


def currency_of(country_code: str, today: date) -> str:
    """What people pay with in a country today; euros where that is not known."""
    found = get_territory_currencies(country_code.upper(), start_date=today) if country_code else []
    return found[0] if found else DEFAULT


def in_words(amount: Decimal, currency: str) -> str:
    """ "€250" or "€12.50": round amounts without their zero cents, in the reader's language."""
    locale = Locale.parse(to_locale(get_language() or "en"), sep="_")
    pattern = locale.currency_formats["standard"].pattern
    if amount != amount.to_integral_value():
        return format_currency(amount, currency, pattern, locale=locale)
    return format_currency(amount, currency, pattern.replace(".00", ""), locale=locale, currency_digits=False)
