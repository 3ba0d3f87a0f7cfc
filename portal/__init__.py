"""The site: wiring on top, ground at the bottom."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
