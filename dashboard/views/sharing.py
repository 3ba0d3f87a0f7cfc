"""A short cache shared by all visitors, exact after every commit, and answers of 304 where nothing changed."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, wraps
from pathlib import Path

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache as store
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from redis.exceptions import RedisError

from dashboard.services.versions import page_version

View = Callable[..., HttpResponse]
SECONDS = 60
#: Whoever sends one of these sees a page of their own.
_OWN = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)


def shared(view: View) -> View:
    """For visitors without a session the page is drawn once per version; everybody else always gets a new one.

    The version counts every commit that could change a page, so an answer never outlives what it shows; the hour is in
    it because waiting times grow. While the cache is away pages are drawn each time.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with one_moment():
            return answer(request, *args, **kwargs)

    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if any(name in request.COOKIES for name in _OWN):
            return view(request, *args, **kwargs)
        tag = _tag(request)
        found = get_conditional_response(request, etag=tag)
        if found is None:
            found = _kept(tag) or _keep(tag, view(request, *args, **kwargs))
        if found.status_code in {200, 304}:
            found.headers["ETag"] = tag
            found.headers["Cache-Control"] = "no-cache"
            patch_vary_headers(found, ("Accept-Language", "Cookie"))
        return found

    return wrapper


@contextmanager
def one_moment() -> Iterator[None]:
    """All queries inside see the database as of one moment: no page mixes summaries of before and after a rebuild."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _tag(request: HttpRequest) -> str:
    """An entity tag of everything that an answer to a visitor depends on; the address with the order of its parts."""
    hour = timezone.now().strftime("%Y-%m-%dT%H")
    parts = (page_version(), hour, translation.get_language() or "", request.get_full_path(), request.method or "")
    return f'"{hashlib.sha256("|".join((*parts, _build())).encode()).hexdigest()[:32]}"'


def _kept(tag: str) -> HttpResponse | None:
    try:
        body = store.get(f"dashboard:page:{tag}")
    except (OSError, RedisError):
        return None
    return HttpResponse(body) if body is not None else None


def _keep(tag: str, answer: HttpResponse) -> HttpResponse:
    if answer.status_code == 200:
        with suppress(OSError, RedisError):
            store.set(f"dashboard:page:{tag}", answer.content, SECONDS)
    return answer


@cache
def _build() -> str:
    """Changes with the code and templates that draw the page: a release never shows pages of the one before."""
    root = Path(settings.BASE_DIR)
    found = [path for name in ("templates", "dashboard", "portal") for path in (root / name).rglob("*.[hp][ty]*")]
    stamps = sorted(f"{path.relative_to(root)}:{path.stat().st_mtime_ns}" for path in found if path.suffix != ".pyc")
    return hashlib.sha256("\n".join([*stamps, repr(settings.COMMUNITY)]).encode()).hexdigest()
