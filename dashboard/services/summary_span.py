"""Which days the summaries cover, and everything their SQL has to know, as one dictionary of parameters."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from dashboard import kinds, levels
from dashboard.models import Weight
from dashboard.services.identities import DELETED_PREFIX
from dashboard.services.level_rules import rule_on
from dashboard.weights import REVIEW_KINDS, STATE_SELF, STATE_SELF_ACCEPTED

WINDOWS = (30, 90, 365)
MONTHS = 13  # whole months of credit before the current one
GROWTH_MONTHS = 24  # of the chart of growth, the current one included


def parameters(today: date) -> dict[str, Any]:
    """Days, moments, kinds and thresholds for a rebuild as of a UTC day."""
    rule = rule_on(today)
    year_on, rule_start_on = today - timedelta(days=max(WINDOWS) - 1), today - timedelta(days=rule.days - 1)
    # Levels of a year ago rest on the rule's days before that; caps are monthly, so the first month is whole.
    horizon_on = min(months_before(today, MONTHS), (year_on - timedelta(days=rule.days)).replace(day=1))
    growth_on = months_before(today, GROWTH_MONTHS - 1)
    return {
        **asdict(rule),
        **_kinds(),
        "members": None,  # of everybody
        "today": today,
        "tomorrow": midnight(today + timedelta(days=1)),
        "year_on": year_on,
        "rule_start_on": rule_start_on,
        "rule_start": midnight(rule_start_on),
        "months_on": months_before(today, MONTHS),
        "horizon": midnight(horizon_on),
        "growth_on": growth_on,
        "two_years": midnight(counted_since(today)),
        "deleted": f"{DELETED_PREFIX}%",
        "away": levels.AWAY_DAYS,
        "month_days": levels.MONTH_DAYS,
    }


def _kinds() -> dict[str, Any]:
    by_rule = dict.fromkeys(Weight.Counts.values, frozenset[str]())
    # Drafts value nothing yet: their rules must not make a first review a second one.
    weights = Weight.objects.exclude(version__from_on=None)
    for kind, counts in weights.values_list("kind", "counts").distinct():
        by_rule[counts] |= {kind}
    return {
        "root_kinds": sorted(kinds.ROOT_KINDS),
        "rooted_kinds": [kinds.ANSWER, *REVIEW_KINDS],
        "review_kinds": list(REVIEW_KINDS),
        "chat_kinds": sorted(kinds.CHAT_KINDS),
        "answer": kinds.ANSWER,
        "question": kinds.QUESTION,
        "change": kinds.CHANGE,
        "accepted": kinds.STATE_ACCEPTED,
        "self": STATE_SELF,
        "self_accepted": STATE_SELF_ACCEPTED,
        "thread_kinds": sorted(by_rule[Weight.Counts.FIRST_PER_THREAD]),
        "once_kinds": sorted(by_rule[Weight.Counts.FIRST_PER_CHANNEL_DAY]),
    }


def counted_since(today: date) -> date:
    """The first day of which activity is counted: the year before the longest window, and whole months of growth."""
    return min(today - timedelta(days=2 * max(WINDOWS) - 1), months_before(today, GROWTH_MONTHS - 1))


def window_days(today: date, days: int) -> tuple[date, date]:
    """First and last day of a window that ends today."""
    return levels.window(today, days)


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before the one of `day`."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def midnight(day: date) -> datetime:
    """The moment a UTC day begins."""
    return datetime.combine(day, time(), UTC)
