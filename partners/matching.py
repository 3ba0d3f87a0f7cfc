"""Which needs an offer fits: by what, where and how much. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Offered:
    """What a partner would give. No country and no area: anywhere."""

    categories: frozenset[str]
    countries: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    limit: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """What is asked for; online needs have no country."""

    category: str
    country: str = ""
    area: str = ""
    amount: Decimal | None = None
    currency: str = ""


def fits(offer: Offered, need: Needed) -> bool:
    """Whether to suggest the one to the other. Amounts are compared in one currency only, never converted."""
    if need.category not in offer.categories:
        return False
    is_anywhere = not offer.countries and not offer.areas
    if not (is_anywhere or need.country in offer.countries or f"{need.country}.{need.area}" in offer.areas):
        return False
    if offer.limit is not None and need.amount is not None and offer.currency == need.currency:
        return need.amount <= offer.limit
    return True


def any_fits(offers: Iterable[Offered], need: Needed) -> bool:
    """Whether one of the offers fits."""
    return any(fits(offer, need) for offer in offers)
