"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import founding, life, links, series

__all__ = ["founding", "life", "links", "series"]
