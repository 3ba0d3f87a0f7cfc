"""Drafts of weights and of the rule: what they would have done to the last months, and putting them into force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.models import Weight, WeightVersion
from dashboard.services.staleness import mark_stale
from dashboard.services.summary_span import months_before
from dashboard.weights import PRESETS, WeightRow
from partners.models import RankingRule, RankingRun
from partners.services.computing import Computed, compute_with_work, partners_of, rule_for
from partners.services.credit import month_end, revalued_work
from partners.services.rankings import frozen_standings

PREVIEWED = 3
_COLUMNS = ("kind", "state", "recognition", "credit", "counts", "monthly_cap")


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One partner in a month: rank and credit as it is, and as the draft would have it; None for no rank."""

    name: str
    rank: int | None
    score: int | None
    new_rank: int | None
    new_score: int | None

    @property
    def is_changed(self) -> bool:
        return (self.rank, self.score) != (self.new_rank, self.new_score)


@dataclass(frozen=True, slots=True)
class PreviewMonth:
    """A month side by side, in the order the draft would give."""

    month: date
    is_frozen: bool
    rows: list[PreviewRow]

    @property
    def n_changed(self) -> int:
        return sum(row.is_changed for row in self.rows)


def rows_of(version: WeightVersion) -> list[WeightRow]:
    """The weights of a version as the valuing takes them."""
    return [WeightRow(*row) for row in version.weights.values_list(*_COLUMNS)]


def fill_from_preset(version: WeightVersion) -> None:
    """The rows of the preset that the draft names, where it has none yet."""
    if version.preset in PRESETS and version.is_draft and not version.weights.exists():
        _add_rows(version, PRESETS[version.preset].rows)


def _add_rows(version: WeightVersion, rows: Iterable[WeightRow]) -> None:
    Weight.objects.bulk_create(
        Weight(version=version, **{column: getattr(row, column) for column in _COLUMNS}) for row in rows
    )


@transaction.atomic
def copy_weights(*, version: WeightVersion | None = None, preset: str = "") -> WeightVersion:
    """A new draft from a version, or from a preset that ships (KeyError for none)."""
    name = version.name if version else PRESETS[preset].name
    rows = rows_of(version) if version else PRESETS[preset].rows
    draft = WeightVersion.objects.create(name=name, preset=version.preset if version else preset)
    _add_rows(draft, rows)
    return draft


def preview_weights(version: WeightVersion, *, today: date) -> list[PreviewMonth]:
    """The last three whole months as they are, beside the same under the version's weights."""
    weights = rows_of(version)
    months = _last_months(today)
    # The raw contributions are valued once for all of them: the months shown, and three before for the 90 days.
    first, end = months_before(months[-1], 3), month_end(months[0])
    revalued = revalued_work(first, partners_of(first, end), weights=weights, months=PREVIEWED + 3)
    found = []
    for month in months:
        rule = rule_for(month)
        new = compute_with_work(
            month,
            preset=rule.preset,
            months_needed=rule.months_needed,
            today=today,
            weights=weights,
            revalued=revalued,
        )
        found.append(_beside(month, new, today))
    return found


def preview_rule(rule: RankingRule, *, today: date) -> list[PreviewMonth]:
    """The last three whole months as they are, beside the same under another rule."""
    return [
        _beside(
            month,
            compute_with_work(month, preset=rule.preset, months_needed=rule.months_needed, today=today),
            today,
        )
        for month in _last_months(today)
    ]


def _last_months(today: date) -> list[date]:
    return [months_before(today, number) for number in range(1, PREVIEWED + 1)]


def _beside(month: date, new: Computed, today: date) -> PreviewMonth:
    run = RankingRun.objects.official().newest().filter(month=month).first()
    if run is not None:
        standings = frozen_standings(run)
    else:
        rule = rule_for(month)
        standings = compute_with_work(
            month, preset=rule.preset, months_needed=rule.months_needed, today=today
        ).standings
    now: dict[int, tuple[str, int | None, int | None]] = {
        one.organisation: (one.name, one.rank, one.score) for one in standings
    }
    rows = []
    for one in new.standings:
        _name, rank, score = now.pop(one.organisation, ("", None, None))
        rows.append(PreviewRow(one.name, rank, score, one.rank, one.score))
    rows += [PreviewRow(name, rank, score, None, None) for name, rank, score in now.values()]
    return PreviewMonth(month, run is not None, rows)


def first_free_day() -> date | None:
    """The first day that is in no frozen month; what is frozen keeps the weights and the rule it had."""
    last = RankingRun.objects.order_by("-month").values_list("month", flat=True).first()
    return month_end(last) if last else None


@transaction.atomic
def activate_weights(*, version: WeightVersion, from_on: date) -> WeightVersion:
    """Put a draft into force from a day outside the frozen months; summaries follow. ValidationError at `from_on`."""
    locked = WeightVersion.objects.select_for_update().get(pk=version.pk)
    _refuse_day(locked.from_on, from_on, WeightVersion.objects.filter(from_on=from_on).exists())
    if not locked.weights.exists():
        raise ValidationError({"from_on": _("There is no weight in this version yet.")})
    locked.from_on = from_on
    locked.save(update_fields=["from_on"])
    mark_stale(timezone.now())
    return locked


@transaction.atomic
def activate_rule(*, rule: RankingRule, from_on: date) -> RankingRule:
    """Put a draft of the rule into force from the first day of a month that is not frozen."""
    locked = RankingRule.objects.select_for_update().get(pk=rule.pk)
    if from_on.day != 1:
        raise ValidationError({"from_on": _("A rule begins with a month: choose its first day.")})
    _refuse_day(locked.from_on, from_on, RankingRule.objects.filter(from_on=from_on).exists())
    locked.from_on = from_on
    locked.save(update_fields=["from_on"])
    return locked


def _refuse_day(current: date | None, from_on: date, is_taken: bool) -> None:
    if current is not None:
        raise ValidationError({"from_on": _("This is in force already. Copy it to a draft to change something.")})
    if is_taken:
        raise ValidationError({"from_on": _("Another version begins on that day. Choose another one.")})
    free = first_free_day()
    if free is not None and from_on < free:
        text = _("Months before %(day)s are frozen: choose that day or a later one.")
        raise ValidationError({"from_on": text % {"day": f"{free:%Y-%m-%d}"}})
