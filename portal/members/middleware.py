"""The reader's own language and time zone for every page they open, and the end of old sessions."""

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

Answer = Callable[[HttpRequest], HttpResponse]

#: In the session: when somebody signed in, and the day the session was last kept alive (both as seconds, UTC).
SIGNED_IN_AT = "signed_in_at"
SEEN_AT = "seen_at"
DAY = 24 * 3600


def has_session(request: HttpRequest) -> bool:
    """Whether the visitor came with a session cookie; without one nobody is signed in, so none is opened to look."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


class DenyByDefaultMiddleware(LoginRequiredMiddleware):
    """Django's own, but public views pass before anybody looks at the session: their pages are alike for all."""

    def process_view(
        self, request: HttpRequest, view_func: Callable, view_args: tuple, view_kwargs: dict
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class SessionAgeMiddleware:
    """A session lives two weeks without use and thirty days in all.

    Django counts the two weeks from the last change of a session, so once a day it is marked as used.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if has_session(request) and (signed_in_at := request.session.get(SIGNED_IN_AT)):
            now = int(time.time())
            if now - signed_in_at > settings.SESSION_ABSOLUTE_AGE:
                logout(request)
                messages.info(request, _("You were signed out because you had been signed in for a long time."))
                return redirect(settings.LOGIN_URL)
            if now - request.session.get(SEEN_AT, signed_in_at) > DAY:
                request.session[SEEN_AT] = now
        return self.get_response(request)


class ReaderMiddleware:
    """Activates the signed-in reader's language and time zone; visitors read UTC beside each event's own local time."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not (has_session(request) and request.user.is_authenticated):
            return self.get_response(request)
        language = request.user.language
        if language in dict(settings.LANGUAGES):
            translation.activate(language)
            request.LANGUAGE_CODE = language
        with timezone.override(_zone(request.user.time_zone)):
            response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response


def _zone(name: str) -> ZoneInfo | None:
    """The zone, or None (UTC) for an empty or broken name: a wrong setting must not close the site to its owner."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
