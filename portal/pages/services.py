"""Questions about the whole installation."""

from django.core.cache import cache
from redis.exceptions import RedisError

from dashboard.models import Source

_DEMO_KEY = "pages:is-demo"


def is_demo() -> bool:
    """Whether the demo community is loaded; remembered for a minute, since every page asks."""
    try:
        known = cache.get(_DEMO_KEY)
    except (OSError, RedisError):
        known = None
    if known is None:
        known = Source.objects.filter(is_demo=True).exists()
        remember_demo(known)
    return bool(known)


def remember_demo(value: bool) -> None:
    """Note that the demo was just loaded or removed."""
    try:
        cache.set(_DEMO_KEY, value, 60)
    except (OSError, RedisError):
        return
