"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import life, series

__all__ = ["life", "series"]
