"""Ranking the partners from the month's credit, and the parts of the pages that show it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from dashboard.models import MonthCredit, OrganisationWindow
from dashboard.services.summaries import MONTHS, months_before
from partners.models import Partner
from partners.ranking import Credit, Entrant, Rule, Standing, movement, rank
from portal.members.models import Affiliation

HISTORY = 6


@dataclass(frozen=True)
class Ranking:
    """One month's standings with the months before, and the partners who had nobody confirmed in it."""

    month: date
    standings: list[Standing]
    partners: dict[int, Partner]
    unranked: list[Partner]
    history: list[tuple[date, dict[int, int]]]

    def ranks(self, organisation: int) -> list[int | None]:
        """Ranks of the last six months, oldest first; None where there was none."""
        return [ranks.get(organisation) for _month, ranks in self.history[-HISTORY:]]

    def moved(self, standing: Standing) -> int | None:
        """Places won or lost against the month before; None for who is new."""
        before = self.history[-2][1] if len(self.history) > 1 else {}
        return movement(standing.rank, before.get(standing.organisation))


@dataclass(frozen=True, slots=True)
class TopPartner:
    """One of the first, for the home page."""

    rank: int
    name: str
    organisation: int
    place: str
    url: str
    score: int
    contributors: int
    moved: int | None


def utc_today() -> date:
    """The day it is in UTC."""
    return timezone.now().astimezone(UTC).date()


def last_month(today: date) -> date:
    """First day of the month that is ranked: the last whole one."""
    return months_before(today, 1)


def ranked_months(today: date) -> list[date]:
    """Months that can be shown, newest first: those with a month to compare with."""
    return [months_before(today, number) for number in range(1, MONTHS)]


def ranking(*, month: date, rule: Rule = Rule()) -> Ranking:  # noqa: B008
    """Rank the current partners by the credit of a calendar month; the same few queries whatever their number.

    Ranked is who has at least one person whose affiliation, confirmed by the person, touches the month; a month in
    which a partner had no such person, or was no partner yet, has no rank in its history either.
    """
    partners = {partner.organisation_id: partner for partner in _current().order_by("organisation__name")}
    credit_90 = dict(
        OrganisationWindow.objects.filter(days=90, organisation_id__in=partners).values_list(
            "organisation_id", "credit"
        )
    )
    months = [months_before(month, number) for number in range(HISTORY, -1, -1)]
    belonging = _belonging(partners, months)
    records = _credits(months, partners)
    history = []
    standings: list[Standing] = []
    for each in months:
        entrants = [
            Entrant(pk, partner.organisation.name, partner.tier, credit_90.get(pk, 0))
            for pk, partner in partners.items()
            if pk in belonging[each] and partner.since_on < _end(each)
        ]
        standings = rank(entrants, records[each], rule)
        history.append((each, {standing.organisation: standing.rank for standing in standings}))
    ranked = set(history[-1][1])
    unranked = [partner for pk, partner in partners.items() if pk not in ranked]
    return Ranking(month, standings, partners, unranked, history)


def _current() -> QuerySet[Partner]:
    return Partner.objects.current().select_related("organisation__place")


def _end(month: date) -> date:
    """The first day after the month."""
    return months_before(month, -1)


def _belonging(partners: dict[int, Partner], months: list[date]) -> dict[date, set[int]]:
    """Organisations with somebody confirmed, month by month."""
    span = DateRange(months[0], _end(months[-1]))
    rows = list(
        Affiliation.objects.confirmed()
        .filter(organisation_id__in=partners, days__overlap=span)
        .values_list("organisation_id", "days")
    )
    return {
        month: {
            pk
            for pk, days in rows
            if (days.lower is None or days.lower < _end(month)) and (days.upper is None or days.upper > month)
        }
        for month in months
    }


def _credits(months: list[date], partners: dict[int, Partner]) -> dict[date, list[Credit]]:
    rows = MonthCredit.objects.filter(
        month__range=(months[0], months[-1]), organisation_id__in=partners, credit__gt=0
    ).values_list("month", "organisation_id", "member_id", "kind", "state", "n", "credit_each")
    found: dict[date, list[Credit]] = {month: [] for month in months}
    for month, organisation, member, kind, state, n, each in rows:
        found[month].append(Credit(organisation, member, kind, state, n, each))
    return found


def volunteers_share(month: date) -> tuple[int, int]:
    """(credit of people without an organisation, credit of everyone) in a month."""
    found = MonthCredit.objects.filter(month=month).aggregate(
        free=Sum("credit", filter=Q(organisation=None)), all=Sum("credit")
    )
    return found["free"] or 0, found["all"] or 0


def top_partners(limit: int = 3, *, today: date | None = None) -> list[TopPartner]:
    """The first partners of last month who earned anything."""
    found = ranking(month=last_month(today or utc_today()))
    return [
        TopPartner(
            rank=standing.rank,
            name=standing.name,
            organisation=standing.organisation,
            place=str(found.partners[standing.organisation].organisation.place or ""),
            url=found.partners[standing.organisation].get_absolute_url(),
            score=standing.score,
            contributors=standing.contributors,
            moved=found.moved(standing),
        )
        for standing in found.standings[:limit]
        if standing.score
    ]


def month_of(text: str, today: date) -> date:
    """The month of `YYYY-MM`, last month when it is none that can be shown."""
    try:
        month = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return last_month(today)
    return month if month in ranked_months(today) else last_month(today)
