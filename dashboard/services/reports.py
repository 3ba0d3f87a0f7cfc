"""Freeze what a month, quarter or year came to, once, beside the period before and the same period a year ago."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dashboard import periods
from dashboard.models import Report
from dashboard.periods import Period
from dashboard.services import summaries, update_text
from dashboard.services.period_figures import figures, totals


class TooEarly(Exception):
    """The period is not over yet; its message is a sentence for people."""


def freeze(*, period: Period, now: datetime, is_demo: bool = False) -> Report:
    """The report of a period that is over: the frozen one, else counted now. Raises `TooEarly`."""
    found = Report.objects.filter(key=period.key).first()
    if found is not None:
        return found
    if not period.is_over(now.astimezone(UTC).date()):
        raise TooEarly(
            _("%(period)s is not over before %(day)s.") % {"period": period.key, "day": period.until_on.isoformat()}
        )
    summaries.rebuild_if_stale(now)
    with transaction.atomic():
        return Report.objects.get_or_create(
            key=period.key,
            defaults={
                "kind": period.kind,
                "start_on": period.start_on,
                "until_on": period.until_on,
                "figures": figures(period),
                "before": totals(period.before),
                "year_ago": totals(period.year_ago),
                "frozen_at": now,
                "is_demo": is_demo,
            },
        )[0]


def preview(*, period: Period, now: datetime) -> tuple[str, str]:
    """Title and text of the month's update as its draft would be; nothing is kept. Raises `TooEarly`."""
    with transaction.atomic():
        report = freeze(period=period, now=now)
        texts = update_text.title(report), update_text.body(report)
        transaction.set_rollback(True)
    return texts


def freeze_due(*, now: datetime) -> list[Report]:
    """The last month, quarter and year that are over, where their reports are missing."""
    today = now.astimezone(UTC).date()
    due = [periods.last(kind, today) for kind in periods.MONTHS]
    known = set(Report.objects.filter(key__in=[period.key for period in due]).values_list("key", flat=True))
    return [freeze(period=period, now=now) for period in due if period.key not in known]
