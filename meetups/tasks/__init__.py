"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import checks, series

__all__ = ["checks", "series"]
