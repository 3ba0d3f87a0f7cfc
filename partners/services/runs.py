"""Freezing a month as it was ranked, and correcting one by a new revision."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.models import MonthCredit, WeightVersion
from dashboard.services.summary_span import months_before
from partners.models import RankingRule, RankingRun, Standing
from partners.models.runs import Preset
from partners.ranking import Standing as Ranked
from partners.ranking import half_factor
from partners.services.computing import Computed, compute_with_work, rule_for
from partners.services.credit import Work, month_end
from portal.members.models import Organisation, User

_LOCK = 7_301_010
#: Where the first rule is in force from, on a portal that has none.
FIRST_RULE_ON = date(2000, 1, 1)


@dataclass(frozen=True)
class Outcome:
    """What ranking a month came to. `run` is the frozen one; None when nothing was frozen."""

    computed: Computed
    run: RankingRun | None
    is_new: bool
    difference: list[dict[str, Any]]


def rank_month(
    *,
    month: date,
    today: date,
    preset: str = "",
    reason: str = "",
    is_dry: bool = False,
    by: User | None = None,
) -> Outcome:
    """Rank a whole month and freeze it. Frozen already: nothing changes, unless `reason` asks for a correction.

    A correction that comes to the same makes no revision. ValidationError for a month that is not over.
    """
    if month.day != 1 or month_end(month) > today:
        raise ValidationError(_("%(month)s is not over yet.") % {"month": f"{month:%Y-%m}"})
    if preset and preset not in Preset.values:
        raise ValidationError(_("There is no preset “%(preset)s”.") % {"preset": preset})
    rule = rule_for(month)
    if rule.pk is None and not is_dry:
        rule = RankingRule.objects.get_or_create(from_on=FIRST_RULE_ON, defaults={"name": rule.name})[0]
    preset = preset or rule.preset
    with transaction.atomic():
        if not is_dry:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = RankingRun.objects.filter(month=month, preset=preset).order_by("-revision").first()
        computed = compute_with_work(month, preset=preset, months_needed=rule.months_needed, today=today)
        changed = difference(_frozen(last), computed) if last else []
        if is_dry or (last is not None and not (reason.strip() and changed)):
            return Outcome(computed, last, False, changed)
        revision = last.revision + 1 if last else 1
        run = _freeze(computed, rule, preset, revision, reason.strip() if last else "", changed, by)
    return Outcome(computed, run, True, changed)


def difference(before: Mapping[int, tuple[str, int, int]], after: Computed) -> list[dict[str, Any]]:
    """What moved between two rankings: name, rank and score before and after; None where there was none."""
    now = {one.organisation: (one.name, one.rank, one.score) for one in after.standings}
    found = []
    for organisation in sorted(before.keys() | now.keys()):
        was, new = before.get(organisation), now.get(organisation)
        if was is not None and new is not None and was[1:] == new[1:]:
            continue
        name = (new or was or ("",))[0]
        found.append(
            {
                "organisation": organisation,
                "name": name,
                "rank": [was[1] if was else None, new[1] if new else None],
                "score": [was[2] if was else None, new[2] if new else None],
            }
        )
    return found


def _frozen(run: RankingRun) -> dict[int, tuple[str, int, int]]:
    rows = run.standings.values_list("organisation_id", "name", "rank", "score")
    return {pk: (name, place, score) for pk, name, place, score in rows}


def differences_today(run: RankingRun, *, today: date) -> list[dict[str, Any]]:
    """What ranking the month again would alter; the run stays as it is."""
    months_needed = run.rule_text.get("months_needed", 0)
    computed = compute_with_work(run.month, preset=run.preset, months_needed=months_needed, today=today)
    return difference(_frozen(run), computed)


def _freeze(
    computed: Computed,
    rule: RankingRule,
    preset: str,
    revision: int,
    reason: str,
    changed: list[dict[str, Any]],
    by: User | None,
) -> RankingRun:
    ids = [one.organisation for one in computed.standings]
    run = RankingRun.objects.create(
        month=computed.month,
        preset=preset,
        revision=revision,
        rule=rule,
        is_official=preset == rule.preset,
        rule_text=_rule_text(computed.month, rule, preset),
        totals=month_totals(computed.month),
        reason=reason[:300],
        difference=changed,
        made_at=timezone.now(),
        made_by=by,
        is_demo=Organisation.objects.filter(pk__in=ids, is_demo=True).exists(),
    )
    Standing.objects.bulk_create([_row(run, one, computed) for one in computed.standings], batch_size=200)
    return run


def _row(run: RankingRun, one: Ranked, computed: Computed) -> Standing:
    return Standing(
        run=run,
        organisation_id=one.organisation,
        name=one.name,
        tier=computed.race.tiers[one.organisation],
        rank=one.rank,
        score=one.score,
        contributors=one.contributors,
        credit_90=one.credit_90,
        parts=dict(one.parts),
        lines=[[line.kind, line.state, line.n, line.each] for line in one.lines],
        shares=[list(share) for share in one.shares],
        work=[_packed(work) for work in computed.work.get(one.organisation, ())],
    )


def _packed(work: Work) -> list[Any]:
    return [
        work.contribution,
        work.member,
        work.kind,
        work.state,
        work.credit,
        work.on.isoformat(),
        work.sponsorship,
    ]


def _rule_text(month: date, rule: RankingRule, preset: str) -> dict[str, Any]:
    versions = WeightVersion.objects.filter(from_on__lt=month_end(month)).order_by("-from_on")
    names = []
    for version in versions:
        names.append(str(version))
        if version.from_on is None or version.from_on <= month:
            break
    return {"name": rule.name, "preset": preset, "months_needed": rule.months_needed, "weights": names}


def month_totals(month: date) -> dict[str, int]:
    """The community's month: credit of volunteers and of all, people, and how few carry half of the contributions."""
    people: Counter[int] = Counter()
    organisations: Counter[int] = Counter()
    volunteers = everyone = 0
    rows = MonthCredit.objects.filter(month=month).values_list("member_id", "organisation_id", "n", "credit")
    for member, organisation, n, credit in rows.iterator(chunk_size=10_000):
        people[member] += n
        everyone += credit
        if organisation is None:
            volunteers += credit
        else:
            organisations[organisation] += n
    return {
        "volunteers": volunteers,
        "everyone": everyone,
        "people": len(people),
        "contributions": people.total(),
        "absence_factor": half_factor(people.values()),
        "elephant_factor": half_factor(organisations.values()),
    }


def freeze_what_is_due(*, today: date) -> RankingRun | None:
    """From the second of a month on freeze the last one, so that late imports are in it; None when there is nothing."""
    month = months_before(today, 1)
    if today.day < 2 or RankingRun.objects.official().filter(month=month).exists():
        return None
    return rank_month(month=month, today=today).run
