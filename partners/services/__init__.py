"""What others use of the partner programme; the verbs stand in the modules by noun."""

from partners.services.rankings import (
    Ranking,
    TopPartner,
    last_month,
    month_of,
    ranked_months,
    ranking,
    top_partners,
    utc_today,
    volunteers_share,
)

__all__ = [
    "Ranking",
    "TopPartner",
    "last_month",
    "month_of",
    "ranked_months",
    "ranking",
    "top_partners",
    "utc_today",
    "volunteers_share",
]
