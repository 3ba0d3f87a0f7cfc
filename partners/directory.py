"""The list of the directory: who is on it in which order."""

from collections.abc import Collection

from partners.models import Partner
from partners.ranking import Standing
from partners.services import Ranking

ORDERS = ("rank", "name", "newest")


def listing(ranking: Ranking, wanted: Collection[int], order: str) -> tuple[list[Standing], list[Partner]]:
    """(ranked, unranked) of the wanted organisations; by rank, name or how new they are."""
    listed = [standing for standing in ranking.standings if standing.organisation in wanted]
    unranked = [partner for partner in ranking.unranked if partner.organisation_id in wanted]
    if order == "name":
        listed.sort(key=lambda standing: (standing.name.casefold(), standing.organisation))
    if order == "newest":
        since = {pk: partner.since_on for pk, partner in ranking.partners.items()}
        listed.sort(key=lambda standing: since[standing.organisation], reverse=True)
        unranked.sort(key=lambda partner: partner.since_on, reverse=True)
    return listed, unranked
