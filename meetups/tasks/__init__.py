"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import checks, life, series

__all__ = ["checks", "life", "series"]
