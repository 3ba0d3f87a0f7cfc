"""How long what a decision tells the world waits, so that a slip can be stopped."""

from datetime import datetime, timedelta

from django.conf import settings


def goes_out_at(now: datetime) -> datetime | None:
    """When what a decision says goes out; None is at once."""
    delay: timedelta = settings.DECISION_DELAY
    return now + delay if delay else None
