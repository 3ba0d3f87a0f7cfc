"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import deadlines, life, series

__all__ = ["deadlines", "life", "series"]
