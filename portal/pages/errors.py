"""Error pages; none of them needs the database, a session or a context processor."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from redis.exceptions import RedisError


def _page(template: str, status: int) -> HttpResponse:
    # No request and no context processors: whatever is broken must not break the page that says so.
    return HttpResponse(get_template(template).render({}), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page("403.html", 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page("404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with Retry-After while PostgreSQL or the cache is away; runs in the `except` block of the failure."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError | RedisError):
        return service_unavailable(request)
    return _page("500.html", 500)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    response = _page("503.html", 503)
    response.headers["Retry-After"] = "10"
    return response
