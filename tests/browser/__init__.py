"""Journeys through the real portal in headless Chromium: everything as a user meets it, over HTTP, mail and `manage.py`."""
