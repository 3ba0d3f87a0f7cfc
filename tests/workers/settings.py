"""What the real workers of these tests run with: the portal's own settings, in a hurry."""

import os
from datetime import timedelta

from portal.settings import *  # noqa: F403
from portal.settings import CELERY_BEAT_SCHEDULE

IMPORT_BUDGET = timedelta(seconds=float(os.environ["IMPORT_BUDGET_SECONDS"]))
CELERY_BEAT_SCHEDULE = {
    "reconcile": {**CELERY_BEAT_SCHEDULE["reconcile"], "schedule": timedelta(seconds=0.5)},
    "queue-imports": {**CELERY_BEAT_SCHEDULE["queue-imports"], "schedule": timedelta(seconds=0.5)},
}
CELERY_BEAT_MAX_LOOP_INTERVAL = 0.25
