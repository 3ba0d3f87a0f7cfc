"""The tests' settings without the watch over queries in loops, which costs more than a page itself."""

from portal import settings as _plain
from tests.settings import *  # noqa: F403

INSTALLED_APPS = _plain.INSTALLED_APPS
MIDDLEWARE = _plain.MIDDLEWARE
