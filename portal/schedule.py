"""What beat asks for, and when (UTC). Each task is harmless when it runs twice or late."""

from datetime import timedelta
from typing import Any, Final

from celery.schedules import crontab

# What recurs often is worthless once the next one is due: without an end, a day without workers would leave thousands.
SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "reconcile": {
        "task": "portal.jobs.tasks.reconcile",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 120},
    },
    "queue-imports": {
        "task": "dashboard.tasks.queue_imports",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 600},
    },
    "rebuild-summaries": {"task": "dashboard.tasks.rebuild_summaries", "schedule": crontab(hour=0, minute=0)},
    "consume-changes": {
        "task": "dashboard.tasks.rebuild_if_stale",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 120},
    },
    "match-identities": {
        "task": "portal.members.tasks.match_identities",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 600},
    },
    "look-after-claims": {"task": "portal.members.tasks.look_after_claims", "schedule": crontab(hour=4, minute=30)},
    "expand-series": {"task": "meetups.tasks.expand_series", "schedule": crontab(hour=2, minute=10)},
    "deadlines": {"task": "meetups.tasks.deadlines", "schedule": crontab(hour=5, minute=20)},
    "queue-link-checks": {"task": "meetups.tasks.queue_link_checks", "schedule": crontab(hour=2, minute=40)},
    # Once would do; the days after it make up for a machine that was down.
    "find-alerts": {"task": "dashboard.tasks.find_alerts", "schedule": crontab(minute=35)},
    "freeze-reports": {"task": "dashboard.tasks.freeze_reports", "schedule": crontab(hour=0, minute=20)},
    "rank-partners": {"task": "partners.tasks.rank_partners", "schedule": crontab(hour=4, minute=30)},
    "group-life": {"task": "meetups.tasks.group_life", "schedule": crontab(hour=3, minute=20)},
}
