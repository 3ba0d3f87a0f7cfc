"""Ranking a month from what is known now; freezing is the business of `runs`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from dashboard.services.summary_span import months_before
from dashboard.weights import SAVANNAH, WeightRow
from partners.models import Partner, RankingRule
from partners.models.runs import Preset
from partners.ranking import SPONSORED, Credit, Entrant, Rule, Standing, rank
from partners.services.credit import (
    NINETY,
    Work,
    credit_of_90_days,
    month_end,
    month_records,
    month_work,
    revalued_work,
)
from partners.services.entrants import Race, races
from partners.services.sponsor_credit import sponsor_work


@dataclass(frozen=True)
class Computed:
    """A month as the rule ranks it now; `work` is there where it was asked for."""

    month: date
    standings: list[Standing]
    race: Race
    work: dict[int, list[Work]] = field(default_factory=dict)


def rule_for(month: date) -> RankingRule:
    """The rule in force in a month; where there is none, by activity (not saved)."""
    return RankingRule.objects.in_force(month).first() or RankingRule(name=str(_("Last month's accepted work")))


def pure_rule(preset: str) -> Rule:
    """The preset as the pure rule takes it."""
    return Rule(preset, tier_first=preset == Preset.MEMBERSHIP)


def partners_of(first: date, end: date) -> dict[int, Partner]:
    """Partners of some day of the stretch, by organisation."""
    rows = Partner.objects.in_month(first, end).select_related("organisation__place").order_by("organisation__name")
    return {partner.organisation_id: partner for partner in rows}


def compute_months(months: Sequence[date], rule: RankingRule, partners: dict[int, Partner]) -> dict[date, Computed]:
    """Neighbouring months, oldest first, from the summaries: the same few queries whatever their number."""
    found_races = races(months, partners, months_needed=dict.fromkeys(months, rule.months_needed))
    records = _records(months, rule.preset, partners)
    credit_90 = credit_of_90_days(months, partners)
    return {
        month: _ranked(found_races[month], partners, records[month], credit_90[month], pure_rule(rule.preset))
        for month in months
    }


def _records(months: Sequence[date], preset: str, partners: dict[int, Partner]) -> dict[date, list[Credit]]:
    if preset == Preset.SAVANNAH:
        work = revalued_work(months[0], partners, weights=SAVANNAH.rows, months=len(months))
        records: dict[date, list[Credit]] = {month: [] for month in months}
    else:
        work = sponsor_work(months[0], month_end(months[-1]), partners)
        records = month_records(months, partners)
    for one in work:
        records[one.on.replace(day=1)].append(one.record)
    return records


def compute_with_work(
    month: date,
    *,
    preset: str,
    months_needed: int,
    today: date,
    weights: Iterable[WeightRow] | None = None,
    revalued: Sequence[Work] | None = None,
) -> Computed:
    """One month with every single work behind it: the score is the sum of the works, whatever the summaries say.

    `weights`: other ones than those in force; the preset `savannah` brings its own. `revalued`: what they made of the
    month and three before it, where the caller has it already.
    """
    partners = partners_of(month, month_end(month))
    race = races([month], partners, months_needed={month: months_needed})[month]
    if preset == Preset.SAVANNAH:
        weights = SAVANNAH.rows
    weights = list(weights) if weights is not None else None
    if weights is None:
        work = month_work(month, partners, today=today)
        work += sponsor_work(month, month_end(month), partners)
        credit_90 = credit_of_90_days([month], partners)[month]
    else:
        end = month_end(month)
        if revalued is None or preset == Preset.SAVANNAH:
            revalued = revalued_work(months_before(month, 3), partners, weights=weights, months=4)
        long = [one for one in revalued if months_before(month, 3) <= one.on < end and one.organisation in partners]
        work = [one for one in long if one.on >= month]
        work += _revalued_sponsoring(sponsor_work(month, month_end(month), partners), weights)
        credit_90 = _sums(one for one in long if one.on >= end - NINETY)
    computed = _ranked(race, partners, [one.record for one in work], credit_90, pure_rule(preset))
    by_organisation: dict[int, list[Work]] = {}
    for one in work:
        by_organisation.setdefault(one.organisation, []).append(one)
    return Computed(month, computed.standings, race, by_organisation)


def _revalued_sponsoring(work: Iterable[Work], weights: Iterable[WeightRow]) -> list[Work]:
    credits = {row.state: row.credit for row in weights if row.kind == SPONSORED}
    valued = (replace(one, credit=credits.get(one.state, credits.get("", 0))) for one in work)
    return [one for one in valued if one.credit]


def _sums(work: Iterable[Work]) -> dict[int, int]:
    found: dict[int, int] = {}
    for one in work:
        found[one.organisation] = found.get(one.organisation, 0) + one.credit
    return found


def _ranked(
    race: Race, partners: dict[int, Partner], records: Iterable[Credit], credit_90: dict[int, int], rule: Rule
) -> Computed:
    entrants = [
        Entrant(pk, partners[pk].organisation.name, race.tiers[pk], credit_90.get(pk, 0)) for pk in race.entrants
    ]
    return Computed(race.month, rank(entrants, records, rule), race)
