"""The parts of a partner's page beside its standing: history, what it gives, where it works."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from meetups.languages import language_name
from partners.models import Partner, RankingRun, Sponsorship
from partners.models import Standing as Frozen
from partners.services import Ranking, utc_today
from portal.places.countries import country_name

HISTORY_MONTHS = 12


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A month in the life of a partner; rank None where it had none."""

    month: date
    rank: int | None
    score: int | None
    is_frozen: bool


def profile(partner: Partner, ranking: Ranking) -> dict[str, Any]:
    """What the template of the page needs; a fixed number of queries."""
    rows = history(partner, ranking)
    return {
        "history": rows,
        "history_ranks": [row.rank for row in reversed(rows)],
        "sponsorships": list(
            Sponsorship.objects.filter(partner=partner).shown(utc_today()).select_related("group", "event")[:20]
        ),
        "countries": sorted(country_name(code) for code in partner.country_codes),
        "languages": sorted(language_name(code) for code in partner.languages),
    }


def history(partner: Partner, ranking: Ranking) -> list[HistoryRow]:
    """Newest first: the months of the ranking, and frozen ones before them."""
    runs = RankingRun.objects.official().newest().filter(month__lte=ranking.month)
    frozen = {
        month: (place, score)
        for month, place, score in Frozen.objects.filter(run__in=runs, organisation=partner.organisation_id)
        .order_by("-run__month")
        .values_list("run__month", "rank", "score")[:HISTORY_MONTHS]
    }
    live = {month: ranks.get(partner.organisation_id) for month, ranks in ranking.history}
    months = sorted({*live, *frozen}, reverse=True)[:HISTORY_MONTHS]
    found = []
    for month in months:
        rank, score = frozen.get(month, (live.get(month), None))
        found.append(HistoryRow(month, rank, score, month in frozen))
    return found
