"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import series

__all__ = ["series"]
