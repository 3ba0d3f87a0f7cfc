"""Journeys through the real portal in headless Chromium, as a user meets it: over HTTP, mail and `manage.py`."""
