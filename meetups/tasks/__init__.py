"""What runs in the background for meetups; Celery finds the tasks here."""

from meetups.tasks import checks, deadlines, founding, letters, life, links, series

__all__ = ["checks", "deadlines", "founding", "letters", "life", "links", "series"]
