"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import checks, founding, life, links, series

__all__ = ["checks", "founding", "life", "links", "series"]
