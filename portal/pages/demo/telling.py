"""What the demo's months came to: frozen reports, updates in the archive, and the next one as a draft."""

from datetime import UTC, datetime

from dashboard import periods
from dashboard.services import reports, updates

#: So many months have an update; the last of them is still a draft.
MONTHS = 3


def tell(*, now: datetime) -> None:
    """Call once the summaries stand."""
    today = now.astimezone(UTC).date()
    for kind in ("quarter", "year"):
        reports.freeze(period=periods.last(kind, today), now=now, is_demo=True)
    month = periods.last("month", today)
    for number in range(MONTHS):
        update = updates.draft(report=reports.freeze(period=month, now=now, is_demo=True))
        if number:
            updates.publish(update=update, by=None, now=now)
        month = month.before
