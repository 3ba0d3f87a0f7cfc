"""When the partner programme works by itself."""

from celery import shared_task
from django.utils import timezone

from dashboard.services import summaries
from partners.services import flags, profiles, runs
from partners.services.rankings import last_month, utc_today


@shared_task(name="partners.tasks.rank_partners")
def rank_partners() -> None:
    """Every day; freezes last month once, from the second day of the month on. Harmless when it runs twice."""
    summaries.rebuild_if_stale(timezone.now())
    runs.freeze_what_is_due(today=utc_today())
    profiles.refresh_tiers(today=utc_today())
    flags.raise_flags(month=last_month(utc_today()))
