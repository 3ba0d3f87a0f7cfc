"""The portal's own settings, with what only tests want."""

import os
from datetime import timedelta

from portal.settings import *  # noqa: F403
from portal.settings import CACHES, INSTALLED_APPS, MIDDLEWARE, REDIS_URL, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
# Every request made in a test fails when it queries in a loop.
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
# allauth asks for the address or second factor of one person several times in a sign-in; those are no loops of ours.
ZEAL_ALLOWLIST = [{"model": "account.*"}, {"model": "mfa.*"}, {"model": "socialaccount.*"}, {"model": "*essions.*"}]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed only; the real list is checked in tests
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DECISION_DELAY = timedelta(0)
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SITE_URL = "http://localhost:8000"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Clearing the cache empties its whole database: each parallel worker has one of its own.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
_base, _, _number = REDIS_URL.rpartition("/")
CACHES = {"default": {**CACHES["default"], "LOCATION": f"{_base}/{int(_number or 0) + _worker}"}}
CELERY_BROKER_URL = CACHES["default"]["LOCATION"]
