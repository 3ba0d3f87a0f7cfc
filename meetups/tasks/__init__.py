"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import deadlines, series

__all__ = ["deadlines", "series"]
