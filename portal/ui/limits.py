"""How often one client may ask for a file or an answer that costs more than a page."""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from redis.exceptions import RedisError

View = Callable[..., HttpResponseBase]
MINUTE = 60


def limited(*, per_minute: int) -> Callable[[View], View]:
    """A view that answers one address so often in a clock minute, then 429 with Retry-After.

    Reading stays open while the cache is away. Addresses behind a proxy: `TRUSTED_PROXY_COUNT`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if _count(request, view.__name__) > per_minute:
                return too_many_requests()
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def too_many_requests() -> HttpResponse:
    """The styled 429; it comes back at the next minute."""
    wait = MINUTE - int(time.time()) % MINUTE
    return HttpResponse(get_template("429.html").render({}), status=429, headers={"Retry-After": str(wait)})


def _count(request: HttpRequest, name: str) -> int:
    """How many calls of this clock minute this is."""
    client = get_adapter(request).get_client_ip(request)
    key = f"limit:{name}:{client}:{int(time.time()) // MINUTE}"
    try:
        cache.add(key, 0, timeout=2 * MINUTE)
        return int(cache.incr(key))
    except (RedisError, ValueError):
        return 0
