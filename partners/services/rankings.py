"""What pages read of the ranking: frozen months as they were frozen, the others as the summaries have them now."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import Q, Sum
from django.utils import timezone

from dashboard.models import MonthCredit
from dashboard.services.summary_span import MONTHS, months_before
from partners.models import Partner, RankingRun
from partners.models import Standing as Frozen
from partners.ranking import PARTS, Line, Standing, movement
from partners.services.computing import compute_months, partners_of, rule_for
from partners.services.credit import month_end

HISTORY = 6


@dataclass(frozen=True)
class Ranking:
    """One month's standings with the months before, and the partners who had no rank in it."""

    month: date
    standings: list[Standing]
    partners: dict[int, Partner]
    unranked: list[Partner]
    history: list[tuple[date, dict[int, int]]]
    run: RankingRun | None = None

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
    """Months that can be shown, newest first: those the summaries have, and all that were frozen before them."""
    newest = [months_before(today, number) for number in range(1, MONTHS)]
    frozen = RankingRun.objects.official().filter(month__lt=newest[-1]).values_list("month", flat=True)
    return newest + sorted(set(frozen), reverse=True)


def ranking(*, month: date, before: int = HISTORY) -> Ranking:
    """The ranking of a month with some before it; the same few queries whatever the number of partners."""
    months = [months_before(month, number) for number in range(before, -1, -1)]
    partners = partners_of(months[0], month_end(months[-1]))
    runs = {run.month: run for run in RankingRun.objects.official().newest().filter(month__in=months)}
    frozen = _frozen_ranks(runs)
    open_months = [each for each in months if each not in runs]
    computed = compute_months(_span(open_months), rule_for(month), partners) if open_months else {}
    history = []
    for each in months:
        live = {one.organisation: one.rank for one in computed[each].standings} if each in computed else {}
        history.append((each, frozen.get(each, live)))
    run = runs.get(month)
    standings = frozen_standings(run) if run else computed[month].standings
    here = {pk: partner for pk, partner in partners.items() if partner.since_on < month_end(month)}
    partners |= _also(standings, partners)
    ranked = {one.organisation for one in standings}
    current = set(Partner.objects.current().values_list("organisation_id", flat=True))
    unranked = [partner for pk, partner in here.items() if pk not in ranked and pk in current]
    return Ranking(month, standings, partners, unranked, history, run)


def _span(months: list[date]) -> list[date]:
    """Every month from the first to the last of them."""
    found = [months[0]]
    while found[-1] < months[-1]:
        found.append(month_end(found[-1]))
    return found


def _frozen_ranks(runs: dict[date, RankingRun]) -> dict[date, dict[int, int]]:
    by_run = {run.pk: month for month, run in runs.items()}
    found: dict[date, dict[int, int]] = {month: {} for month in runs}
    rows = Frozen.objects.filter(run_id__in=by_run).order_by().values_list("run_id", "organisation_id", "rank")
    for run, organisation, place in rows:
        found[by_run[run]][organisation] = place
    return found


def frozen_standings(run: RankingRun) -> list[Standing]:
    """The standings of a run as the rule made them, without the single works."""
    return [as_ranked(row) for row in run.standings.defer("work").order_by("rank", "name", "organisation_id")]


def as_ranked(row: Frozen) -> Standing:
    """A frozen row as the rule's own standing."""
    return Standing(
        rank=row.rank,
        organisation=row.organisation_id,
        name=row.name,
        score=row.score,
        contributors=row.contributors,
        credit_90=row.credit_90,
        lines=tuple(Line(*line) for line in row.lines),
        shares=tuple((member, points) for member, points in row.shares),
        parts={part: row.parts.get(part, 0) for part in PARTS},
    )


def _also(standings: list[Standing], partners: dict[int, Partner]) -> dict[int, Partner]:
    """Partners of a frozen month who are in the programme no more: the month still shows them."""
    missing = [one.organisation for one in standings if one.organisation not in partners]
    rows = Partner.objects.filter(organisation_id__in=missing).select_related("organisation__place") if missing else []
    return {partner.organisation_id: partner for partner in rows}


def volunteers_share(month: date) -> tuple[int, int]:
    """(credit of people without an organisation, credit of everyone) in a month."""
    found = MonthCredit.objects.filter(month=month).aggregate(
        free=Sum("credit", filter=Q(organisation=None)), all=Sum("credit")
    )
    return found["free"] or 0, found["all"] or 0


def top_partners(limit: int = 3, *, today: date | None = None) -> list[TopPartner]:
    """The first partners of last month who earned anything."""
    found = ranking(month=last_month(today or utc_today()), before=1)
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
